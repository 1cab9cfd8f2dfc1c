"""A message that came back, on standard input: what a mail server pipes here (docs/bounces.md)."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError

from newsletters.bounces.receive import receive
from newsletters.bounces.report import MOST_BYTES


class Command(BaseCommand):
    help = "Deal with one returned message, complaint or request to leave, read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipient", nargs="?", default="", help="the address it was delivered to")

    def handle(self, *, recipient: str, **options: Any) -> None:
        data = sys.stdin.buffer.read(MOST_BYTES)
        # What is left must be taken, or the server that pipes it sees a fault.
        while sys.stdin.buffer.read(1 << 16):
            continue
        try:
            self.stdout.write(receive(data, recipient))
        except (OperationalError, InterfaceError):
            # sysexits.h: the mail server keeps the message and tries again.
            sys.exit(os.EX_TEMPFAIL)

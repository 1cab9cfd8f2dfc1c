"""Run the periodic work that is due. Idempotent: cron, a systemd timer or the demonstration may call it at will."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from portal.jobs.schedule import run_due_jobs


class Command(BaseCommand):
    help = "Run the periodic work that is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=float, metavar="SECONDS", help="go on until stopped, every SECONDS")

    def handle(self, *, loop: float | None, **options: Any) -> None:
        stop = threading.Event()
        if loop:
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            signal.signal(signal.SIGINT, lambda *_: stop.set())
        while True:
            if loop:
                close_old_connections()
            for name, error in run_due_jobs().items():
                if error:
                    self.stderr.write(f"{name}: {error}")
                elif options["verbosity"] > 1:
                    self.stdout.write(name)
            if not loop or stop.wait(loop):
                return

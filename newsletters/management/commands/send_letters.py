"""Send letters from processes of their own, beside the worker: as many as there are cores, where letters are many."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone

from newsletters.sending.worker import Worker, has_work

# Seconds between two looks for work: for ever, and while other processes have the last copies in hand.
IDLE, ENDING = 1.0, 0.05


class Command(BaseCommand):
    help = "Send the letters that are due. Any number of these may run at once."
    # Checks read every address and model of the portal: a third of the memory of a process that only sends.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1, help="how many send at once (default: 1)")
        parser.add_argument("--forever", action="store_true", help="wait for more until stopped")

    def handle(self, *, processes: int, forever: bool, **options: Any) -> None:
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        if processes == 1:
            self.stdout.write(f"{send(stop, forever)} sent")
            return
        connections.close_all()
        children = [self._fork(stop, forever) for _ in range(processes)]
        while children:
            if stop.is_set():
                for child in children:
                    os.kill(child, signal.SIGTERM)
                stop.clear()
            ended, _ = os.waitpid(-1, os.WNOHANG)
            if ended:
                children.remove(ended)
            else:
                time.sleep(0.05)

    @staticmethod
    def _fork(stop: threading.Event, forever: bool) -> int:
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            send(stop, forever)
            code = 0
        finally:
            connections.close_all()
            os._exit(code)


def send(stop: threading.Event, forever: bool) -> int:
    """Send until nothing is left (or, ``forever``, until ``stop``). A database that goes away is waited for."""
    sent = 0
    while not stop.is_set():
        try:
            sent += Worker().run(until=stop.is_set)
            if not forever and not has_work(timezone.now()):
                return sent
        except (OperationalError, InterfaceError):
            connection.close()
        stop.wait(IDLE if forever else ENDING)
    return sent

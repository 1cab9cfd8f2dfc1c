"""The portal on one machine, from nothing: data, then web server, worker and ``tick`` together, until Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo.accounts import ACCOUNTS, PASSWORD

GRACE = 10
INTERRUPTED = "Arrêté. « make demo » reprendra où il en était."


class Command(BaseCommand):
    help = "Set up the demonstration and run it on loopback."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare", action="store_true", help="set up the data and stop there")

    def handle(self, *, port: int, prepare: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("La démonstration a des comptes connus de tous : elle ne tourne qu'avec DEBUG.")
        on_interruption(self.end_at_once)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        lock = (Path(settings.VAR_DIR) / "demo.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                f"Une démonstration tourne déjà sur ces données ({settings.VAR_DIR}). "
                "Arrêtez-la (Ctrl-C dans son terminal), ou choisissez d'autres données avec VAR_DIR=…"
            ) from error
        if not prepare:
            check_port(port)
        if "SITE_URL" not in os.environ:
            # For what is made here (the site, calendars) and by the processes to come.
            os.environ["SITE_URL"] = settings.SITE_URL = f"http://127.0.0.1:{port}"
        self.prepare()
        if not prepare:
            self.run(port)

    def end_at_once(self, *_: object) -> None:
        """Interrupted during the set-up: end as a power cut would; the next run takes it up after the last transaction.

        An exception raised from here would be lost wherever Python was in a callback that ignores them.
        """
        with contextlib.suppress(RuntimeError):  # Interrupted in the middle of a write.
            self.stdout.flush()
        os.write(1, f"\n{INTERRUPTED}\n".encode())
        os._exit(0)

    def prepare(self) -> None:
        """Migrations, territories, demonstration content: each does only what is missing."""
        self.stdout.write("Base de données…")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("import_territories", stdout=self.stdout)
        call_command("load_dossier_types", stdout=self.stdout)
        call_command("seed_demo", stdout=self.stdout)

    def run(self, port: int) -> None:
        """Start the processes, say where and who, wait for Ctrl-C or for one of them to end, stop them all."""
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        # TERM and INT reach the children through this process only, so that they stop in order.
        commands = {
            "serveur": [
                *(sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}"),
                *("--workers", "2", "--threads", "4", "--log-level", "warning", "--graceful-timeout", "5"),
            ],
            "ouvrier": [*manage, "worker", "--interval", "0.5", "--verbosity", "0"],
            "tick": [*manage, "tick", "--loop", "20"],
        }
        env = os.environ | {"PYTHONUNBUFFERED": "1"}
        processes: dict[str, subprocess.Popen[bytes]] = {}
        stopped = threading.Event()
        on_interruption(lambda *_: stopped.set())
        try:
            for name, command in commands.items():
                processes[name] = subprocess.Popen(  # noqa: S603
                    command, cwd=settings.BASE_DIR, env=env, start_new_session=True
                )
            if wait_until_it_answers(port, processes["serveur"], stopped):
                self.announce(port)
            while not stopped.wait(0.3):
                ended = next((name for name, process in processes.items() if process.poll() is not None), None)
                if ended:
                    raise CommandError(f"Le processus « {ended} » s'est arrêté : la démonstration aussi.")
            self.stdout.write(f"\n{INTERRUPTED}")
        finally:
            stop(processes)

    def announce(self, port: int) -> None:
        width = max(len(account.email) for account in ACCOUNTS)
        lines = [f"  {account.email:<{width}}  {account.description}" for account in ACCOUNTS]
        self.stdout.write(
            "\n".join(
                [
                    "",
                    f"  Le portail : http://127.0.0.1:{port}/",
                    f"  L'administration : http://127.0.0.1:{port}/admin/",
                    f"  Le courrier : http://127.0.0.1:{port}/courrier/",
                    "",
                    f"  Comptes (mot de passe : {PASSWORD})",
                    *lines,
                    "",
                    "  Ctrl-C pour arrêter.",
                    "",
                ]
            )
        )
        self.stdout.flush()


def check_port(port: int) -> None:
    """CommandError where ``port`` is none, or taken."""
    if not 1 <= port <= 65535:
        raise CommandError(f"{port} n'est pas un port : donnez PORT= entre 1024 et 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise CommandError(
                f"Le port {port} est déjà pris. Choisissez-en un autre : make demo PORT={other}"
            ) from error


def on_interruption(handler: Callable[..., object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def wait_until_it_answers(
    port: int, server: subprocess.Popen[bytes], stopped: threading.Event, seconds: float = 30
) -> bool:
    """True once it answers, False where it was stopped before; CommandError where it ends, or never answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        if stopped.wait(0.1):
            return False
    raise CommandError("Le serveur n'a pas démarré : son message est au-dessus.")


def stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask each to end, then insist. Returns when none is left."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + GRACE
    for process in processes.values():
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

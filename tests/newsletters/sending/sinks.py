"""A real SMTP server on loopback that counts what it took, and one that follows a script."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from newsletters.sending.smtp import SMTPTransport


class Sink:
    """What aiosmtpd accepted, by recipient. ``answer`` may refuse: (recipient) → an SMTP reply, or None."""

    def __init__(self, answer: Callable[[str], str | None] = lambda recipient: None) -> None:
        self.answer = answer
        self.messages: list[tuple[str, str, bytes]] = []
        self.lock = threading.Lock()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if refusal := self.answer(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        with self.lock:
            for recipient in envelope.rcpt_tos:
                self.messages.append((envelope.mail_from, recipient, envelope.original_content))
        return "250 taken"

    @property
    def received(self) -> Counter[str]:
        with self.lock:
            return Counter(recipient for _, recipient, _ in self.messages)


@contextmanager
def running(sink: Sink) -> Iterator[int]:
    """The sink's port, while it answers."""
    # aiosmtpd asks its own port whether it answers: it must be told one.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def transport_to(port: int, **options: Any) -> SMTPTransport:
    return SMTPTransport("127.0.0.1", port, **{"timeout": 5.0, "size": 50} | options)


@contextmanager
def scripted(*sessions: Callable[[Any], None]) -> Iterator[int]:
    """A server whose connections are handled, in order, by ``sessions(file)``; later ones are closed at once."""
    server = socket.create_server(("127.0.0.1", 0))
    left = list(sessions)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as file:
                if left:
                    try:
                        left.pop(0)(file)
                    except OSError:
                        continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(2)

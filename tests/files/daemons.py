"""Antivirus daemons that behave badly, each a server on loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def daemon(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that does ``behave`` with each connection, as ``CLAMD_URL`` has it."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2)
                behave(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    finally:
        stopped.set()
        thread.join()
        server.close()


def heard(connection: socket.socket) -> bytes:
    """All that a client says: a command, or a command and a stream up to its end."""
    said = b""
    while not said.endswith((b"VERSION\0", b"\0\0\0\0")):
        part = connection.recv(65_536)
        if not part:
            break
        said += part
    return said


def answering(answer: bytes, version: bytes = b"ClamAV 1.4.6\0") -> Callable[[socket.socket], None]:
    """A daemon that answers this to every file."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(version if heard(connection).startswith(b"zVERSION") else answer)

    return behave


def hanging(connection: socket.socket) -> None:
    """Takes everything, says nothing."""
    heard(connection)
    time.sleep(1)


def dripping(connection: socket.socket) -> None:
    """Says a letter now and then, and never the end."""
    heard(connection)
    for _ in range(20):
        connection.sendall(b"s")
        time.sleep(0.05)


def hanging_up(connection: socket.socket) -> None:
    """Ends the connection before it was told anything."""

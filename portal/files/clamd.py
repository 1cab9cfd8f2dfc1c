"""A client of clamd, the antivirus daemon: two commands of its protocol (``man clamd``), with time limits.

The content goes over the socket (INSTREAM), so that the daemon may run as another user, in another container.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import urlsplit

from django.conf import settings

CHUNK: Final = 1 << 17
CONNECT_SECONDS: Final = 3.0
#: Answers are one line; what sends more is no antivirus.
MAX_ANSWER: Final = 4096
#: What clamd answers as if it were a signature where it could not look at everything.
_NOT_WHOLE: Final = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")


class ScannerAway(Exception):  # noqa: N818 - a state of affairs
    """The daemon is down, silent for too long, or answers something else: nothing is known of the file."""


@dataclass(frozen=True)
class Verdict:
    """``infected`` with its ``signature``; or not ``whole``: the daemon could not look at everything."""

    infected: bool = False
    whole: bool = True
    signature: str = ""


def scan(file: IO[bytes] | Any) -> Verdict:
    """What the antivirus says of the content of ``file``, from where it stands. Raises ScannerAway."""
    with _connected(settings.CLAMD_TIMEOUT) as talk:
        answer = talk.stream(file)
    return _verdict(answer)


def version() -> str:
    """« ClamAV 1.4.6/27700/Thu Jul  3 10:35:12 2025 »: engine, number and day of its signatures. Raises ScannerAway."""
    with _connected(CONNECT_SECONDS) as talk:
        return talk.ask(b"VERSION")


def _verdict(answer: str) -> Verdict:
    """From « stream: OK », « stream: Eicar FOUND », « … ERROR »."""
    if answer == "stream: OK":
        return Verdict()
    if answer.endswith(" FOUND"):
        signature = answer.removeprefix("stream: ").removesuffix(" FOUND")[:200]
        if signature.startswith(_NOT_WHOLE):
            return Verdict(whole=False, signature=signature)
        return Verdict(infected=True, signature=signature)
    if "size limit exceeded" in answer:
        return Verdict(whole=False, signature="INSTREAM size limit exceeded")
    raise ScannerAway(f"unexpected answer {answer[:100]!r}")


class _Talk:
    """One connection, which lasts ``seconds`` at the most, whatever the daemon does."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.sock = sock
        self.end = time.monotonic() + seconds

    def ask(self, command: bytes) -> str:
        self._send(b"z" + command + b"\0")
        return self._answer()

    def stream(self, file: Any) -> str:
        try:
            self._send(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                self._send(struct.pack("!L", len(chunk)) + chunk)
            self._send(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # It heard enough, and hung up: its answer says why.
        return self._answer()

    def _send(self, data: bytes) -> None:
        self._limit()
        self.sock.sendall(data)

    def _answer(self) -> str:
        answer = b""
        while not answer.endswith(b"\0"):
            self._limit()
            part = self.sock.recv(1024)
            answer += part
            if not part or len(answer) > MAX_ANSWER:
                break
        if not answer.endswith(b"\0"):
            raise ScannerAway("no whole answer")
        return answer.rstrip(b"\0\n").decode("utf-8", "replace")

    def _limit(self) -> None:
        left = self.end - time.monotonic()
        if left <= 0:
            raise ScannerAway("too slow")
        self.sock.settimeout(left)


@contextmanager
def _connected(seconds: float) -> Iterator[_Talk]:
    sock = None
    try:
        sock = _connect()
        yield _Talk(sock, seconds)
    except OSError as error:  # Time-outs are OSError too.
        raise ScannerAway(f"{type(error).__name__}") from error
    finally:
        if sock is not None:
            sock.close()


def _connect() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(CONNECT_SECONDS)
        try:
            sock.connect(address.path)
        except OSError:
            sock.close()
            raise
        return sock
    if address.scheme != "tcp" or not address.hostname:
        raise ScannerAway("CLAMD_URL is no address")
    return socket.create_connection((address.hostname, address.port or 3310), timeout=CONNECT_SECONDS)

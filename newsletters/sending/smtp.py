"""Copies over one kept SMTP connection, pipelined (RFC 2920): one round trip a message.

The end of one message's data and the next message's MAIL, RCPT and DATA go out together. What is certain and what is
not is decided by one thing: whether the final dot was given to the socket. Before it, the server cannot have taken the
message, and it is tried again; after it, without an answer, nobody knows, and it is never sent again by itself.
"""

from __future__ import annotations

import re
import smtplib
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ..bounces.verp import return_path
from .headers import sender_of
from .merge import CompiledLetter, Copy
from .transports import Outcome, Result, TransportAwayError

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
_ADDRESS = re.compile(r"\S+@\S+")
_END = b"\r\n.\r\n"
# RFC 5321, 4.5.3.2.6, asks for ten minutes after the dot; the lease of a batch is what bounds it here.
ANSWER_TIMEOUT = 120.0
RECONNECTS = 2  # For one batch: a server that closes again and again is away.


class _ClosedError(Exception):
    """The server closed the connection, or it was lost. ``certain``: the message at hand was not taken."""

    def __init__(self, certain: bool, detail: str) -> None:
        super().__init__(detail)
        self.certain, self.detail = certain, detail


@dataclass(frozen=True)
class Reply:
    """A server's answer: its three digits and its text without addresses."""

    code: int
    text: str

    @property
    def label(self) -> str:
        """« 250 », « 550 5.1.1 »."""
        enhanced = _ENHANCED.match(self.text)
        return f"{self.code} {enhanced[1]}" if enhanced and self.code >= 400 else str(self.code)

    @property
    def result(self) -> Result:
        if self.code // 100 == 2:
            return Result.ACCEPTED
        return Result.FAILED if self.code // 100 == 5 else Result.RETRY

    def outcome(self, copy: Copy) -> Outcome:
        detail = "" if self.result == Result.ACCEPTED else self.text[:300]
        return Outcome(copy.delivery, self.result, self.label, detail)


class SMTPTransport:
    """A relay. Opens its connection at the first copy, keeps it, opens it again when the server closes it."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        starttls: bool = False,
        tls: bool = False,
        timeout: float = 20.0,
        size: int = 100,
    ) -> None:
        self.host, self.port, self.user, self.password = host, port, user, password
        self.starttls, self.tls, self.timeout, self.size = starttls, tls, timeout, size
        self._client: smtplib.SMTP | None = None
        self._pipelining = False
        self._file: Any = None
        self._used_at = 0.0

    @classmethod
    def from_settings(cls) -> SMTPTransport:
        return cls(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            starttls=settings.EMAIL_USE_TLS,
            tls=settings.EMAIL_USE_SSL,
            timeout=settings.EMAIL_TIMEOUT or 20.0,
            size=settings.LETTER_BATCH,
        )

    def send(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterator[Outcome]:
        """See :class:`~newsletters.sending.transports.Transport`."""
        waiting = list(copies)
        for _ in range(RECONNECTS + 1):
            self._open()
            try:
                while waiting:
                    # The outcome is written down before anything else can go wrong.
                    for outcome in self._session(letter, list(waiting)):
                        waiting.pop(0)
                        yield outcome
                return
            except GeneratorExit:
                # Left in the middle of a dialogue: the server must not wait for a message that does not come.
                self.close()
                raise
            except _ClosedError as error:
                self.close()
                if not error.certain:
                    yield Outcome(waiting.pop(0).delivery, Result.UNKNOWN, detail=error.detail)
                    # Whoever closes after the dot may do so each time: one uncertain copy is enough for now.
                    raise TransportAwayError(error.detail) from error
                if not waiting:
                    return
        raise TransportAwayError("closed again and again")

    def close(self) -> None:
        client, self._client, self._file = self._client, None, None
        if client is not None:
            try:
                client.close()
            except OSError:
                return

    # --- One connection ---------------------------------------------------------------------------------------------
    def _open(self) -> None:
        if self._client is not None and time.monotonic() - self._used_at < self.timeout:
            return
        self.close()
        try:
            make = smtplib.SMTP_SSL if self.tls else smtplib.SMTP
            client = make(self.host, self.port, timeout=self.timeout)
            try:
                client.ehlo_or_helo_if_needed()
                if self.starttls:
                    client.starttls()
                    client.ehlo()
                if self.user:
                    client.login(self.user, self.password)
            except BaseException:
                client.close()
                raise
        except (OSError, smtplib.SMTPException) as error:
            raise TransportAwayError(type(error).__name__) from error
        assert client.sock is not None
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client, self._pipelining = client, client.has_extn("pipelining")
        self._file = client.sock.makefile("rb")
        client.file = self._file  # type: ignore[attr-defined]

    def _session(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterator[Outcome]:
        """Hand ``copies`` over, one outcome each in order. Raises :class:`_ClosedError` for the first without one."""
        now = int(time.time())
        ready: list[Reply] | None = None
        envelope = self._envelope(letter, copies[0])
        for number, copy in enumerate(copies):
            replies = ready if ready is not None else self._ask(envelope)
            ready = None
            following = self._envelope(letter, copies[number + 1]) if number + 1 < len(copies) else []
            envelope = following
            refused = next((reply for reply in replies if reply.code // 100 not in (2, 3)), None)
            if refused is not None or replies[-1].code != 354:
                refused = refused or replies[-1]
                if refused.code == 421:
                    raise _ClosedError(True, "421")
                if replies[-1].code == 354:
                    # RFC 2920, 3.1: DATA was taken without a recipient; an empty message ends it.
                    self._write(b".\r\n", 0)
                    self._read(certain=True)
                self._write(b"RSET\r\n", 0)
                self._read(certain=True)
                yield refused.outcome(copy)
                continue
            data = letter.render(copy, now)
            data = data[:-2] + _END if data.endswith(b"\r\n") else data + _END
            together = b"".join(following) if self._pipelining else b""
            self._write(data + together, len(data))
            answer = self._read(certain=False)
            if answer.code == 421:
                # The server said that it closes instead of taking the message: RFC 5321, 3.8.
                raise _ClosedError(True, "421")
            yield answer.outcome(copy)
            if together:
                ready = self._replies(len(following))
        self._used_at = time.monotonic()

    def _envelope(self, letter: CompiledLetter, copy: Copy) -> list[bytes]:
        sender = return_path(copy.delivery, copy.subscription) or sender_of(letter.lists[copy.list_id]).address
        return [
            f"MAIL FROM:<{sender}>\r\n".encode("ascii"),
            f"RCPT TO:<{copy.address}>\r\n".encode("ascii"),
            b"DATA\r\n",
        ]

    def _ask(self, commands: list[bytes]) -> list[Reply]:
        if self._pipelining:
            self._write(b"".join(commands), 0)
            return self._replies(len(commands))
        replies: list[Reply] = []
        for command in commands:
            self._write(command, 0)
            replies.append(self._read(certain=True))
            if replies[-1].code // 100 not in (2, 3):
                break
        return replies

    def _replies(self, count: int) -> list[Reply]:
        return [self._read(certain=True) for _ in range(count)]

    def _write(self, data: bytes, message: int) -> None:
        """Give ``data`` to the socket; its first ``message`` bytes are a message with its dot. Raises _ClosedError."""
        assert self._client is not None
        assert self._client.sock is not None
        view, given = memoryview(data), 0
        try:
            while given < len(data):
                given += self._client.sock.send(view[given:])
        except OSError as error:
            raise _ClosedError(given < message or not message, type(error).__name__) from error

    def _read(self, *, certain: bool) -> Reply:
        """The next answer. ``certain``: should the connection be lost instead, no message was taken."""
        assert self._client is not None
        assert self._client.sock is not None
        if not certain:
            self._client.sock.settimeout(max(ANSWER_TIMEOUT, self.timeout))
        lines = []
        try:
            while True:
                line = self._file.readline(4096)
                if not line.endswith(b"\n"):
                    raise _ClosedError(certain, "closed")
                lines.append(line[4:].decode("ascii", "replace").strip())
                if line[3:4] != b"-":
                    break
            code = int(line[:3])
        except ValueError as error:
            raise _ClosedError(certain, "not SMTP") from error
        except OSError as error:
            raise _ClosedError(certain, type(error).__name__) from error
        if not certain:
            self._client.sock.settimeout(self.timeout)
        return Reply(code, _ADDRESS.sub("…", " ".join(lines))[:300])

"""What takes copies over: an SMTP relay, a provider, or Django's mail backend (the folder of the demonstration)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from .headers import sender_of
from .merge import CompiledLetter, Copy


class Result(StrEnum):
    """What became of a copy that was handed over."""

    ACCEPTED = "accepted"  # The server took charge of it.
    RETRY = "retry"  # Refused for now: it is certain that it was not taken.
    FAILED = "failed"  # Refused for good.
    UNKNOWN = "unknown"  # It may have been taken: no answer came.


class Outcome(NamedTuple):
    """``code``: « 250 », « 550 5.1.1 ». ``detail`` names no address."""

    delivery: int
    result: Result
    code: str = ""
    detail: str = ""
    provider_id: str = ""


class TransportAwayError(Exception):
    """Nothing can be handed over now. Copies without an outcome were not, and do not count as tried."""


class Transport(Protocol):
    """Hands copies over, ``size`` at a time at most."""

    size: int

    def send(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterable[Outcome]:
        """One outcome for each copy, as soon as it is known. Raises :class:`TransportAwayError`."""

    def close(self) -> None:
        """Let go of connections. Never raises."""


class BackendTransport:
    """Django's own mail backend, one finished message at a time: the folder, or memory in tests."""

    size = 100

    def __init__(self) -> None:
        self.connection: Any = get_connection()

    def send(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterator[Outcome]:
        try:
            self.connection.open()
        except OSError as error:
            raise TransportAwayError from error
        for copy in copies:
            sender = sender_of(letter.lists[copy.list_id])
            message = _Finished(letter.render(copy, int(time.time())), sender.address, copy.address)
            try:
                self.connection.send_messages([message])
            except OSError as error:
                yield Outcome(copy.delivery, Result.UNKNOWN, detail=type(error).__name__)
                raise TransportAwayError from error
            yield Outcome(copy.delivery, Result.ACCEPTED, "250")

    def close(self) -> None:
        try:
            self.connection.close()
        except OSError:
            return


class _Finished(EmailMessage):
    """A message whose bytes exist already."""

    def __init__(self, data: bytes, sender: str, recipient: str) -> None:
        self.parsed = message_from_bytes(data, policy=policy.SMTP)
        super().__init__(subject=str(self.parsed["Subject"]), from_email=sender, to=[recipient])

    def message(self) -> Message:  # type: ignore[override]
        return self.parsed


def get_transport() -> Transport:
    """The transport that the settings name."""
    if settings.EMAIL_PROVIDER:
        from .esp import ProviderTransport

        return ProviderTransport()
    if settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        from .smtp import SMTPTransport

        return SMTPTransport.from_settings()
    return BackendTransport()

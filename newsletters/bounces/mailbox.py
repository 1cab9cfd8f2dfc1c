"""Reading the mailbox that returned messages come to, by IMAP or POP3. A message is removed once it was dealt with: a
process killed in the middle deals with it again, which changes nothing.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import poplib
import ssl
from collections.abc import Generator
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError

from .receive import Received, receive
from .report import MOST_BYTES

logger = logging.getLogger(__name__)

TIMEOUT: Final = 20.0  # seconds
AT_ONCE: Final = 200  # messages a run
#: Lines of a message that POP3 is asked for: enough for every report seen.
_LINES: Final = 4000
#: Bytes of a line that POP3 keeps. RFC 5322 ends a line at 998; servers pass longer ones on all the same.
_LONGEST: Final = 2048


class MailboxError(Exception):
    """The mailbox cannot be read: its address, its password, or the server. Says which, without the password."""


def read_mailbox() -> dict[str, int]:
    """Deal with what is in the mailbox of ``BOUNCE_MAILBOX_URL``; how many of each kind. Nothing without an address.

    ``imaps://user:password@host:993/INBOX``, ``imap://`` (STARTTLS where offered), ``pop3s://``, ``pop3://``. Raises
    :class:`MailboxError`; a database that is away stops the reading, and its message stays for the next.
    """
    found: dict[str, int] = {}
    if not settings.BOUNCE_MAILBOX_URL:
        return found
    parts = urlsplit(settings.BOUNCE_MAILBOX_URL)
    readers = {"imap": _imap, "imaps": _imap, "pop3": _pop, "pop3s": _pop}
    if parts.scheme not in readers or not parts.hostname:
        raise MailboxError("BOUNCE_MAILBOX_URL begins with imaps://, imap://, pop3s:// or pop3://.")
    try:
        # Closed at once when the database stops the reading: the session ends, the message at hand unmarked.
        with contextlib.closing(readers[parts.scheme](parts)) as messages:
            for data in messages:
                kind = _dealt_with(data)
                found[kind] = found.get(kind, 0) + 1
    except (OSError, imaplib.IMAP4.error, poplib.error_proto) as error:
        raise MailboxError(f"{parts.hostname}: {type(error).__name__}") from error
    if found:
        logger.info("Returned messages: %s.", ", ".join(f"{count} {kind}" for kind, count in sorted(found.items())))
    return found


def _dealt_with(data: bytes) -> Received:
    """One message; a fault of ours keeps none of the others waiting. A database that is away is raised."""
    try:
        return receive(data)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("A returned message could not be dealt with.")
        return Received.NOTHING


def _imap(parts: Any) -> Generator[bytes]:
    """Each message, marked as deleted when the next is asked for.

    The server's certificate is checked, which :mod:`imaplib` and :mod:`poplib` do not do by themselves: the password
    goes to nobody else.
    """
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            parts.hostname, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
        )
    else:
        server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=TIMEOUT)
        if "STARTTLS" in server.capabilities:
            server.starttls(ssl.create_default_context())
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        answer, _ = server.select(f'"{folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error("no such folder")
        _, listed = server.uid("search", "UNDELETED")
        for uid in (listed[0] or b"").split()[:AT_ONCE]:
            answer, fetched = server.uid("fetch", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            data = next((part[1] for part in fetched if isinstance(part, tuple)), None)
            if answer != "OK" or data is None:
                # Not to be read now, or gone since: what was not read is not removed.
                continue
            yield data
            server.uid("store", uid.decode(), "+FLAGS.SILENT", r"(\Deleted)")
        server.expunge()
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error):
            # It went before the farewell.
            with contextlib.suppress(OSError):
                server.shutdown()


class _LongLines:
    """A line longer than the standard's is cut, where :mod:`poplib` gives up the session, and all that wait with it."""

    file: Any

    def _getline(self) -> tuple[bytes, int]:
        line = rest = self.file.readline(_LONGEST)
        while rest and not rest.endswith(b"\n"):
            rest = self.file.readline(_LONGEST)
        if not rest:
            raise poplib.error_proto("-ERR EOF")
        return line.rstrip(b"\r\n"), len(line)


class _Pop3(_LongLines, poplib.POP3):
    pass


class _Pop3OverTls(_LongLines, poplib.POP3_SSL):
    pass


def _pop(parts: Any) -> Generator[bytes]:
    """Each message, deleted when the next is asked for. POP3 deletes at the end of the session (RFC 1939, 6)."""
    if parts.scheme == "pop3s":
        server: poplib.POP3 = _Pop3OverTls(
            parts.hostname, parts.port or 995, context=ssl.create_default_context(), timeout=TIMEOUT
        )
    else:
        server = _Pop3(parts.hostname, parts.port or 110, timeout=TIMEOUT)
    try:
        server.user(unquote(parts.username or ""))
        server.pass_(unquote(parts.password or ""))
        count, _ = server.stat()
        for number in range(1, min(count, AT_ONCE) + 1):
            _, lines, _ = server.top(number, _LINES)
            yield b"\r\n".join(lines)[:MOST_BYTES]
            server.dele(number)
    finally:
        try:
            server.quit()
        except (OSError, poplib.error_proto):
            server.close()

"""Logs name nobody: e-mail addresses are masked in whatever is logged, tracebacks included."""

from __future__ import annotations

import logging
import re

# Generous on purpose: what looks like an address is masked. Bounded, so that no text makes it slow; the « at » of
# percent-encoded addresses (%40) counts too.
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:=&?/\[\]{}%]{1,64}(?:@|%40)[^\s@<>\"'(),;:=&?/\[\]{}%]{1,253}", re.IGNORECASE)
MASK = "[adresse]"
_traceback = logging.Formatter()


def mask(text: str) -> str:
    """``text`` with every e-mail address replaced."""
    return _ADDRESS.sub(MASK, text) if "@" in text or "%40" in text else text


class MaskAddresses(logging.Filter):
    """For a handler: masks the message, its arguments, and the traceback of what it logs. Keeps every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except Exception:
            # Arguments that do not fit: the handler says so, the message is masked all the same.
            message = f"{record.msg} {record.args}"
        record.msg, record.args = mask(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _traceback.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True

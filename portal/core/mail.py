"""Mail to a folder, for the demonstration and development; ``/courrier/`` shows it in DEBUG."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email import policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import MIMEMixin
from django.utils import timezone


def _bytes(mime: Any) -> bytes:
    """The message with the ends of lines of mail. A letter, not made by Django, says them by a policy."""
    if isinstance(mime, MIMEMixin):
        return bytes(mime.as_bytes(linesep="\r\n"))  # type: ignore[call-arg]
    return bytes(mime.as_bytes(policy=policy.SMTP))


class FolderBackend(BaseEmailBackend):
    """Each message in its own ``.eml`` file of ``settings.MAIL_DIR``, named by the time it was sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{uuid.uuid4().hex[:8]}"
            # Written whole before it is seen.
            part = folder / f"{name}.part"
            part.write_bytes(_bytes(message.message()))
            part.rename(folder / f"{name}.eml")
        return len(email_messages)

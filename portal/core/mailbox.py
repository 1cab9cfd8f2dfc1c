"""The demonstration's mailbox: what :class:`portal.core.mail.FolderBackend` wrote, read in the browser. DEBUG only."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

MOST = 200
_NAME = re.compile(r"[0-9a-f-]{10,60}")


@dataclass(frozen=True)
class Letter:
    """A message of the folder. ``name`` is its file's, without ``.eml``."""

    name: str
    message: EmailMessage

    @property
    def sent_at(self) -> datetime | None:
        """When it was written; None for a header that is missing or no date."""
        moment: datetime | None = getattr(self.message["date"], "datetime", None)
        return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)

    def part(self, kind: str) -> str:
        """The body as "plain" or "html"; empty where it has none."""
        body = self.message.get_body((kind,))
        return body.get_content() if body else ""


def _read(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Letter(path.stem, message)


def _find(name: str) -> Letter:
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    if not settings.DEBUG or not _NAME.fullmatch(name) or not path.is_file():
        raise Http404("Ce message n’existe pas.")
    return _read(path)


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The last :data:`MOST` messages, newest first."""
    if not settings.DEBUG:
        raise Http404
    paths = sorted(Path(settings.MAIL_DIR).glob("*.eml"), reverse=True)[:MOST]
    return render(request, "core/mailbox.html", {"letters": [_read(path) for path in paths]})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    found = _find(name)
    return render(
        request,
        "core/letter.html",
        {"letter": found, "text": found.part("plain"), "has_html": bool(found.part("html"))},
    )


@csp(  # type: ignore[arg-type]  # its stub knows views without arguments only
    {
        "default-src": ["'none'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
    }
)
@require_safe
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the sandboxed frame of :func:`letter`."""
    return HttpResponse(_find(name).part("html"))

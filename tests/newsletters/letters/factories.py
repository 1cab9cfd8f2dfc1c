"""Letters with blocks, for the tests of writing and rendering."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from newsletters.models import MailingList, NewsletterPage
from portal.territories.models import Space
from tests.factories import add_page, section

_numbers = itertools.count(1)


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def item(page: Any, title: str = "", lead: str = "") -> dict[str, Any]:
    """A chosen page, as a list block stores it."""
    pk = page if isinstance(page, int) else page.pk
    return {"type": "item", "value": {"page": pk, "title": title, "lead": lead}, "id": str(uuid.uuid4())}


def pages(*chosen: Any, title: str = "À lire", **fields: Any) -> dict[str, Any]:
    """A « Pages choisies » of pages, or of :func:`item`."""
    items = [each if isinstance(each, dict) else item(each) for each in chosen]
    return block("pages", {"title": title, "with_images": False, "pages": items} | fields)


def make_letter(space: Space, *blocks: dict[str, Any], **fields: Any) -> NewsletterPage:
    """A draft letter of the space's default list."""
    number = next(_numbers)
    fields = {
        "title": f"La lettre {number}",
        "slug": f"lettre-{number}",
        "subject": "Les nouvelles du réseau",
        "preheader": "Ce qui s’est passé ce mois-ci",
        "list": MailingList.objects.filter(territory=space.territory, is_default=True).first(),
        "live": False,
    } | fields
    body = NewsletterPage._meta.get_field("body").stream_block.to_python(list(blocks))
    letter = add_page(section(space, "lettres"), NewsletterPage(body=body, **fields))
    return NewsletterPage.objects.get(pk=letter.pk)

"""RSS and Atom of a listing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

FEED_SIZE = 50
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` without the characters XML cannot carry."""
    return _NOT_XML.sub("", text)


@dataclass(frozen=True)
class FeedEntry:
    """An entry of a feed; ``uid`` is what readers know it by."""

    title: str
    url: str
    text: str
    published: datetime | None
    updated: datetime | None
    uid: str
    categories: list[str] = field(default_factory=list)


def feed_response(
    kind: type[Rss201rev2Feed | Atom1Feed],
    entries: Iterable[FeedEntry],
    *,
    title: str,
    url: str,
    description: str,
    feed_url: str,
) -> HttpResponse:
    """The answer with a feed of that kind; texts may hold anything."""
    feed = kind(title=xml_text(title), link=url, description=xml_text(description), language="fr", feed_url=feed_url)
    for entry in entries:
        feed.add_item(
            title=xml_text(entry.title),
            link=entry.url,
            description=xml_text(entry.text),
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.uid,
            categories=[xml_text(each) for each in entry.categories],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

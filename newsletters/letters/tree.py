"""A letter as data: what its HTML and its text are both written from.

:func:`build` reads everything a letter needs in a number of queries that does not depend on how many pages are in it.
What is gone since it was chosen (unpublished, private, deleted) is left out and noted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from portal.core.blocks import card_pages
from portal.core.enums import ContentKind
from portal.core.models import SiteIdentity

from ..sending import marks
from . import agenda, images, richtext, variables
from .notes import WARNING, Note
from .words import date_text

if TYPE_CHECKING:
    from ..models import NewsletterPage

#: Not the unbreakable ones, which French punctuation needs.
_SPACES = re.compile(r"[ \t]+")
WHY = "Vous recevez cette lettre parce que votre adresse est abonnée à la liste «\u00a0{{ liste }}\u00a0»."


@dataclass(frozen=True)
class Link:
    """A followed address, by its position in the letter."""

    position: int
    url: str
    label: str


@dataclass
class Target:
    """Where something leads: as HTML has it (a mark, or an address that is not followed) and as it truly is."""

    href: str = ""
    url: str = ""

    def __bool__(self) -> bool:
        return bool(self.href)


@dataclass
class Card:
    title: str
    lead: str = ""
    kind: str = ""
    when: str = ""
    target: Target = field(default_factory=Target)
    picture: images.Picture | None = None


@dataclass
class Node:
    """One block. ``kind`` names its MJML template; only the fields of that kind are filled."""

    kind: str
    title: str = ""
    rich: richtext.Written = field(default_factory=richtext.Written)
    cards: list[Card] = field(default_factory=list)
    picture: images.Picture | None = None
    caption: str = ""
    label: str = ""
    target: Target = field(default_factory=Target)
    author: str = ""

    @property
    def card(self) -> Card:
        return self.cards[0]


@dataclass
class Tree:
    """A whole letter."""

    title: str
    subject: str
    preheader: str
    brand: str
    space: str
    when: str
    web_url: str
    nodes: list[Node] = field(default_factory=list)
    why: richtext.Written = field(default_factory=richtext.Written)
    sender: str = ""
    web_target: Target = field(default_factory=Target)
    unsubscribe: str = marks.address(marks.UNSUBSCRIBE)
    preferences: str = marks.address(marks.PREFERENCES)
    links: list[Link] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def absolute(url: str) -> str:
    """``url`` with the portal's address before it where it is a path."""
    return url if "://" in url else f"{settings.SITE_URL}{url}"


def typed(text: Any) -> str:
    """What a person or another page wrote, on its own lines, without the characters of marks or control characters."""
    lines = marks.strip_marks(str(text or "")).splitlines()
    kept = (
        "".join("" if unicodedata.category(char) == "Cc" and char != "\t" else char for char in line) for line in lines
    )
    return "\n".join(_SPACES.sub(" ", line).strip(" ") for line in kept).strip("\n ")


def one_line(text: Any) -> str:
    """As :func:`typed`, on one line."""
    return " ".join(typed(text).split("\n"))


class Builder:
    """Reads what a letter needs, then makes a node of each block."""

    def __init__(self, letter: NewsletterPage) -> None:
        self.letter = letter
        self.space = letter.space
        self.territory = self.space.territory if self.space else None
        self.zone = ZoneInfo(self.territory.time_zone if self.territory else settings.TIME_ZONE)
        self.tree = Tree(
            title=typed(letter.title),
            subject=variables.fill_marks(one_line(letter.subject)) or one_line(letter.title),
            preheader=variables.fill_marks(one_line(letter.preheader)),
            brand="",
            space="",
            when=date_text(letter.go_live_at or timezone.now(), self.zone),
            web_url="",
        )
        self.blocks = [(child.block_type, child.value) for child in letter.body]
        self.agendas: dict[int, list[Page]] = {}
        self.linked: dict[int, Page] = {}

    def build(self) -> Tree:
        self._read_identity()
        self._read_pages()
        for place, (kind, value) in enumerate(self.blocks):
            if kind == "footer":
                continue
            made: Callable[[int, Any], Node | None] = getattr(self, f"_{kind}")
            if (node := made(place, value)) is not None:
                self.tree.nodes.append(node)
        self._foot()
        return self.tree

    # --- Reading ------------------------------------------------------------------------------------------------------
    def _read_identity(self) -> None:
        identity = SiteIdentity.objects.filter(site__is_default_site=True).first() or SiteIdentity()
        self.tree.brand = typed(identity.title)
        self.tree.space = typed(self.space or "")
        if self.letter.live and self.letter.pk:
            self.tree.web_url = absolute(self.letter.get_url() or "")

    def _read_pages(self) -> None:
        """Pages linked in rich text, events of agendas, and the pictures of all: a fixed number of queries."""
        ids = {pk for source in self._rich_sources() for pk in richtext.page_ids(source)}
        for place, (kind, value) in enumerate(self.blocks):
            if kind == "agenda" and not len(value["pages"]) and self.territory is not None:
                self.agendas[place] = []
        wanted = {place: agenda.event_ids(self.territory, self.blocks[place][1], self.zone) for place in self.agendas}
        found = card_pages(ids.union(*wanted.values())) if ids or wanted else {}
        self.linked = {pk: found[pk] for pk in ids if pk in found}
        for place, order in wanted.items():
            self.agendas[place] = [found[pk] for pk in order if pk in found and not agenda.is_called_off(found[pk])]
        images.load(self._pictures())

    def _rich_sources(self) -> Iterator[str]:
        for kind, value in self.blocks:
            if kind in ("intro", "text"):
                yield value.source or ""
            elif kind == "contribute":
                yield value["text"].source or ""
            elif kind == "footer":
                yield value["why"].source or ""

    def _pictures(self) -> Iterator[Any]:
        for kind, value in self.blocks:
            if kind == "image":
                yield value["image"]
            elif kind == "headline":
                yield getattr(value["page"], "image", None)
            elif kind in ("pages", "selection") and value["with_images"]:
                yield from (getattr(item["page"], "image", None) for item in value["pages"])

    # --- Links --------------------------------------------------------------------------------------------------------
    def target(self, url: str, label: str) -> Target:
        """Where ``url`` leads, followed when it is of the web. Empty, with a note, for what a letter cannot hold."""
        url = marks.strip_marks(url.strip())
        if url.startswith("/") and not url.startswith("//"):
            url = absolute(url)
        scheme = urlsplit(url).scheme.lower() if ":" in url else ""
        if scheme in ("http", "https"):
            position = len(self.tree.links) + 1
            self.tree.links.append(Link(position, url, label[:200]))
            return Target(marks.link(position), url)
        if scheme in ("mailto", "tel"):
            return Target(url, url)
        self.note("error", "relative_link", f"Le lien « {label or url} » n’est pas une adresse entière (https://…).")
        return Target()

    def page_target(self, page: Page, label: str) -> Target:
        return self.target(absolute(page.get_url() or ""), label)

    def _resolve(self, attributes: dict[str, str], label: str) -> tuple[str, str]:
        """Of a link in rich text, for :func:`richtext.write`."""
        if attributes.get("linktype") == "page":
            page = self.linked.get(int(attributes.get("id") or 0))
            if not self.is_shown(page, label):
                return "", ""
            assert page is not None
            target = self.page_target(page, label)
            self._keep(page)
        elif "href" in attributes:
            url = attributes["href"]
            if url.startswith("/") and not url.startswith("//"):
                self.note("error", "relative_link", f"Le lien « {label or url} » n’est pas une adresse entière.")
                return "", ""
            target = self.target(url, label)
        else:
            self.note("error", "dead_link", f"Le lien « {label} » ne mène nulle part.")
            return "", ""
        return escape(target.href), target.href.removeprefix("mailto:").removeprefix("tel:")

    def is_shown(self, page: Page | None, label: str) -> bool:
        if page is None:
            self.note(
                "error", "page_gone", f"« {label or 'Une page choisie'} » n’existe plus : retirez-la de la lettre."
            )
        elif not page.fact.visible:
            self.note(
                "error",
                "page_hidden",
                f"« {label or page.title} » n’est pas publiée ou n’est pas publique : elle est laissée de côté.",
            )
        return page is not None and bool(page.fact.visible)

    def note(self, level: str, code: str, message: str) -> None:
        note = Note(level, code, message)
        if note not in self.tree.notes:
            self.tree.notes.append(note)

    def _keep(self, page: Page) -> None:
        if any(kept["page"] == page.pk for kept in self.tree.pages):
            return
        url = absolute(page.get_url() or "")
        self.tree.pages.append(
            {"page": page.pk, "revision": page.live_revision_id, "title": typed(page.title), "url": url}
        )

    # --- Blocks -------------------------------------------------------------------------------------------------------
    def rich(self, source: str) -> richtext.Written:
        """HTML and text with marks for variables. Defaults are escaped in the HTML until it is whole."""
        written = richtext.write(marks.strip_marks(source), self._resolve)
        return richtext.Written(variables.fill_marks(written.html), variables.fill_marks(written.text))

    def _intro(self, place: int, value: Any) -> Node:
        return Node("text", rich=self.rich(value.source or ""))

    _text = _intro

    def _headline(self, place: int, value: Any) -> Node | None:
        card = self.card(value, image=images.WIDE)
        return Node("headline", cards=[card]) if card else None

    def _pages(self, place: int, value: Any) -> Node | None:
        image = images.SMALL if value["with_images"] else None
        cards = [card for item in value["pages"] if (card := self.card(item, image=image))]
        return Node("cards", title=typed(value["title"]), cards=cards) if cards else None

    _selection = _pages

    def _agenda(self, place: int, value: Any) -> Node | None:
        if place in self.agendas:
            cards = [self.page_card(page) for page in self.agendas[place]]
        else:
            cards = [card for item in value["pages"] if (card := self.card(item))]
        return Node("agenda", title=typed(value["title"]), cards=cards) if cards else None

    def card(self, item: Any, image: str | None = None) -> Card | None:
        """The card of a chosen page, or None (with a note) where it may not be shown any more."""
        page, title = item["page"], typed(item["title"])
        if not self.is_shown(page, title):
            return None
        return self.page_card(page, title, typed(item["lead"]), image)

    def page_card(self, page: Page, title: str = "", lead: str = "", image: str | None = None) -> Card:
        self._keep(page)
        title = title or typed(page.title)
        is_event = page.fact.kind == ContentKind.EVENT
        if is_event and agenda.is_called_off(page):
            self.note(WARNING, "event_called_off", f"« {title} » est annulé ou reporté.")
        elif is_event and page.fact.date < timezone.now():
            self.note(WARNING, "event_past", f"« {title} » est passé.")
        return Card(
            title=title,
            lead=lead or typed(getattr(page, "lead", "")),
            kind=ContentKind(page.fact.kind).label,
            when=self._event_date(page) if is_event else "",
            target=self.page_target(page, title),
            picture=images.of_page(page, image) if image else None,
        )

    def _event_date(self, page: Page) -> str:
        """The event's next date, in its territory's own time."""
        territory = page.fact.territory
        zone = ZoneInfo(territory.time_zone) if territory else self.zone
        return date_text(page.fact.date, zone, hour=True)

    def _image(self, place: int, value: Any) -> Node | None:
        image = value["image"]
        if image is None:
            self.note("error", "image_gone", "Une image choisie n’existe plus : retirez-la de la lettre.")
            return None
        alt = "" if image.decorative else typed(image.contextual_alt_text)
        if not alt and not image.decorative:
            self.note("error", "missing_alt", f"L’image « {image.title} » n’a pas de texte de remplacement.")
        return Node("image", picture=images.picture(image, images.WIDE, alt), caption=typed(value["caption"]))

    def _lead(self, value: Any, label: str) -> Target:
        """Where a :class:`~portal.core.blocks.LinkBlock` leads."""
        if value["url"]:
            return self.target(value["url"], label)
        page = value["page"]
        if not self.is_shown(page, label):
            return Target()
        self._keep(page)
        return self.page_target(page, label)

    def _button(self, place: int, value: Any) -> Node | None:
        label = typed(value["label"])
        target = self._lead(value, label)
        return Node("button", label=label, target=target) if target else None

    def _quote(self, place: int, value: Any) -> Node:
        author = ", ".join(filter(None, (typed(value["author"]), typed(value["author_title"]))))
        source = typed(value["source"]) or typed(value["source_url"])
        target = self.target(value["source_url"], source) if value["source_url"] else Target()
        return Node("quote", title=typed(value["text"]), author=author, label=source, target=target)

    def _contribute(self, place: int, value: Any) -> Node:
        label = typed(value["label"])
        rich = self.rich(value["text"].source or "")
        return Node("contribute", title=typed(value["title"]), rich=rich, label=label, target=self._lead(value, label))

    def _separator(self, place: int, value: Any) -> Node:
        return Node("separator")

    def _foot(self) -> None:
        footer = next((value for kind, value in self.blocks if kind == "footer"), None)
        source = footer["why"].source if footer else ""
        self.tree.why = self.rich(source or f"<p>{WHY}</p>")
        sender = typed(footer["sender"]) if footer else ""
        if not sender and self.territory is not None:
            from ..models import LetterSettings

            own = LetterSettings.objects.filter(territory=self.territory).first()
            sender = typed(own.postal_address) if own else ""
        self.tree.sender = sender
        if self.tree.web_url:
            self.tree.web_target = self.target(self.tree.web_url, "Lire en ligne")


def build(letter: NewsletterPage) -> Tree:
    """The letter as it stands now. Reads only."""
    return Builder(letter).build()

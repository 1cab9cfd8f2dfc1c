"""What a letter could tell: pages by territory, period, theme and kind. Only what anyone may read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from portal.core.blocks import card_pages
from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.core.pages import BasePage
from portal.territories.models import Territory

from . import agenda, scopes
from .blocks import KINDS, MAX_ITEMS, Scope
from .words import date_text

DAYS: Final = 14
HORIZON: Final = 30  # days of the agenda


@dataclass(frozen=True)
class Criteria:
    """``since`` and ``until`` are days of the territory, both counted in: of publication, and for events of their next
    date, which runs on for :attr:`horizon` days after ``until``. No kind: all of them. ``themes``: slugs, any of them.
    """

    territory: Territory
    since: date
    until: date
    scope: str = Scope.INSIDE
    kinds: tuple[str, ...] = tuple(kind for kind, _ in KINDS)
    themes: tuple[str, ...] = ()
    horizon: int = HORIZON

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.territory.time_zone)

    def of(self, kind: str) -> Criteria:
        return replace(self, kinds=(kind,))


@dataclass(frozen=True)
class Proposal:
    """A page that fits. ``when``: its publication, or the date of the event."""

    page: Page
    kind: str
    when: str
    place: str

    @property
    def pk(self) -> int:
        return int(self.page.pk)


def last_days(territory: Territory, days: int = DAYS, **criteria: Any) -> Criteria:
    """The criteria of the last ``days`` days, today included."""
    today = timezone.now().astimezone(ZoneInfo(territory.time_zone)).date()
    return Criteria(territory=territory, since=today - timedelta(days=days - 1), until=today, **criteria)


def propose(criteria: Criteria, *, leave_out: Collection[int] = ()) -> list[Proposal]:
    """What fits, by kind in the order of :data:`KINDS`: the newest first, events by their date. At most
    :data:`MAX_ITEMS` a kind. Queries: one a kind, and those of :func:`portal.core.blocks.card_pages`.
    """
    order: list[int] = []
    for kind, _ in KINDS:
        if kind in criteria.kinds or not criteria.kinds:
            order += _facts(criteria, kind, leave_out).values_list("page_id", flat=True)[:MAX_ITEMS]
    found = card_pages(order)
    return [_proposal(found[pk], criteria) for pk in order if pk in found and not agenda.is_called_off(found[pk])]


def _facts(criteria: Criteria, kind: str, leave_out: Collection[int]) -> QuerySet[PageFact]:
    first = datetime.combine(criteria.since, time.min, criteria.zone)
    after = datetime.combine(criteria.until + timedelta(days=1), time.min, criteria.zone)
    is_event = kind == ContentKind.EVENT
    if is_event:
        first, after = max(first, timezone.now()), after + timedelta(days=criteria.horizon)
    facts: QuerySet[PageFact] = PageFact.objects.filter(visible=True, kind=kind, date__gte=first, date__lt=after)
    facts = scopes.within(facts, criteria.territory, criteria.scope)
    if criteria.themes:
        about = Q(pk__in=[])
        for model in _models_with_themes(kind):
            themed: Any = model._default_manager
            about |= Q(page__in=themed.filter(themes__slug__in=criteria.themes).order_by().values("pk"))
        facts = facts.filter(about)
    if leave_out:
        facts = facts.exclude(page__in=leave_out)
    return facts.order_by("date", "page_id") if is_event else facts.order_by("-date", "-page_id")


@cache
def _models_with_themes(kind: str) -> tuple[type[BasePage], ...]:
    """The types of pages of ``kind`` that have themes: other apps' types are known by what they carry."""
    found = []
    for model in apps.get_models():
        if issubclass(model, BasePage) and model.fact_kind == kind:
            try:
                model._meta.get_field("themes")
            except FieldDoesNotExist:
                continue
            found.append(model)
    return tuple(found)


def _proposal(page: Page, criteria: Criteria) -> Proposal:
    fact: PageFact = page.fact
    zone = ZoneInfo(fact.territory.time_zone) if fact.territory else criteria.zone
    is_event = fact.kind == ContentKind.EVENT
    when = date_text(fact.date, zone if is_event else criteria.zone, hour=is_event)
    return Proposal(page, fact.kind, when, fact.territory.name if fact.territory else "")


def _item(value: Any) -> dict[str, Any]:
    """An item of a list block. Without its own id Wagtail would take it for the form of old."""
    return {"type": "item", "value": value, "id": str(uuid.uuid4())}


def as_blocks(criteria: Criteria, chosen: Sequence[Proposal | Page]) -> list[dict[str, Any]]:
    """The chosen pages as blocks of a letter, in the order given: a selection a kind, an agenda for events. Kinds stand
    in the order of their first page.
    """
    by_kind: dict[str, list[int]] = {}
    for each in chosen:
        kind = each.kind if isinstance(each, Proposal) else each.fact.kind
        by_kind.setdefault(kind, []).append(each.pk)
    labels = dict(KINDS)
    made = []
    for kind, pks in by_kind.items():
        pages = [_item({"page": pk, "title": "", "lead": ""}) for pk in pks]
        common = {
            "title": labels.get(kind, ""),
            "scope": criteria.scope,
            "since": criteria.since.isoformat(),
            "until": criteria.until.isoformat(),
            "pages": pages,
        }
        if kind == ContentKind.EVENT:
            until = criteria.until + timedelta(days=criteria.horizon)
            made.append({"type": "agenda", "value": common | {"limit": MAX_ITEMS, "until": until.isoformat()}})
        else:
            own = {"kinds": [kind], "themes": list(criteria.themes), "with_images": False}
            made.append({"type": "selection", "value": common | own})
    return made

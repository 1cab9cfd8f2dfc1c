"""Reading pages for other screens: what the home page and the spaces show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from portal.core.cards import card_rows
from portal.core.highlights import concerning
from portal.core.pages import ContentPage
from portal.territories.models import Space, Territory

from .models import InitiativePage, NewsPage

P = TypeVar("P", bound=ContentPage)


def _cards(pages: QuerySet[P], *, territory: Territory | None, space: Space | None) -> QuerySet[P]:
    """Public ``pages`` of the scope with what a card shows."""
    return card_rows(pages.filter(concerning(territory=territory, space=space), fact__visible=True))


def news_highlights(*, territory: Territory | None, space: Space | None, limit: int) -> Sequence[NewsPage]:
    """News of the scope: those pinned first, then the newest. One query."""
    today = timezone.localdate()
    news = _cards(NewsPage.objects.filter(fact__kind=NewsPage.fact_kind), territory=territory, space=space)
    # Each half reads an index: the newest stop at ``limit``, and those pinned, few, are found by their day alone. With
    # their order or their scope, databases would look for them along the dates of all news.
    newest = news.order_by("-fact__date", "-fact__page_id").values("pk")[:limit]
    pinned = NewsPage.objects.filter(pinned_until__gte=today).order_by().values("pk")
    first = Case(When(pinned_until__gte=today, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        _cards(NewsPage.objects.filter(Q(pk__in=newest) | Q(pk__in=pinned)), territory=territory, space=space)
        .annotate(rank=first)
        .order_by("rank", "-fact__date", "-fact__page_id")[:limit]
    )


def initiative_highlights(*, territory: Territory | None, space: Space | None, limit: int) -> QuerySet[InitiativePage]:
    """The newest initiatives of the scope. One query."""
    initiatives = InitiativePage.objects.filter(fact__kind=InitiativePage.fact_kind)
    return _cards(initiatives, territory=territory, space=space).order_by("-fact__date", "-fact__page_id")[:limit]

"""Reading resources: what goes with one, and where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from wagtail.models import Page, ReferenceIndex

from portal.core.cards import card_rows
from portal.core.highlights import concerning
from portal.core.models import Theme
from portal.territories.models import Space, Territory

from .enums import BeneficiaryCode

if TYPE_CHECKING:
    from .models import ResourcePage

USED_IN_LIMIT = 10
RELATED_LIMIT = 20


def recent_resources(*, territory: Territory | None, space: Space | None, limit: int) -> list[ResourcePage]:
    """The latest visible resources of a scope (:func:`portal.core.highlights.concerning`). One query."""
    from .models import ResourcePage

    recent = ResourcePage.objects.filter(
        concerning(territory=territory, space=space), fact__visible=True, fact__kind=ResourcePage.fact_kind
    )
    return list(card_rows(recent).order_by("-fact__date", "-fact__page_id")[:limit])


@dataclass(frozen=True)
class Sheet:
    """The small things a resource's page shows: its themes, its beneficiaries' labels, its links."""

    themes: list[Theme]
    beneficiaries: list[str]
    links: list[tuple[str, str]]


def sheet_of(resource: ResourcePage) -> Sheet:
    """The themes (slug and name only), beneficiaries and (address, label) of the links of a saved resource.

    One query for the three. A draft's are in memory: :attr:`ResourcePage.sheet` reads those without asking here.
    """
    from .models import Beneficiary, ResourceLink, ResourcePage

    position = Cast("order", IntegerField())
    themes = Theme.objects.filter(
        pk__in=ResourcePage.themes.through.objects.filter(resourcepage=resource).values("theme")
    )
    beneficiaries = Beneficiary.objects.filter(
        pk__in=ResourcePage.beneficiaries.through.objects.filter(resourcepage=resource).values("beneficiary")
    )
    links = ResourceLink.objects.filter(page=resource)
    parts = [
        themes.order_by().values_list(Value("theme"), position, _text("slug"), _text("name")),
        beneficiaries.order_by().values_list(Value("beneficiary"), position, _text("code"), _text(Value(""))),
        links.order_by().values_list(
            Value("link"), Cast(Coalesce("sort_order", 0), IntegerField()), _text("url"), _text("label")
        ),
    ]
    rows = sorted(parts[0].union(*parts[1:], all=True))
    labels = dict(BeneficiaryCode.choices)
    return Sheet(
        themes=sorted((Theme(slug=slug, name=name) for kind, _, slug, name in rows if kind == "theme"), key=str),
        beneficiaries=[str(labels[code]) for kind, _, code, _ in rows if kind == "beneficiary"],
        links=[(url, label) for kind, _, url, label in rows if kind == "link"],
    )


def _text(expression: Any) -> Cast:
    return Cast(expression, CharField())


def pages_around(resource: ResourcePage) -> tuple[list[Page], list[Page]]:
    """(visible resources that its editor names, in their order; visible pages that point at it, newest first).

    One query; one more for a draft, whose relations are in memory. A page in both is in the first only.
    """
    from .models import ResourceRelation

    page_type = ContentType.objects.get_for_model(Page)
    sources = ReferenceIndex.objects.filter(
        base_content_type=page_type, to_content_type=page_type, to_object_id=str(resource.pk)
    )
    if resource.is_in_memory:
        named = {relation.related_id: order for order, relation in enumerate(resource.relations.all())}
        order: Case | Subquery = Case(
            *[When(pk=pk, then=order) for pk, order in named.items()], output_field=IntegerField()
        )
    else:
        relations = ResourceRelation.objects.filter(page=resource, related=OuterRef("pk")).order_by("sort_order")
        order = Subquery(relations.values(place=Coalesce("sort_order", 0))[:1])
    around = (
        Page.objects.filter(fact__visible=True)
        .exclude(pk=resource.pk)
        .annotate(named=order)
        .filter(
            Q(pk__in=sources.values(page=Cast("object_id", BigIntegerField())))
            | (Q(pk__in=list(named)) if resource.is_in_memory else Q(pk__in=relations_of(resource)))
        )
        .select_related("fact")
        .order_by("-fact__date", "-pk")[: USED_IN_LIMIT + RELATED_LIMIT]
    )
    found = list(around)
    related = sorted((page for page in found if page.named is not None), key=lambda page: page.named)
    return related, [page for page in found if page.named is None][:USED_IN_LIMIT]


def relations_of(resource: ResourcePage) -> QuerySet[Any]:
    from .models import ResourceRelation

    return ResourceRelation.objects.filter(page=resource).values("related")

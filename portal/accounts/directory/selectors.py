"""Who figures in the directory, as one reader may see them.

Everything a reader may not see is masked by the database: it is empty in the rows, so lists, filters, searches, orders
and exports have nothing to leak. docs/profile.md says who sees what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from portal.territories.models import Territory, TerritoryLink

from ..abilities import get_abilities
from ..enums import Function, OrganisationKind, Shown
from ..models import Membership, Profile, User
from ..rules import Ability

MOST_WORDS: Final = 6
_TEXTS: Final = ("shown_first", "shown_last", "shown_position", "shown_organisation")


@dataclass(frozen=True)
class Card:
    """One person, as far as the reader may see them: empty is either hidden or not given."""

    pk: int
    name: str
    function: str
    position: str
    organisation: str
    kind: str
    territory: Territory | None
    email: str
    phone: str


def network_territories(reader: User) -> QuerySet[Territory] | None:
    """Where ``reader`` is of the network: what the places of their roles contain, and, listed themselves, their
    département's. None is everywhere. At most three queries."""
    abilities = get_abilities(reader)
    if abilities.anywhere(Ability.OPEN_SPACES):
        return None
    held = Membership.objects.valid().filter(user_id=reader.pk)
    places: set[int | None] = set()
    for territory, seat in held.order_by("pk").values_list("territory", "organisation__territory"):
        places.add(territory or seat)
    profile = Profile.objects.filter(user_id=reader.pk).exclude(show_name=Shown.NOBODY).first()
    if profile is not None and reader.territory is not None:
        places.add(reader.territory.departement_id or reader.territory_id)
    return Territory.objects.filter(pk__in=TerritoryLink.objects.filter(ancestor__in=places).values("descendant"))


def directory(reader: User) -> QuerySet[Profile]:
    """The people whose name ``reader`` may see, with what else they may see as ``shown_…``. No more than that is to be
    read off the rows: :func:`cards` does."""
    abilities = get_abilities(reader)
    network, staff = network_territories(reader), abilities.territories(Ability.VIEW_CONTACTS)
    rows = Profile.objects.filter(user__is_active=True, user__territory__isnull=False)
    rows = rows.exclude(show_name=Shown.NOBODY)
    rows = rows.alias(
        in_network=Value(True) if network is None else Exists(network.filter(pk=OuterRef("user__territory"))),
        in_staff=Value(True) if abilities.everything else Exists(staff.filter(pk=OuterRef("user__territory"))),
    )
    return rows.filter(_seen("name")).annotate(
        shown_first=_text("name", "user__first_name"),
        shown_last=_text("name", "user__last_name"),
        shown_function=_text("function", "function"),
        shown_position=_text("function", "position"),
        shown_organisation=Case(
            When(_seen("organisation") & Q(organisation__isnull=False), then=F("organisation__name")),
            When(_seen("organisation"), then=F("organisation_name")),
            default=Value(""),
            output_field=CharField(),
        ),
        shown_kind=Case(
            When(_seen("organisation") & Q(organisation__isnull=False), then=F("organisation__kind")),
            default=Value(""),
            output_field=CharField(),
        ),
        shown_territory=Case(
            When(_seen("territory"), then=F("user__territory")), default=Value(None), output_field=IntegerField()
        ),
        shown_email=_text("email", "user__email"),
        shown_phone=_text("phone", "phone"),
    )


def _seen(field: str) -> Q:
    """Whether the reader is of those the person shows ``field`` to; the teams see what the network sees."""
    shown = f"show_{field}"
    to_network = Q(**{shown: Shown.NETWORK}, in_network=True)
    return to_network | Q(**{f"{shown}__in": [Shown.NETWORK, Shown.STAFF]}, in_staff=True)


def _text(field: str, path: str) -> Case:
    return Case(When(_seen(field), then=F(path)), default=Value(""), output_field=CharField())


def narrowed(
    rows: QuerySet[Profile],
    *,
    text: str = "",
    function: str = "",
    kind: str = "",
    territory: Territory | None = None,
    above: bool = False,
) -> QuerySet[Profile]:
    """Of :func:`directory`, those that match, by what the reader sees alone. ``above``: of what contains
    ``territory``, rather than inside it."""
    if function in Function.values:
        rows = rows.filter(shown_function=function)
    if kind in OrganisationKind.values:
        rows = rows.filter(shown_kind=kind)
    if territory is not None:
        ends = {"descendant": territory} if above else {"ancestor": territory}
        found = TerritoryLink.objects.filter(**ends).values("ancestor" if above else "descendant")
        rows = rows.filter(shown_territory__in=found)
    for word in text.split()[:MOST_WORDS]:
        condition = Q()
        for name in _TEXTS:
            condition |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(condition)
    return rows


def ordered(rows: QuerySet[Profile]) -> QuerySet[Profile]:
    return rows.order_by(Lower("shown_last"), Lower("shown_first"), "pk")


def cards(rows: QuerySet[Profile]) -> list[Card]:
    """Two queries: the masked values, and the territories among them. Nothing else of the profile is read."""
    names = ("shown_first", "shown_last", "shown_function", "shown_position", "shown_organisation", "shown_kind",
             "shown_territory", "shown_email", "shown_phone")  # fmt: skip
    found: list[dict[str, Any]] = list(rows.values("pk", *names))
    territories = Territory.objects.in_bulk({row["shown_territory"] for row in found if row["shown_territory"]})
    return [
        Card(
            pk=row["pk"],
            name=f"{row['shown_first']} {row['shown_last']}".strip() or "Sans nom",
            function=Function(row["shown_function"]).label if row["shown_function"] in Function.values else "",
            position=row["shown_position"],
            organisation=row["shown_organisation"],
            kind=OrganisationKind(row["shown_kind"]).label if row["shown_kind"] in OrganisationKind.values else "",
            territory=territories.get(row["shown_territory"]),
            email=row["shown_email"],
            phone=row["shown_phone"],
        )
        for row in found
    ]


def exportable(reader: User, rows: QuerySet[Profile]) -> QuerySet[Profile]:
    """Of ``rows``, the people of the territories whose contacts ``reader`` may export."""
    territories = get_abilities(reader).territories(Ability.EXPORT_CONTACTS)
    return rows.filter(user__territory__in=territories)

"""Which dossiers are counted, and by what territories."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..instruction.selectors import Desk
from ..models import Dossier, DossierType

#: Days within what every database takes.
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
DEPOSIT, DECISION = "depot", "decision"
#: What the period is about: its name, its words, the column.
MOMENTS: Final = {DEPOSIT: ("le dépôt", "deposited_at"), DECISION: ("la décision", "closed_at")}
#: The levels that a territory of each level may be counted by.
BENEATH: Final[dict[str, tuple[str, ...]]] = {
    "": (Level.REGION, Level.DEPARTEMENT, Level.EPCI),
    Level.NATION: (Level.REGION, Level.DEPARTEMENT, Level.EPCI),
    Level.REGION: (Level.DEPARTEMENT, Level.EPCI),
    Level.DEPARTEMENT: (Level.EPCI,),
}


@dataclass(frozen=True)
class Scope:
    """The deposited dossiers of a desk, narrowed. ``place`` None: all that the desk instructs.

    ``since`` and ``until`` are days of Paris, both included, of the deposit or of the decision (``moment``).
    """

    desk: Desk
    type: DossierType | None = None
    place: Territory | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    moment: str = DEPOSIT

    def dossiers(self) -> QuerySet[Dossier]:
        """Those of the desk that are not in the bin."""
        return self.narrow(self.desk.dossiers())

    def binned(self) -> QuerySet[Dossier]:
        return self.narrow(self.desk.of(Dossier.objects.exclude(binned_at=None)))

    def narrow(self, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
        """``dossiers``, of the type, the place and the period. In no order."""
        if self.type is not None:
            dossiers = dossiers.filter(type=self.type.pk)
        if self.place is not None and self.place.level != Level.NATION:
            dossiers = dossiers.filter(within(self.place))
        column = MOMENTS[self.moment][1]
        if self.moment == DECISION:
            dossiers = dossiers.filter(closed_at__isnull=False)
        if self.since is not None:
            dossiers = dossiers.filter(**{f"{column}__gte": midnight(self.since)})
        if self.until is not None:
            dossiers = dossiers.filter(**{f"{column}__lt": after(self.until)})
        return dossiers.order_by()

    def at(self, place: Territory | None) -> Scope:
        return replace(self, place=place)

    @property
    def levels(self) -> tuple[str, ...]:
        """What it may be counted by, the widest first."""
        top = self.place or root_of(self.desk)
        return BENEATH.get(top.level if top is not None else "", ())


def after(day: dt.date) -> dt.datetime:
    """When the day after ``day`` begins in Paris: 23 or 25 hours later, twice a year."""
    return midnight(min(day, LAST) + dt.timedelta(days=1))


def midnight(day: dt.date) -> dt.datetime:
    """When ``day`` begins in Paris, within what every database takes."""
    day = min(max(day, FIRST), LAST)
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def root_of(desk: Desk) -> Territory | None:
    """The one territory in which all that a desk instructs lies; None where there are several."""
    tops = [each for each in desk.services if not _above(each) & set(desk.service_ids)]
    if desk.everywhere:
        tops = [each for each in desk.services if each.level == Level.NATION]
    return tops[0] if len(tops) == 1 else None


def _above(territory: Territory) -> set[int | None]:
    return {territory.region_id, territory.departement_id} - {None}


def within(place: Territory) -> Q:
    """The dossiers about ``place`` or what it contains, each in one département and one région: the principal ones of
    an intercommunalité over several, so that parts add up to their whole."""
    if place.level == Level.REGION:
        return Q(territory=place.pk) | Q(territory__region=place.pk)
    if place.level == Level.DEPARTEMENT:
        return Q(territory=place.pk) | Q(territory__departement=place.pk)
    return Q(territory__in=TerritoryLink.objects.filter(ancestor=place.pk).values("descendant"))


def place_at(level: str) -> Case:
    """The number of the territory of ``level`` that a dossier counts in; None for one about something wider."""
    number = models.BigIntegerField()
    own = When(territory__level=level, then=F("territory_id"))
    if level == Level.EPCI:
        of_commune = TerritoryLink.objects.filter(descendant=OuterRef("territory"), ancestor__level=Level.EPCI)
        commune = When(
            territory__level=Level.COMMUNE, then=Subquery(of_commune.order_by("ancestor").values("ancestor")[:1])
        )
        return Case(own, commune, default=None, output_field=number)
    return Case(own, default=F(f"territory__{level}_id"), output_field=number)

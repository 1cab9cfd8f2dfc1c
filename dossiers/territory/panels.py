"""What the screens of a dossier include of territories and publication::

    context["territory"] = territory_panel(dossier, user, rights)
    {% include "dossiers/territory/_territory.html" with panel=territory %}

A constant number of queries.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from portal.accounts.abilities import get_abilities
from portal.accounts.models import Organisation, User
from portal.accounts.rules import Ability
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..access import Rights
from ..enums import OPEN, Side, State
from ..models import Dossier, DossierPage, DossierType
from .claims import Clash, clashes
from .guards import acceptance_problems
from .reach import departement_of
from .reading import asks_for_perimeter, perimeter_of, territories_of

#: Keys of a perimeter that is looked at while it is picked.
MOST_PICKED = 5_000


def territory_panel(
    dossier: Dossier, user: User, rights: Rights, side: Side | str | None = None, error: str = ""
) -> dict[str, Any]:
    """The perimeter, what stands in the way of acceptance (to who instructs), the way to the coverage, the public page
    and the buttons that publish it or take it down. ``error``: why that was refused just now."""
    desk = Side(side or rights.side) == Side.INSTRUCTION
    departement = departement_of(dossier.territory)
    page = DossierPage.objects.filter(pk=dossier.published_page_id).first() if dossier.published_page_id else None
    acts = desk and (rights.instructs or rights.validates) and dossier.type.publishable
    live = page is not None and page.live
    shows_coverage = dossier.type.exclusive_perimeter and departement is not None
    return {
        "dossier": dossier,
        "desk": desk,
        "perimeter": perimeter_of(dossier) if asks_for_perimeter(dossier) else [],
        "problems": acceptance_problems(dossier) if desk and dossier.state in OPEN else [],
        "coverage_url": coverage_url(departement, dossier.type) if departement is not None and shows_coverage else "",
        "page_url": page.get_url() if page is not None and live else "",
        "may_publish": acts and dossier.state == State.ACCEPTED,
        "may_unpublish": acts and live,
        "published_before": page is not None,
        "error": error,
    }


def coverage_url(departement: Territory, type_: DossierType) -> str:
    return f"{reverse('dossiers:coverage', args=[departement.key])}?type={type_.code}"


def dossier_url(dossier: Dossier, side: Side) -> str:
    """Its screen, from ``side``."""
    try:
        return reverse("instruction:detail" if side == Side.INSTRUCTION else "dossiers:detail", args=[dossier.pk])
    except NoReverseMatch:
        return "/dossiers/"


def may_instruct(user: Any, departement: Territory) -> bool:
    return get_abilities(user).can(Ability.INSTRUCT, departement)


def is_of(user: Any, departement: Territory) -> bool:
    """Whether ``user`` is of an organisation of the département, or of a wider one (région) that holds it."""
    own = get_abilities(user).organisation_ids(Ability.READ_DOSSIERS)
    if not own:
        return False
    theirs = Organisation.objects.filter(pk__in=own).values("territory")
    inside = TerritoryLink.objects.filter(ancestor=departement, descendant__in=theirs)
    around = TerritoryLink.objects.filter(ancestor__in=theirs, descendant=departement)
    return inside.exists() or around.exists()


def departements_of(user: Any) -> QuerySet[Territory]:
    """The départements whose coverage ``user`` may read, by name. As a queryset; one query before it."""
    abilities = get_abilities(user)
    own = abilities.organisation_ids(Ability.READ_DOSSIERS)
    theirs = Organisation.objects.filter(pk__in=own).values("territory")
    where = Q(pk__in=TerritoryLink.objects.filter(descendant__in=theirs).values("ancestor"))
    where |= Q(pk__in=TerritoryLink.objects.filter(ancestor__in=theirs).values("descendant"))
    if abilities.anywhere(Ability.INSTRUCT):
        where |= Q(pk__in=abilities.territories(Ability.INSTRUCT).order_by().values("pk"))
    return Territory.objects.current().filter(where, level=Level.DEPARTEMENT).order_by("search_name", "code")


def picked_clashes(dossier: Dossier, asked: QueryDict) -> list[Clash]:
    """The roadmaps that keep some of the territories ``asked`` names (``perimetre``, several times)."""
    picked = territories_of(asked.getlist("perimetre")[:MOST_PICKED])
    return clashes(dossier.type, picked, dossier) if picked else []

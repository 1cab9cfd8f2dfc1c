"""A segment in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format

from portal.accounts.enums import OrganisationKind
from portal.core.models import Audience
from portal.territories.models import Territory

from ..models import MailingList, Segment
from .conditions import BadConditionsError, Conditions, Reach

NOT_UNDERSTOOD = "Conditions illisibles : ce segment n’atteint personne"


def describe(segment: Segment) -> str:
    """« Abonnés de « La lettre » : dans le territoire Landes ; rôle : hubs ». At most four queries."""
    lists = _names(segment.lists.order_by("name", "pk").values_list("name", flat=True))
    conditions = describe_conditions(segment.conditions)
    beginning = f"Abonnés de {lists}" if lists else "Aucune liste"
    return f"{beginning} : {' ; '.join(conditions)}." if conditions else f"{beginning}."


def describe_conditions(raw: object) -> list[str]:
    """Each condition in a few words, in French. At most three queries."""
    try:
        held = Conditions.read(raw)
    except BadConditionsError:
        return [NOT_UNDERSTOOD]
    said = []
    if held.territory:
        place = Territory.objects.filter(pk=held.territory).first() or "un territoire disparu"
        inside = held.reach == Reach.INSIDE
        said.append(f"dans le territoire {place}" if inside else f"dans {place} ou un territoire qui le contient")
    if held.audiences:
        names = Audience.objects.filter(pk__in=held.audiences).values_list("name", flat=True)
        said.append(f"rôle : {', '.join(names) or 'aucun qui existe encore'}")
    if held.organisation_kinds:
        said.append(
            f"organisation : {', '.join(str(OrganisationKind(kind).label) for kind in held.organisation_kinds)}"
        )
    if held.in_lists or held.not_in_lists:
        names_by_key = dict(
            MailingList.objects.filter(pk__in=[*held.in_lists, *held.not_in_lists]).values_list("pk", "name")
        )
        for keys, words in ((held.in_lists, "aussi abonnés à"), (held.not_in_lists, "pas abonnés à")):
            if keys:
                said.append(f"{words} {_names(sorted(names_by_key[key] for key in keys if key in names_by_key))}")
    if held.clicked_within:
        days = "un jour" if held.clicked_within == 1 else f"{held.clicked_within} jours"
        said.append(f"ont suivi un lien depuis {days} (parmi qui accepte la mesure)")
    if held.subscribed_since:
        said.append(f"abonnés depuis le {date_format(held.subscribed_since, 'j F Y')} ou après")
    return said


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)

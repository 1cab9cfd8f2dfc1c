"""Organisations that people typed and nobody bears yet: joined to one, made, or set aside by those who keep them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from ..abilities import get_abilities
from ..enums import OrganisationKind
from ..models import Organisation, Profile, User
from ..rules import Ability


class ClaimError(Exception):
    """It cannot be done; the message is French, for the person who tried."""


def claims_for(user: User) -> QuerySet[Profile]:
    """The profiles whose organisation is to confirm, of people of the territories where ``user`` keeps them."""
    territories = get_abilities(user).territories(Ability.MANAGE_ORGANISATIONS)
    rows = Profile.objects.exclude(organisation_name="").filter(user__territory__in=territories, user__is_active=True)
    return rows.select_related("user__territory").order_by("organisation_name", "pk")


@transaction.atomic
def join_claim(*, actor: User, claim: Profile, organisation: Organisation) -> int:
    """Give ``organisation`` to everybody in the actor's reach who typed the same; returns how many. A log row.

    Raises :class:`ClaimError` where the claim is out of the actor's reach, or settled since.
    """
    found = _locked(actor, claim)
    same = claims_for(actor).filter(
        organisation_name__iexact=found.organisation_name, organisation_siret=found.organisation_siret
    )
    count = Profile.objects.filter(pk__in=list(same.values_list("pk", flat=True))).update(
        organisation=organisation, organisation_name="", organisation_siret=""
    )
    log(instance=organisation, action="accounts.organisation.join", user=actor, data={"count": count})
    return count


@transaction.atomic
def make_claimed(*, actor: User, claim: Profile, kind: str) -> Organisation:
    """Make the organisation as it was typed, seated on its person's territory, and join the claims to it.

    Raises :class:`ClaimError` as :func:`join_claim`, for an unknown kind, and where its SIRET is taken.
    """
    found = _locked(actor, claim)
    if kind not in OrganisationKind.values:
        raise ClaimError("Choisissez la nature de l’organisation.")
    try:
        with transaction.atomic():
            made = Organisation.objects.create(
                name=found.organisation_name,
                kind=kind,
                siret=found.organisation_siret,
                territory=found.user.territory,
            )
    except IntegrityError as error:
        raise ClaimError("Une organisation a déjà ce SIRET : rattachez-y la personne.") from error
    join_claim(actor=actor, claim=found, organisation=made)
    return made


@transaction.atomic
def set_claim_aside(*, actor: User, claim: Profile) -> None:
    """Take the name out of the profile: it is no organisation. Raises :class:`ClaimError` as :func:`join_claim`."""
    found = _locked(actor, claim)
    found.organisation_name = found.organisation_siret = ""
    found.save(update_fields=["organisation_name", "organisation_siret"])


def _locked(actor: User, claim: Profile) -> Profile:
    found = claims_for(actor).select_for_update(of=("self",)).filter(pk=claim.pk).first()
    if found is None:
        raise ClaimError("Cette organisation est déjà traitée, ou n’est pas de votre périmètre.")
    return found

"""What a list's team does for one person: each act asks for the right, and is logged without the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.core.models import Audience
from portal.territories.models import Territory

from .. import access
from ..addresses import fingerprint, normalise_address
from ..enums import Source, SubscriptionState, SuppressionReason
from ..models import MailingList, Subscriber, Subscription, Suppression
from ..people.rules import PersonRefused
from .proof import activate
from .subscriptions import suppress, unsubscribe

SHORTEST_EVIDENCE = 10


@transaction.atomic
def add_person(
    *,
    actor: User,
    address: str,
    lists: Iterable[MailingList],
    evidence: str,
    name: str = "",
    organisation: str = "",
    organisation_kind: str = "",
    territory: Territory | None = None,
    audiences: Iterable[Audience] = (),
) -> list[Subscription]:
    """Subscribe somebody who agreed otherwise (on paper, at an event), with the proof of it; returns what is new.

    What the person said of themselves already stays; only what is blank is filled. Who left a list comes back by
    themselves alone, and an excluded address is not added. Logged on each list. Raises ``PermissionDenied`` for a list
    that ``actor`` does not manage, :class:`PersonRefused` otherwise.
    """
    wanted = list(lists)
    if not wanted:
        raise PersonRefused("lists", "Choisissez au moins une liste.", "listes")
    for one in wanted:
        if not access.manages_lists(actor, one.territory):
            raise PermissionDenied
        if one.archived_at is not None:
            raise PersonRefused("archived", f"« {one} » est archivée : plus personne ne s’y abonne.", "listes")
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        raise PersonRefused("evidence", "Dites où, quand et comment la personne a donné son accord.", "preuve")
    try:
        normal = normalise_address(address)
    except ValidationError as error:
        raise PersonRefused("address", error.messages[0], "adresse") from error
    if Suppression.objects.filter(fingerprint=fingerprint(normal)).exists():
        raise PersonRefused(
            "suppressed", "Cette adresse est exclue des envois : seule la personne peut revenir.", "adresse"
        )
    known, _ = Subscriber.objects.get_or_create(address=normal)
    person = Subscriber.objects.select_for_update(of=("self",)).get(pk=known.pk)
    held = {row.list_id: row for row in Subscription.objects.filter(subscriber=person, list__in=wanted)}
    if gone := [one for one in wanted if one.pk in held and held[one.pk].state == SubscriptionState.UNSUBSCRIBED]:
        raise PersonRefused("left", f"Cette personne a quitté « {gone[0]} » : elle seule peut s’y réabonner.", "listes")
    _fill(
        person,
        {
            "name": name,
            "organisation": organisation,
            "organisation_kind": organisation_kind,
            "territory": territory,
        },
        audiences,
    )
    new = [one for one in wanted if one.pk not in held or held[one.pk].state != SubscriptionState.ACTIVE]
    made = activate(subscriber=person, lists=new, source=Source.ADMIN, actor=actor, evidence=evidence.strip())
    for one in new:
        log(instance=one, action="newsletters.subscriber.add", user=actor, data={"evidence": evidence.strip()[:300]})
    return made


def _fill(person: Subscriber, said: dict[str, Any], audiences: Iterable[Audience]) -> None:
    blank = [field for field, value in said.items() if value and not getattr(person, field)]
    for field in blank:
        setattr(person, field, said[field])
    if blank:
        person.save(update_fields=blank)
    person.audiences.add(*audiences)


@transaction.atomic
def end_subscription(*, subscription: Subscription, actor: User) -> bool:
    """End one subscription for somebody who asked for it; False where it had ended. Logged on the list.

    Raises ``PermissionDenied``.
    """
    if not access.manages_lists(actor, subscription.list.territory):
        raise PermissionDenied
    if not unsubscribe(subscription=subscription, source=Source.ADMIN, actor=actor):
        return False
    log(instance=subscription.list, action="newsletters.subscriber.end", user=actor)
    return True


@transaction.atomic
def exclude(*, address: str, note: str, actor: User) -> Suppression:
    """Never write to ``address`` again, on any list; the national team's decision, logged.

    Raises ``PermissionDenied`` and :class:`PersonRefused`.
    """
    if not access.is_national(actor):
        raise PermissionDenied
    try:
        normal = normalise_address(address)
    except ValidationError as error:
        raise PersonRefused("address", error.messages[0], "adresse") from error
    suppression = suppress(address=normal, reason=SuppressionReason.MANUAL, note=note, actor=actor)
    log(instance=suppression, action="newsletters.suppression.add", user=actor)
    return suppression


@transaction.atomic
def lift(*, suppression: Suppression, actor: User) -> None:
    """Let an address that the team had excluded be written to again; its subscriptions do not come back. Logged.

    Raises ``PermissionDenied``, and :class:`PersonRefused` for an address that bounces, complained or was erased.
    """
    if not access.is_national(actor):
        raise PermissionDenied
    if suppression.reason != SuppressionReason.MANUAL:
        raise PersonRefused("reason", "Seule une exclusion décidée par l’équipe peut être levée.")
    log(instance=suppression, action="newsletters.suppression.lift", user=actor, title=str(suppression))
    suppression.delete()

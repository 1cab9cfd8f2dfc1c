"""Who may see and change what of lists and subscribers, from the role table of :mod:`portal.accounts.rules`.

Lists are seen by those who write letters for their territory or manage its lists, and changed by the latter. The same
people see the addresses of these lists, and of no other.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.territories.enums import Level
from portal.territories.models import Territory

from .models import (
    Campaign,
    ConsentEvent,
    Delivery,
    Digest,
    LetterSettings,
    MailingList,
    Segment,
    Subscriber,
    Subscription,
)

Person = User | AnonymousUser


def manages_lists(user: Person, territory: Territory | None = None) -> bool:
    """Whether ``user`` may make and change lists of ``territory``; without it, of at least one."""
    return get_abilities(user).can(Ability.MANAGE_LISTS, territory)


def sees_lists(user: Person) -> bool:
    """Whether ``user`` may see the lists (and the addresses) of some territory."""
    abilities = get_abilities(user)
    return abilities.anywhere(Ability.MANAGE_LISTS) or abilities.anywhere(Ability.COMPOSE_LETTER)


def is_national(user: Person) -> bool:
    """Whether ``user`` manages the lists of the whole country: suppressions hold for every list."""
    nation = Territory.objects.filter(level=Level.NATION).first()
    return nation is not None and get_abilities(user).can(Ability.MANAGE_LISTS, nation)


def managed_territories(user: Person) -> QuerySet[Territory]:
    """The territories whose lists ``user`` may make and change."""
    return get_abilities(user).territories(Ability.MANAGE_LISTS)


def visible_lists(user: Person) -> QuerySet[MailingList]:
    """The lists ``user`` may see in the administration, private ones too. One query for the rights."""
    abilities = get_abilities(user)
    return MailingList.objects.filter(
        Q(territory__in=abilities.territories(Ability.MANAGE_LISTS))
        | Q(territory__in=abilities.territories(Ability.COMPOSE_LETTER))
    )


def visible_subscriptions(user: Person) -> QuerySet[Subscription]:
    return Subscription.objects.filter(list__in=visible_lists(user))


def visible_subscribers(user: Person) -> QuerySet[Subscriber]:
    """People subscribed, or who were, to a list that ``user`` may see."""
    return Subscriber.objects.filter(pk__in=visible_subscriptions(user).values("subscriber"))


def visible_consents(user: Person) -> QuerySet[ConsentEvent]:
    """The proofs of these lists, and those that are of no list (being measured) of the people on them."""
    return ConsentEvent.objects.filter(
        Q(list__in=visible_lists(user)) | Q(list=None, subscriber__in=visible_subscribers(user))
    )


def may_compose(user: Person, territory: Territory) -> bool:
    """Whether ``user`` may write letters and prepare their sending for ``territory``."""
    abilities = get_abilities(user)
    return abilities.can(Ability.COMPOSE_LETTER, territory) or abilities.can(Ability.SEND_LETTER, territory)


def may_send(user: Person, territory: Territory) -> bool:
    """Whether ``user`` may send the letters of ``territory``, stop them, and read who received them."""
    return get_abilities(user).can(Ability.SEND_LETTER, territory)


def composed_territories(user: Person) -> QuerySet[Territory]:
    """The territories for which :func:`may_compose` holds."""
    abilities = get_abilities(user)
    held = (abilities.territories(Ability.COMPOSE_LETTER), abilities.territories(Ability.SEND_LETTER))
    return Territory.objects.filter(Q(pk__in=held[0].values("pk")) | Q(pk__in=held[1].values("pk")))


def sending_territories(user: Person) -> QuerySet[Territory]:
    """The territories for which :func:`may_send` holds."""
    return get_abilities(user).territories(Ability.SEND_LETTER)


def visible_campaigns(user: Person) -> QuerySet[Campaign]:
    """The sendings of the territories ``user`` writes or sends letters for."""
    return Campaign.objects.filter(territory__in=composed_territories(user))


def visible_deliveries(user: Person) -> QuerySet[Delivery]:
    """The copies, with their addresses, of the sendings and to the lists of where ``user`` sends letters."""
    mine = sending_territories(user)
    return Delivery.objects.filter(campaign__territory__in=mine, list__territory__in=mine)


def visible_segments(user: Person) -> QuerySet[Segment]:
    """The segments of the territories whose lists ``user`` sees."""
    abilities = get_abilities(user)
    return Segment.objects.filter(
        Q(territory__in=abilities.territories(Ability.MANAGE_LISTS))
        | Q(territory__in=abilities.territories(Ability.COMPOSE_LETTER))
    )


def visible_settings(user: Person) -> QuerySet[LetterSettings]:
    """What the territories whose lists ``user`` sees decided of their sendings."""
    return LetterSettings.objects.filter(territory__in=composed_territories(user))


def visible_digests(user: Person) -> QuerySet[Digest]:
    """The recurring letters of the territories ``user`` writes letters for or whose lists they manage."""
    return Digest.objects.filter(
        Q(territory__in=composed_territories(user).values("pk"))
        | Q(territory__in=managed_territories(user).values("pk"))
    )

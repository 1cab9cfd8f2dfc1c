"""What the screens of a sending read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from wagtail.models import ModelLogEntry

from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, Reach, reach, roles_with
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from .. import access
from ..enums import DeliveryState, SubscriptionState
from ..letters.checks import Problem, problems
from ..letters.rendering import RenderedLetter, render
from ..models import Campaign, Delivery, MailingList, NewsletterPage, Segment, SendingSwitch
from ..sending.headers import Sender, sender_of

#: Lists offered by the form; a territory that has more is written to by segments.
MOST_LISTS: Final = 500
HISTORY_SHOWN: Final = 30


def offered_lists(user: Any, territory: Territory) -> QuerySet[MailingList]:
    """The lists a letter of ``territory`` may go to: of it and inside it, in use, that ``user`` sees; the territory's
    own first, each with ``people``, its active subscriptions."""
    inside = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
    active = Count("subscriptions", filter=Q(subscriptions__state=SubscriptionState.ACTIVE))
    own_first = Case(When(territory=territory, then=Value(0)), default=Value(1))
    return (
        access.visible_lists(user)
        .current()  # type: ignore[attr-defined]
        .filter(territory__in=inside)
        .select_related("territory")
        .annotate(people=active)
        .order_by(own_first, "territory__name", "-is_default", "name", "pk")
    )


def offered_segments(user: Any, territory: Territory) -> QuerySet[Segment]:
    """The segments a letter of ``territory`` may go to: all of whose lists ``user`` sees."""
    inside = TerritoryLink.objects.filter(ancestor=territory).values("descendant")
    hidden = MailingList.objects.filter(segments=OuterRef("pk")).exclude(
        pk__in=access.visible_lists(user).order_by().values("pk")
    )
    return (
        access.visible_segments(user)
        .filter(~Exists(hidden), territory__in=inside, archived_at=None)
        .select_related("territory")
        .order_by("territory__name", "name", "pk")
    )


def lists_written_to(campaign: Campaign) -> list[MailingList]:
    """The lists of the campaign and of its segments. One query."""
    found = MailingList.objects.filter(Q(campaigns=campaign) | Q(segments__campaigns=campaign))
    return list(found.distinct().order_by("name", "pk"))


def senders_of(campaign: Campaign) -> list[Sender]:
    """In whose name it goes, each once."""
    return list(dict.fromkeys(sender_of(one) for one in lists_written_to(campaign)))


def may_let_go(user: Any, campaign: Campaign) -> bool:
    """Whether ``user`` sends letters in the campaign's territory and in those of all its lists. Three queries."""
    if not access.may_send(user, campaign.territory):
        return False
    mine = access.sending_territories(user).order_by().values("pk")
    lists = MailingList.objects.filter(Q(campaigns=campaign) | Q(segments__campaigns=campaign))
    return not lists.exclude(territory__in=mine).exists()


def senders_for(territory: Territory) -> list[tuple[User, int]]:
    """Who sends letters for ``territory``, held there or above it, with the rank of the level they hold it on, the
    nearest first. One query."""
    above = TerritoryLink.objects.filter(descendant=territory).values("ancestor")
    held = (
        Membership.objects.valid()
        .filter(role__in=roles_with(Ability.SEND_LETTER), territory__in=above, user__is_active=True)
        .select_related("user", "territory")
        .order_by("user__last_name", "user__first_name", "pk")
    )
    found: dict[int, tuple[User, int]] = {}
    for one in held:
        level = Level(one.territory.level)  # type: ignore[union-attr]
        if reach(one.role, Ability.SEND_LETTER) == Reach.FRANCE and level != Level.NATION:
            continue
        if one.user_id not in found or found[one.user_id][1] < level.rank:
            found[one.user_id] = (one.user, level.rank)
    return sorted(found.values(), key=lambda each: -each[1])


def approvers_of(campaign: Campaign, *, nearest: bool = False) -> list[User]:
    """Who may approve it: neither who asked, nor who last edited the letter. ``nearest``: of the nearest level that
    has somebody, for who is told. One query."""
    revision = campaign.frozen_revision
    barred = {campaign.requested_by_id, revision.user_id if revision else None}
    found = [(user, rank) for user, rank in senders_for(campaign.territory) if user.pk not in barred]
    return [user for user, rank in found if not nearest or rank == found[0][1]]


@dataclass(frozen=True)
class Checked:
    """The letter as it would leave now, and what is wrong with it."""

    rendered: RenderedLetter
    found: list[Problem]

    @property
    def forbids(self) -> bool:
        return any(each.level == "error" for each in self.found)


def check_letter(letter: NewsletterPage) -> Checked | None:
    """The letter's latest revision, checked; None for one that was never saved. Writes nothing."""
    revision = letter.get_latest_revision()
    if revision is None:
        return None
    draft = revision.as_object()
    rendered = render(draft)
    return Checked(rendered, problems(draft, rendered))


def history_of(campaign: Campaign) -> list[ModelLogEntry]:
    """What was done of it, the latest first. One query."""
    found = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Campaign), object_id=str(campaign.pk)
    )
    return list(found.select_related("user").order_by("-timestamp", "-pk")[:HISTORY_SHOWN])


def uncertain(campaign: Campaign) -> QuerySet[Delivery]:
    return Delivery.objects.filter(campaign=campaign, state=DeliveryState.UNKNOWN).order_by("pk")


def emergency() -> SendingSwitch | None:
    """The switch, where all sendings are stopped. One query."""
    return SendingSwitch.objects.exclude(stopped_at=None).select_related("stopped_by").first()


def with_unknown(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """With ``unknown``: whether copies of it are uncertain."""
    return campaigns.annotate(
        unknown=Exists(Delivery.objects.filter(campaign=OuterRef("pk"), state=DeliveryState.UNKNOWN))
    )

"""What people do to campaigns. Each act checks its rights, what its author saw, and writes one row of the log."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.territories.models import Territory

from .. import access
from ..enums import CampaignState, PauseReason
from ..models import Campaign, LetterSettings, MailingList, NewsletterPage, Segment, SendingSwitch, TrackedLink
from ..models.settings import APPROVAL_THRESHOLD
from ..rules import Action, CampaignRefused, target
from ..sending.audience import audience_count
from ..signals import campaign_changed

#: What a person may set on a campaign that is in preparation.
OPTIONS = (
    "time_zone",
    "window_start",
    "window_end",
    "weekdays_only",
    "per_minute",
    "per_hour",
    "per_day",
    "error_percent",
)
# A moment that has just passed is now: the form was open a while.
LATE = dt.timedelta(hours=1)
FARTHEST = dt.timedelta(days=366)


@transaction.atomic
def create_campaign(
    *,
    letter: NewsletterPage,
    actor: User,
    lists: Iterable[MailingList] = (),
    segments: Iterable[Segment] = (),
    **options: Any,
) -> Campaign:
    """Begin the sending of ``letter``, in preparation. ``options``: :data:`OPTIONS`.

    What is left out follows the territory: its time zone, its hourly rate, its ratio of errors. Raises
    ``PermissionDenied`` where ``actor`` does not write letters there, :class:`CampaignRefused` (``lists``, ``option``).
    """
    if letter.space is None:
        raise CampaignRefused("lists", "Cette lettre n’est dans aucun espace.")
    territory = letter.space.territory
    if not access.may_compose(actor, territory):
        raise PermissionDenied
    settings = settings_of(territory)
    defaults = {
        "time_zone": territory.time_zone,
        "per_hour": settings.per_hour,
        "error_percent": settings.error_percent,
    }
    campaign = Campaign(letter=letter, territory=territory, created_by=actor, **_checked(defaults | options))
    _full_clean(campaign)
    campaign.save()
    _set_audience(campaign, actor, lists, segments)
    _log(campaign, "create", actor)
    return campaign


@transaction.atomic
def change_campaign(
    *,
    campaign: Campaign,
    actor: User,
    version: int,
    lists: Iterable[MailingList] | None = None,
    segments: Iterable[Segment] | None = None,
    **options: Any,
) -> Campaign:
    """Change who gets it, or how, while it is in preparation. What was approved must be approved again.

    Raises ``PermissionDenied`` and :class:`CampaignRefused`.
    """
    one = _begin(campaign, version, Action.CHANGE)
    if not access.may_compose(actor, one.territory):
        raise PermissionDenied
    for name, value in _checked(options).items():
        setattr(one, name, value)
    _full_clean(one)
    _forget_approval(one)
    if lists is not None or segments is not None:
        _set_audience(
            one,
            actor,
            one.lists.all() if lists is None else lists,
            one.segments.all() if segments is None else segments,
        )
    return _done(one, Action.CHANGE, actor)


@transaction.atomic
def request_approval(*, campaign: Campaign, actor: User, version: int) -> Campaign:
    """Freeze the letter as it is now and ask a second person to read it.

    Raises ``PermissionDenied`` and :class:`CampaignRefused` (``problems``, ``nobody``).
    """
    one = _begin(campaign, version, Action.REQUEST)
    if not access.may_compose(actor, one.territory):
        raise PermissionDenied
    _require_people(one)
    _forget_approval(one)
    freeze(one)
    one.requested_by, one.requested_at = actor, timezone.now()
    return _done(one, Action.REQUEST, actor)


@transaction.atomic
def approve(*, campaign: Campaign, actor: User, version: int) -> Campaign:
    """Agree to what was frozen. Never by who asked, nor by who last edited the letter (``same_person``)."""
    one = _begin(campaign, version, Action.APPROVE)
    _require_sender(one, actor)
    if one.requested_at is None:
        raise CampaignRefused("approval", "Personne n’a demandé d’approbation pour cet envoi.")
    editor = one.frozen_revision.user_id if one.frozen_revision else None
    if actor.pk in (one.requested_by_id, editor):
        raise CampaignRefused("same_person", "Une autre personne que l’auteur de la lettre doit approuver cet envoi.")
    _require_unchanged(one)
    one.approved_by, one.approved_at = actor, timezone.now()
    return _done(one, Action.APPROVE, actor)


@transaction.atomic
def send_back(*, campaign: Campaign, actor: User, version: int, reason: str = "") -> Campaign:
    """Refuse the approval, or give it up: the letter is free again. ``reason`` goes into the log and to the author."""
    one = _begin(campaign, version, Action.SEND_BACK)
    if not (access.may_send(actor, one.territory) or actor.pk == one.requested_by_id):
        raise PermissionDenied
    if one.requested_at is None:
        raise CampaignRefused("approval", "Personne n’a demandé d’approbation pour cet envoi.")
    author = one.requested_by
    _forget_approval(one)
    return _done(one, Action.SEND_BACK, actor, reason=reason, author=author)


@transaction.atomic
def schedule(*, campaign: Campaign, actor: User, version: int, at: dt.datetime | None = None) -> Campaign:
    """Have it leave at ``at`` (aware), or at once. Freezes the letter, unless what was approved is frozen already.

    A worker is woken after commit. Raises ``PermissionDenied`` and :class:`CampaignRefused` (``approval``,
    ``changed``, ``problems``, ``nobody``, ``past``).
    """
    one = _begin(campaign, version, Action.SCHEDULE)
    _require_sender(one, actor)
    now = timezone.now()
    at = at or now
    if at < now - LATE:
        raise CampaignRefused("past", "Cette date est passée.", "scheduled_at")
    if at > now + FARTHEST:
        raise CampaignRefused("past", "Un envoi se programme un an à l’avance au plus.", "scheduled_at")
    _require_people(one)
    if one.approved_at is not None:
        _require_unchanged(one)
    elif needs_approval(one):
        raise CampaignRefused("approval", "Une seconde personne doit d’abord approuver cet envoi.")
    else:
        freeze(one)
    one.scheduled_at = max(at, now)
    return _done(one, Action.SCHEDULE, actor)


@transaction.atomic
def unschedule(*, campaign: Campaign, actor: User, version: int) -> Campaign:
    """Back to preparation, before it left; its approval is to be given again."""
    one = _begin(campaign, version, Action.UNSCHEDULE)
    _require_sender(one, actor)
    _forget_approval(one)
    one.scheduled_at = None
    return _done(one, Action.UNSCHEDULE, actor)


@transaction.atomic
def pause(*, campaign: Campaign, actor: User, version: int, reason: str = "") -> Campaign:
    """Stop before the next batch: what a worker has in hand is finished."""
    one = _begin(campaign, version, Action.PAUSE)
    _require_sender(one, actor)
    one.pause_reason, one.pause_detail = PauseReason.PERSON, reason[:300]
    return _done(one, Action.PAUSE, actor)


@transaction.atomic
def resume(*, campaign: Campaign, actor: User, version: int) -> Campaign:
    """Go on with those still waiting. Whoever was sent, or may have been, is not written to again."""
    one = _begin(campaign, version, Action.RESUME)
    _require_sender(one, actor)
    one.pause_reason, one.pause_detail, one.retry_at, one.transport_failures = "", "", None, 0
    return _done(one, Action.RESUME, actor)


@transaction.atomic
def cancel(*, campaign: Campaign, actor: User, version: int, reason: str = "") -> Campaign:
    """End it for good. Copies still waiting are marked « non envoyé » by the next worker."""
    one = _begin(campaign, version, Action.CANCEL)
    if one.state == CampaignState.DRAFT:
        if not access.may_compose(actor, one.territory):
            raise PermissionDenied
    else:
        _require_sender(one, actor)
    one.finished_at, one.pause_detail = timezone.now(), reason[:300]
    return _done(one, Action.CANCEL, actor, reason=reason)


@transaction.atomic
def stop_all_sending(*, actor: User, reason: str) -> SendingSwitch:
    """The emergency stop: no worker takes another batch, of any campaign, until :func:`allow_sending`."""
    if not access.is_national(actor):
        raise PermissionDenied
    switch, _ = SendingSwitch.objects.update_or_create(
        pk=1, defaults={"stopped_at": timezone.now(), "stopped_by": actor, "reason": reason[:300]}
    )
    log(instance=switch, action="newsletters.sending.stop", user=actor, data={"reason": reason[:300]})
    return switch


@transaction.atomic
def allow_sending(*, actor: User) -> None:
    """End the emergency stop."""
    if not access.is_national(actor):
        raise PermissionDenied
    switch, _ = SendingSwitch.objects.update_or_create(
        pk=1, defaults={"stopped_at": None, "stopped_by": None, "reason": ""}
    )
    log(instance=switch, action="newsletters.sending.allow", user=actor)


def needs_approval(campaign: Campaign) -> bool:
    """Whether so many people would get it that a second person must agree. Two queries or more."""
    count = audience_count(lists=campaign.lists.all(), segments=campaign.segments.all())
    return count >= settings_of(campaign.territory).approval_threshold


def settings_of(territory: Territory) -> LetterSettings:
    """The territory's rules of sending; the defaults, unsaved, where it set none. One query."""
    found = LetterSettings.objects.filter(territory=territory).first()
    return found or LetterSettings(territory=territory, approval_threshold=APPROVAL_THRESHOLD)


def freeze(campaign: Campaign) -> None:
    """Render the letter's latest revision into the campaign, with the pages it shows and its links. Not saved.

    Raises :class:`CampaignRefused` (``problems``) where a check forbids sending.
    """
    from ..letters.checks import problems
    from ..letters.rendering import render

    revision = campaign.letter.get_latest_revision()
    if revision is None:
        raise CampaignRefused("problems", "Cette lettre n’a pas encore été enregistrée.")
    letter = revision.as_object()
    rendered = render(letter)
    if errors := [each.message for each in problems(letter, rendered) if each.level == "error"]:
        raise CampaignRefused("problems", " ".join(errors))
    campaign.frozen_at, campaign.frozen_revision = timezone.now(), revision
    campaign.frozen_pages = rendered.pages
    campaign.subject, campaign.preheader = rendered.subject, rendered.preheader
    campaign.html, campaign.text = rendered.html, rendered.text
    campaign.links.all().delete()
    TrackedLink.objects.bulk_create(
        TrackedLink(campaign=campaign, position=link.position, url=link.url, label=link.label[:200])
        for link in rendered.links
    )


def _begin(campaign: Campaign, version: int, action: Action) -> Campaign:
    """The campaign under its lock, as the actor saw it and in a state that allows ``action``."""
    one = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("territory", "letter", "frozen_revision", "requested_by")
        .get(pk=campaign.pk)
    )
    if one.version != version:
        raise CampaignRefused("stale", "Quelqu’un a modifié cet envoi entre-temps : relisez-le avant d’agir.")
    target(one.state, action)
    return one


def _done(one: Campaign, action: Action, actor: User | None, **data: Any) -> Campaign:
    """Write the state ``action`` leads to, its log row, and tell who listens (inside the transaction)."""
    one.state = target(one.state, action)
    one.version += 1
    one.save()
    _log(one, action, actor, reason=data.get("reason", ""))
    campaign_changed.send(Campaign, campaign=one, action=action, actor=actor, **data)
    return one


def _log(one: Campaign, action: str, actor: User | None, reason: str = "") -> None:
    data: dict[str, Any] = {"letter": one.letter_id, "title": str(one)}
    if reason:
        data["reason"] = reason[:300]
    log(instance=one, action=f"newsletters.campaign.{action}", user=actor, title=str(one)[:200], data=data)


def _require_sender(one: Campaign, actor: User) -> None:
    """Who lets it go must send letters in its territory and in that of each of its lists."""
    if not access.may_send(actor, one.territory):
        raise PermissionDenied
    mine = get_abilities(actor).territories(Ability.SEND_LETTER)
    lists = MailingList.objects.filter(campaigns=one) | MailingList.objects.filter(segments__campaigns=one)
    if lists.exclude(territory__in=mine).exists():
        raise PermissionDenied


def _require_people(one: Campaign) -> None:
    if not audience_count(lists=one.lists.all(), segments=one.segments.all()):
        raise CampaignRefused("nobody", "Personne ne recevrait cette lettre : choisissez une liste.", "lists")


def _require_unchanged(one: Campaign) -> None:
    latest = one.letter.get_latest_revision()
    if latest is None or latest.pk != one.frozen_revision_id:
        raise CampaignRefused("changed", "La lettre a changé depuis la demande d’approbation : demandez-la de nouveau.")


def _forget_approval(one: Campaign) -> None:
    one.requested_by = one.approved_by = None
    one.requested_at = one.approved_at = None


def _set_audience(one: Campaign, actor: User, lists: Iterable[MailingList], segments: Iterable[Segment]) -> None:
    """Only lists that ``actor`` may see, and segments made of such lists alone."""
    chosen, parts = list(lists), list(segments)
    seen = access.visible_lists(actor).filter(archived_at=None)
    wanted = {each.pk for each in chosen}
    if seen.filter(pk__in=wanted).count() != len(wanted):
        raise CampaignRefused("lists", "Une des listes choisies n’est pas ou plus à votre portée.", "lists")
    beneath = MailingList.objects.filter(segments__in=[each.pk for each in parts])
    if beneath.exclude(pk__in=access.visible_lists(actor).values("pk")).exists():
        raise CampaignRefused("lists", "Un des segments choisis n’est pas à votre portée.", "segments")
    one.lists.set(chosen)
    one.segments.set(parts)


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    unknown = set(options) - set(OPTIONS)
    if unknown:
        raise TypeError(f"No options of a campaign: {sorted(unknown)}")
    return options


def _full_clean(one: Campaign) -> None:
    if one.time_zone not in zoneinfo.available_timezones():
        raise CampaignRefused("option", "Ce fuseau horaire n’existe pas.", "time_zone")
    if (one.window_start is None) != (one.window_end is None) or (
        one.window_start is not None and one.window_end is not None and one.window_start >= one.window_end
    ):
        raise CampaignRefused("window", "Donnez une heure de début et une heure de fin, la fin après.", "window_end")
    for name in ("per_minute", "per_hour", "per_day"):
        if getattr(one, name) == 0:
            raise CampaignRefused("option", "Laissez vide pour ne pas limiter la cadence.", name)
    try:
        one.clean_fields(exclude=["letter", "territory", "subject", "html"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise CampaignRefused("option", messages[0], field) from error

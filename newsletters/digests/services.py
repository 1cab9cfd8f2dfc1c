"""Drafts that write themselves, once a moment, and what a person decides of them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.services import notify
from portal.territories.models import Space

from .. import access
from ..enums import DigestRhythm
from ..letters.selection import Criteria, propose
from ..letters.words import date_text
from ..models import Digest, NewsletterPage
from ..services.letters import LetterError, draft_letter, pages_inside
from .moments import next_moment
from .notices import Empty, Impossible, Ready

logger = logging.getLogger(__name__)

# How far back a draft looks at the most: after a long stop nobody wants a year of news.
HORIZON: Final = timedelta(days=62)


@transaction.atomic
def save_digest(*, actor: User, digest: Digest, stopped: bool) -> Digest:
    """Keep what the form holds; ``stopped`` stops it or lets it go on. The next moment is counted from now for a new
    one, another rhythm, or one that goes on; else it stays, whatever a tick did meanwhile.

    Raises ``PermissionDenied`` for who does not manage the lists of its territory, before and after.
    """
    before = Digest.objects.select_for_update().filter(pk=digest.pk).first() if digest.pk else None
    for territory in {digest.territory, before.territory if before else digest.territory}:
        if not access.manages_lists(actor, territory):
            raise PermissionDenied
    now = timezone.now()
    was_stopped = before.stopped_at if before else None
    digest.stopped_at = (was_stopped or now) if stopped else None
    schedule = ("territory_id", "rhythm", "weekday", "month_day", "hour")
    moved = before is None or any(getattr(before, name) != getattr(digest, name) for name in schedule)
    if moved or (was_stopped and not stopped):
        digest.next_at = next_moment(digest, now)
    elif before is not None:
        digest.next_at = before.next_at
    if before is not None:
        digest.last_at = before.last_at
    digest.save()
    return digest


def draft_due(now: datetime | None = None) -> int:
    """Write every draft that is due; the number written. For the schedule: it may run late, twice, or die anywhere."""
    now = now or timezone.now()
    due = (
        Digest.objects.filter(stopped_at=None, next_at__lte=now).order_by("next_at", "pk").values_list("pk", "next_at")
    )
    written = 0
    for pk, moment in list(due):
        try:
            written += draft_one(pk, moment, now) is not None
        except Exception:
            # One that fails is tried again at the next tick, and keeps no other waiting.
            logger.exception("The digest %s cannot be drafted.", pk)
    return written


@transaction.atomic
def draft_one(pk: int, moment: datetime, now: datetime) -> NewsletterPage | None:
    """The draft of the digest ``pk`` for ``moment``, or None: nothing to tell, not possible, or another run has it.

    One UPDATE takes the moment, in the transaction that writes the draft and the notice: who dies leaves neither, and
    of two at once one finds nothing to take. Moments missed meanwhile are not made up for: one draft covers them.
    """
    digest = Digest.objects.select_related("territory", "list", "owner").get(pk=pk)
    following = next_moment(digest, now)
    taken = Digest.objects.filter(pk=pk, next_at=moment, stopped_at=None).update(next_at=following)
    if not taken:
        return None
    space = Space.objects.filter(territory=digest.territory, closed_at=None).first()
    if space is None or digest.list.archived_at is not None:
        why = "l’espace est fermé" if space is None else "la liste est archivée"
        _tell(digest, moment, Impossible.kind, why=why)
        return None
    criteria = _criteria(digest, now)
    last = digest.letters.order_by("-pk").first()
    told = pages_inside(last.get_latest_revision_as_object()) if last else set()
    # An event that is still to come is told again, an article is not.
    chosen = [one for one in propose(criteria) if one.kind == "event" or one.pk not in told]
    if not chosen:
        _tell(digest, moment, Empty.kind)
        return None
    try:
        # A savepoint: the moment stays taken where the draft cannot be written.
        letter = draft_letter(
            space=space,
            actor=None,
            title=f"{digest.name} du {date_text(now, criteria.zone)}",
            criteria=criteria,
            chosen=chosen,
            introduction=digest.introduction,
            mailing_list=digest.list,
            digest=digest,
        )
    except LetterError as error:
        _tell(digest, moment, Impossible.kind, why=str(error))
        return None
    Digest.objects.filter(pk=pk).update(last_at=now)
    _tell(digest, moment, Ready.kind, letter=letter)
    return letter


def _criteria(digest: Digest, now: datetime) -> Criteria:
    """Since the last draft, or one rhythm; never further back than :data:`HORIZON`."""
    zone = ZoneInfo(digest.territory.time_zone)
    usual = now - timedelta(days=7 if digest.rhythm == DigestRhythm.WEEKLY else 31)
    since = max(digest.last_at or usual, now - HORIZON)
    return Criteria(territory=digest.territory, since=since.astimezone(zone).date(), until=now.astimezone(zone).date())


def _tell(digest: Digest, moment: datetime, kind: str, letter: NewsletterPage | None = None, why: str = "") -> None:
    """Tell the owner, if they still write letters there."""
    owner = digest.owner
    if owner is None or not owner.is_active or not access.may_compose(owner, digest.territory):
        return
    # Who sends without writing may look, not edit: this screen is for both.
    name = "letter_checks" if letter else "newsletters_digest_modeladmin_index"
    notify(
        kind,
        recipients=[owner],
        event=f"digest:{digest.pk}:{moment.isoformat()}",
        url=reverse(name, args=[letter.pk] if letter else []),
        context={
            "title": letter.title if letter else digest.name,
            "letter": letter.pk if letter else None,
            "territory": str(digest.territory),
            "why": why,
        },
    )

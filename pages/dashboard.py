"""What « Mon espace » shows of pages: reviews, reports, proposals, drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.permissions import policy_registry

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.dashboard import CardContent, Entry

from .enums import ProposalState, ReportState
from .models import Proposal
from .moderation.selectors import queue
from .reports.selectors import reports_for, stale_for

SHOWN = 5
EXPIRING = timedelta(days=30)
#: Counting further costs more than it tells.
MOST_COUNTED = 1000


def reviews(*, user: User) -> CardContent | None:
    """What waits for a review in the spaces the person reviews, oldest first. Three queries."""
    if not get_abilities(user).anywhere(Ability.REVIEW):
        return None
    waiting = queue(user, scope="all")
    entries = [
        Entry(
            item.title,
            reverse("review_item", args=[item.pk]),
            detail=str(item.space),
            badge=item.get_origin_display(),
            moment=item.submitted_at,
        )
        for item in waiting.select_related("space__territory")[:SHOWN]
    ]
    return CardContent(
        entries,
        count=waiting.order_by().values("pk")[:MOST_COUNTED].count(),
        url=reverse("review_queue"),
        link="Relire",
        empty="Rien n’attend votre relecture.",
    )


def reports(*, user: User) -> CardContent | None:
    """Readers' reports nobody answered yet. Three queries."""
    if not get_abilities(user).anywhere(Ability.REVIEW):
        return None
    waiting = reports_for(user).filter(state=ReportState.OPEN)
    entries = [
        Entry(
            report.title,
            reverse("page_report", args=[report.pk]),
            str(report.space),
            report.get_reason_display(),
            report.updated_at,
        )
        for report in waiting.select_related("space__territory")[:SHOWN]
    ]
    return CardContent(
        entries,
        count=waiting.order_by().values("pk")[:MOST_COUNTED].count(),
        url=reverse("page_reports"),
        link="Tous les signalements",
        empty="Aucun signalement à traiter.",
    )


def stale(*, user: User) -> CardContent | None:
    """How many of the person's pages nobody read for a year. Two queries."""
    if not get_abilities(user).anywhere(Ability.PUBLISH):
        return None
    count = stale_for(user).order_by().values("pk")[:MOST_COUNTED].count()
    return CardContent(
        count=count, url=reverse("stale_pages"), link="Les relire", empty="Toutes vos pages ont été relues."
    )


def proposals(*, user: User) -> CardContent | None:
    """The person's own proposals: those sent back to them first, then the latest. Three queries."""
    mine = Proposal.objects.of(user)
    if not get_abilities(user).anywhere(Ability.PROPOSE) and not mine.exists():
        return None
    counts = mine.aggregate(asked=Count("pk", filter=Q(state=ProposalState.CHANGES_REQUESTED)))
    first = Q(state=ProposalState.CHANGES_REQUESTED)
    found = list(mine.filter(first)[:SHOWN])
    found += list(mine.exclude(first)[: SHOWN - len(found)])
    entries = [
        Entry(
            str(proposal),
            _proposal_address(proposal),
            proposal.get_kind_display(),
            proposal.get_state_display(),
            proposal.updated_at,
        )
        for proposal in found
    ]
    return CardContent(
        entries,
        count=counts["asked"] or None,
        url=reverse("contribution:index"),
        link="Toutes mes contributions",
        empty="Vous n’avez encore rien proposé. Une actualité, un événement, une ressource de votre territoire\u00a0?",
    )


def _proposal_address(proposal: Proposal) -> str:
    """A draft is gone on with; the rest is looked at first."""
    name = "edit" if proposal.state == ProposalState.DRAFT else "detail"
    return reverse(f"contribution:{name}", args=[proposal.pk])


def drafts(*, user: User) -> CardContent | None:
    """The pages the person wrote that wait to be published, latest first. Three queries."""
    if not get_abilities(user).anywhere(Ability.ACCESS_ADMIN):
        return None
    editable = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    found = (
        editable.filter(owner=user, has_unpublished_changes=True)
        .select_related("fact__space__territory")
        .order_by("-latest_revision_created_at", "-pk")
    )
    entries = [
        Entry(
            page.draft_title or page.title,
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            _space_of(page),
            "Modifiée" if page.live else "Brouillon",
            page.latest_revision_created_at,
        )
        for page in found[:SHOWN]
    ]
    return CardContent(
        entries, url=reverse("my_pages:index"), link="Toutes mes pages", empty="Vous n’avez aucun brouillon."
    )


def _space_of(page: Any) -> str:
    fact = getattr(page, "fact", None)
    return str(fact.space) if fact and fact.space else ""


def expiring(*, user: User) -> CardContent | None:
    """The person's published pages that will be taken offline by themselves within a month. Two queries."""
    if not get_abilities(user).anywhere(Ability.PUBLISH):
        return None
    now = timezone.now()
    editable = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "publish")
    found = (
        editable.filter(live=True, expire_at__gt=now, expire_at__lte=now + EXPIRING)
        .select_related("fact__space__territory")
        .order_by("expire_at", "pk")
    )
    entries = [
        Entry(
            page.title,
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            _space_of(page),
            "Périme bientôt",
            page.expire_at,
        )
        for page in found[:SHOWN]
    ]
    return CardContent(
        entries,
        url=f"{reverse('my_pages:index')}?etat=expired",
        link="Pages périmées",
        empty="Aucune page ne sera retirée dans les trente jours.",
    )

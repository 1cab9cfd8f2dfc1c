"""The card of « Mon espace »: the sendings that wait for the person, are under way, or have uncertain copies."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.urls import reverse

from portal.accounts.models import User
from portal.core.dashboard import CardContent, Entry

from .. import access
from ..enums import CampaignState
from ..models import Campaign
from .guards import composes, sends
from .selectors import with_unknown

SHOWN = 6


def sendings(*, user: User) -> CardContent | None:
    """Nothing for who writes no letters. Three queries and the person's roles, whatever there is."""
    if not composes(user):
        return None
    to_approve = Q(state=CampaignState.DRAFT, requested_at__isnull=False, approved_at=None) & ~Q(requested_by=user)
    to_approve &= Q(territory__in=access.sending_territories(user)) if sends(user) else Q(pk__in=[])
    under_way = Q(state__in=[CampaignState.SCHEDULED, CampaignState.RUNNING, CampaignState.PAUSED])
    mine = with_unknown(access.visible_campaigns(user)).select_related("letter", "territory")
    found = (
        mine.filter(to_approve | under_way | Q(unknown=True, territory__in=access.sending_territories(user)))
        .defer("html", "text", "frozen_pages")
        .order_by("-requested_at", "-scheduled_at", "-pk")
    )
    shown = list(found[: SHOWN + 1])
    count = len(shown) if len(shown) <= SHOWN else found.count()
    entries = [
        Entry(str(one), reverse("campaign", args=[one.uuid]), str(one.territory), _badge(one), _moment(one))
        for one in shown[:SHOWN]
    ]
    return CardContent(
        entries,
        count,
        reverse("newsletters_campaign_modeladmin_index"),
        "Tous les envois",
        "Aucun envoi en cours ni à approuver.",
    )


def _badge(one: Campaign) -> str:
    if one.state == CampaignState.DRAFT:
        return "À approuver"
    if one.state == CampaignState.FINISHED or one.state == CampaignState.CANCELLED:
        return "Copies incertaines"
    return str(one.get_state_display())


def _moment(one: Campaign) -> dt.datetime | None:
    return one.requested_at if one.state == CampaignState.DRAFT else one.scheduled_at

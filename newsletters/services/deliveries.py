"""What a person decides of one copy."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.models import User

from .. import access
from ..enums import CampaignState, DeliveryState
from ..models import Campaign, Delivery
from ..rules import Action, CampaignRefused, target
from ..signals import campaign_changed


@transaction.atomic
def settle_unknown(*, delivery: Delivery, actor: User, sent: bool = False, resend: bool = False) -> Delivery:
    """Say what became of an uncertain copy: it left (``sent``), it did not, or it did not and is to be sent again.

    Sending again is the person's decision, and theirs alone: the address may get the letter twice. It opens a finished
    campaign again. Logged on the campaign, without the address. Raises ``PermissionDenied`` and
    :class:`CampaignRefused` (``state``) for a copy that is not uncertain any more, or whose campaign was cancelled.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("territory").get(pk=delivery.campaign_id)
    if not access.may_send(actor, campaign.territory):
        raise PermissionDenied
    one = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if one.state != DeliveryState.UNKNOWN:
        raise CampaignRefused("state", "Le sort de cette copie est connu entre-temps.")
    now = timezone.now()
    one.claim, one.settled_at = None, now
    if resend:
        if campaign.state == CampaignState.FINISHED:
            campaign.state, campaign.finished_at = target(campaign.state, Action.REOPEN), None
            campaign.version += 1
            campaign.save(update_fields=["state", "finished_at", "version"])
            campaign_changed.send(Campaign, campaign=campaign, action=Action.REOPEN, actor=actor)
        elif campaign.state == CampaignState.CANCELLED:
            raise CampaignRefused("state", "Cet envoi est annulé.")
        one.state, one.due_at, one.attempts, one.settled_at = DeliveryState.WAITING, now, 0, None
    elif sent:
        one.state, one.sent_at = DeliveryState.ACCEPTED, one.sent_at or now
    else:
        one.state = DeliveryState.FAILED
    one.save(update_fields=["claim", "settled_at", "state", "due_at", "attempts", "sent_at"])
    decision = "resend" if resend else "sent" if sent else "not_sent"
    data = {"copy": one.pk, "decision": decision}
    log(instance=campaign, action="newsletters.delivery.settle", user=actor, title=str(campaign)[:200], data=data)
    return one

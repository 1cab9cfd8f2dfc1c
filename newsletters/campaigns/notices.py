"""What the people of a sending are told, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.dispatch import receiver
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.accounts.models import User
from portal.notifications.registry import Category, Notification, register, register_category
from portal.notifications.services import notify

from ..models import Campaign
from ..rules import Action
from ..signals import campaign_changed
from ..statistics.figures import figures_of
from .selectors import approvers_of

register_category(
    Category("letters", "Lettres", "Les envois à approuver, approuvés, interrompus ou terminés.", order=35)
)


class _Sending(Notification):
    category = "letters"
    action = "Ouvrir l’envoi"


@register
class ApprovalAsked(_Sending):
    kind = "letters.approval"
    label = "Un envoi attend votre approbation"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"À approuver : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"{context['by']} demande l’approbation de cet envoi, espace {context['territory']}."

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        """Not once somebody decided."""
        waiting = Campaign.objects.filter(pk=context.get("campaign"), state="draft", approved_at=None)
        return waiting.exclude(requested_at=None).exists()


@register
class Approved(_Sending):
    kind = "letters.approved"
    label = "Votre envoi est approuvé"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Approuvé : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"{context['by']} a approuvé cet envoi. Il reste à l’envoyer ou à le programmer."


@register
class SentBack(_Sending):
    kind = "letters.sent_back"
    label = "Votre envoi vous est renvoyé"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"À revoir : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"{context['by']} vous renvoie cet envoi : {context['reason']}"


@register
class Halted(_Sending):
    kind = "letters.halted"
    label = "Un envoi s’est mis en pause"
    can_be_muted = False

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Envoi en pause : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return (
            f"{context['why']}. {context['detail']} Une personne doit décider de le reprendre ou de l’annuler.".strip()
        )


@register
class Finished(_Sending):
    kind = "letters.finished"
    label = "Un envoi est terminé"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Envoi terminé : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        said = [f"{context['accepted']} envoyé(s)", f"{context['failed']} refusé(s)"]
        if context["not_sent"]:
            said.append(f"{context['not_sent']} non envoyé(s)")
        if context["unknown"]:
            said.append(f"{context['unknown']} incertain(s), à régler")
        return ", ".join(said) + "."


def team_of(campaign: Campaign) -> list[User]:
    """Who prepared it, asked, approved, and had it leave. Four queries at the most."""
    scheduled = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Campaign),
        object_id=str(campaign.pk),
        action="newsletters.campaign.schedule",
    ).order_by("-timestamp", "-pk")
    keys = {campaign.created_by_id, campaign.requested_by_id, campaign.approved_by_id}
    keys.update(scheduled.values_list("user", flat=True)[:1])
    return list(User.objects.filter(pk__in=keys - {None}).order_by("pk"))


@receiver(campaign_changed)
def tell(sender: type, campaign: Campaign, action: Action, actor: User | None, **data: Any) -> None:
    """Inside the change's transaction: what is rolled back was never told. Nobody is told what they did themselves."""
    context: dict[str, Any] = {
        "campaign": campaign.pk,
        "title": str(campaign),
        "territory": str(campaign.territory),
        "by": str(actor) if actor else "Le portail",
    }
    people: list[User] = []
    kind = ""
    if action == Action.REQUEST:
        kind, people = ApprovalAsked.kind, approvers_of(campaign, nearest=True)
    elif action == Action.APPROVE:
        kind, people = Approved.kind, team_of(campaign)
    elif action == Action.SEND_BACK:
        kind, people = SentBack.kind, [data["author"]] if data.get("author") else []
        context["reason"] = data.get("reason", "")
    elif action == Action.HALT:
        kind, people = Halted.kind, team_of(campaign)
        context |= {"why": campaign.get_pause_reason_display(), "detail": campaign.pause_detail}
    elif action == Action.FINISH:
        kind, people = Finished.kind, team_of(campaign)
        total = figures_of(campaign).total
        context |= {name: getattr(total, name) for name in ("accepted", "failed", "not_sent", "unknown")}
    if kind:
        notify(
            kind,
            recipients=[one for one in people if actor is None or one.pk != actor.pk],
            event=f"campaign:{campaign.pk}:{action}:{campaign.version}",
            url=reverse("campaign", args=[campaign.uuid]),
            context=context,
        )

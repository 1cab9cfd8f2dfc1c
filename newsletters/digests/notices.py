"""What the owner of a digest is told. The category is that of the sendings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import User
from portal.notifications.registry import Notification, register

from ..models import NewsletterPage


@register
class Ready(Notification):
    kind = "letters.digest_ready"
    category = "letters"
    label = "Une lettre récurrente est prête à relire"
    action = "Relire le brouillon"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"À relire : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Le brouillon est prêt, espace {context['territory']}. Rien ne part sans vous."

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        """Not once it is published or deleted."""
        return NewsletterPage.objects.filter(pk=context.get("letter"), live=False).exists()


@register
class Empty(Notification):
    kind = "letters.digest_empty"
    category = "letters"
    label = "Une lettre récurrente n’a rien à raconter"
    action = "Voir les lettres récurrentes"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Pas de brouillon : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"Rien n’a été publié depuis la dernière lettre, espace {context['territory']}."


@register
class Impossible(Notification):
    kind = "letters.digest_impossible"
    category = "letters"
    label = "Une lettre récurrente ne peut pas être préparée"
    action = "Voir les lettres récurrentes"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"Brouillon impossible : « {context['title']} »"

    def text(self, context: Mapping[str, Any]) -> str:
        return f"La lettre n’a pas pu être préparée, espace {context['territory']} : {context['why'].rstrip('.')}."

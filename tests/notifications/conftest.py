from collections.abc import Mapping
from typing import Any

import pytest

from portal.notifications import registry
from portal.notifications.registry import Notification


class Told(Notification):
    kind = "test.told"
    category = "contribution"
    label = "Essai que l’on peut taire"
    action = "Voir l’essai"

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"« {context.get('title', 'Essai')} » est arrivé"

    def text(self, context: Mapping[str, Any]) -> str:
        return "Il attend d’être lu."

    def still_relevant(self, recipient: Any, context: Mapping[str, Any]) -> bool:
        return not context.get("gone")


class Alarm(Notification):
    kind = "test.alarm"
    category = "account"
    label = "Essai que l’on ne peut pas taire"
    can_be_muted = False

    def subject(self, context: Mapping[str, Any]) -> str:
        return "Alarme"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Two kinds of our own, and no other: what apps register does not change what is tested here."""
    monkeypatch.setattr(registry, "_kinds", {cls.kind: cls() for cls in (Told, Alarm)})

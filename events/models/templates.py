"""Models of events that a space keeps, to begin others."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portal.territories.models import Space


class EventTemplate(models.Model):
    """The fields of an event without its dates, under a name. ``data``: as revisions keep them (serializable_data)."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="event_templates", verbose_name="espace")
    name = models.CharField("nom du modèle", max_length=120)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "modèle d'événement"
        verbose_name_plural = "modèles d'événements"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["space", "name"], name="event_template_once")]

    def __str__(self) -> str:
        return self.name

"""What a territory decides of its sendings, and the switch that stops them all."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from portal.territories.models import Territory

from ..admin_forms import TerritoryOwnedForm

APPROVAL_THRESHOLD = 500
ERROR_PERCENT = 10


class LetterSettings(models.Model):
    """A territory's own rules of sending; where a row is missing, the defaults (:func:`newsletters.selectors`)."""

    territory = models.OneToOneField(
        Territory, models.CASCADE, related_name="letter_settings", verbose_name="territoire"
    )
    approval_threshold = models.PositiveIntegerField(
        "approbation à partir de",
        default=APPROVAL_THRESHOLD,
        help_text="Nombre de destinataires à partir duquel une seconde personne approuve l’envoi. 0 : toujours.",
    )
    per_hour = models.PositiveIntegerField(
        "messages par heure", null=True, blank=True, help_text="Cadence proposée pour chaque envoi. Vide : sans limite."
    )
    error_percent = models.PositiveSmallIntegerField(
        "pause automatique",
        default=ERROR_PERCENT,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Part d’adresses refusées, en pour cent, à partir de laquelle un envoi s’arrête de lui-même.",
    )
    postal_address = models.TextField(
        "mentions de l’expéditeur",
        max_length=300,
        blank=True,
        help_text="Nom et adresse postale de qui envoie, au pied de chaque lettre.",
    )

    panels = [
        FieldPanel("territory", widget=forms.Select),
        FieldPanel("approval_threshold"),
        FieldRowPanel([FieldPanel("per_hour"), FieldPanel("error_percent")]),
        FieldPanel("postal_address"),
    ]
    base_form_class = TerritoryOwnedForm

    class Meta:
        verbose_name = "réglages d’envoi"
        verbose_name_plural = "réglages d’envoi"
        ordering = ["territory__name"]

    def __str__(self) -> str:
        return f"Réglages d’envoi : {self.territory}"


class SendingSwitch(models.Model):
    """The emergency stop of all sendings: one row (pk 1). Workers read it before each batch."""

    stopped_at = models.DateTimeField("arrêté le", null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="arrêté par"
    )
    reason = models.CharField("motif", max_length=300, blank=True)

    class Meta:
        verbose_name = "arrêt d’urgence"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sending_switch_is_one")]

    def __str__(self) -> str:
        return "arrêté" if self.stopped_at else "en service"

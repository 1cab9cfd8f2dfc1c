"""The profile: function, organisation, interests, and what of it the directory shows to whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..enums import Contribution, Function, Interest, MeetingFrequency, Need, Shown


def _shown(label: str) -> models.CharField[str, str]:
    return models.CharField(label, max_length=10, choices=Shown.choices, default=Shown.NOBODY)


def _interest(label: str) -> models.CharField[str, str]:
    return models.CharField(label, max_length=5, choices=Interest.choices, blank=True)


class Profile(models.Model):
    """What a person says of themselves; nothing of it gives a right. The row is made by the first step they save.

    ``needs`` and ``contributions`` are lists of values of :class:`Need` and :class:`Contribution`. ``organisation`` is
    one that exists; a name typed that none bears is kept in ``organisation_name`` until somebody confirms it. ``steps``
    are the steps of the welcome that were saved or passed over.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile")
    function = models.CharField("fonction dans le réseau", max_length=15, choices=Function.choices, blank=True)
    position = models.CharField("intitulé de poste", max_length=120, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    organisation_name = models.CharField("organisation à confirmer", max_length=200, blank=True)
    organisation_siret = models.CharField("SIRET à confirmer", max_length=14, blank=True)

    needs = models.JSONField("besoins", default=list, blank=True)
    contributions = models.JSONField("contributions", default=list, blank=True)
    meeting_frequency = models.CharField(
        "fréquence des rencontres", max_length=5, choices=MeetingFrequency.choices, blank=True
    )
    interest_newsletter = _interest("intérêt pour la lettre d’information")
    interest_forum = _interest("intérêt pour un forum")
    interest_extranet = _interest("intérêt pour un extranet")
    interest_dashboard = _interest("intérêt pour un tableau de bord")
    would_animate = models.BooleanField("contribuerait à l’animation", null=True, blank=True)
    remarks = models.TextField("précisions", max_length=1000, blank=True)

    show_name = _shown("nom")
    show_function = _shown("fonction")
    show_organisation = _shown("organisation")
    show_territory = _shown("territoire")
    show_email = _shown("adresse e-mail")
    show_phone = _shown("téléphone")

    steps = models.JSONField("étapes de l’accueil", default=list, blank=True)
    welcomed_at = models.DateTimeField("accueil terminé le", null=True, blank=True)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "profil"
        verbose_name_plural = "profils"
        ordering = ["pk"]
        indexes = [models.Index(fields=["show_name"], name="profile_listed", condition=~models.Q(show_name="personne"))]

    def __str__(self) -> str:
        return f"Profil n° {self.pk}"

    def labels(self, field: str) -> list[str]:
        """The chosen values of ``needs`` or ``contributions`` in words."""
        enum: type[models.TextChoices] = Need if field == "needs" else Contribution
        return [enum(value).label for value in getattr(self, field) if value in enum.values]

    @property
    def organisation_label(self) -> str:
        return self.organisation.name if self.organisation is not None else self.organisation_name

    @property
    def is_listed(self) -> bool:
        """Whether the directory shows the person to anybody."""
        return self.show_name != Shown.NOBODY

"""Letters that draft themselves."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from portal.territories.models import Territory

from ..enums import DigestRhythm
from .lists import MailingList


class Digest(models.Model):
    """A recurring letter of a list: on its day a draft is written from what was published, and waits for a person.

    ``weekday`` (0 is Monday) of a weekly one, ``month_day`` (1 to 28) of a monthly one. ``next_at`` is when the next
    draft is due, in UTC from the territory's own hour.
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    list = models.ForeignKey(MailingList, models.PROTECT, related_name="digests", verbose_name="liste")
    name = models.CharField("nom", max_length=150)
    rhythm = models.CharField("rythme", max_length=10, choices=DigestRhythm.choices, default=DigestRhythm.MONTHLY)
    weekday = models.PositiveSmallIntegerField("jour de la semaine", default=0, validators=[MaxValueValidator(6)])
    month_day = models.PositiveSmallIntegerField(
        "jour du mois", default=1, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    hour = models.PositiveSmallIntegerField("heure", default=8, validators=[MaxValueValidator(23)])
    introduction = models.TextField("introduction", max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="prévenir",
        help_text="La personne prévenue quand le brouillon est prêt.",
    )
    next_at = models.DateTimeField("prochain brouillon", db_index=True)
    last_at = models.DateTimeField("dernier brouillon", null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField("arrêté le", null=True, blank=True)

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "lettre récurrente"
        verbose_name_plural = "lettres récurrentes"
        ordering = ["territory__name", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6) & Q(month_day__gte=1) & Q(month_day__lte=28) & Q(hour__lte=23),
                name="digest_day_exists",
            )
        ]

    def __str__(self) -> str:
        return self.name

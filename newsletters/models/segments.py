"""Saved conditions over the people of some lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.territories.models import Territory

from .lists import MailingList


class Segment(models.Model):
    """People of ``lists`` who meet ``conditions`` at the moment they are counted or written to.

    Owned by a territory, as its lists are. What ``conditions`` may hold: :mod:`newsletters.segments`.
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    name = models.CharField("nom", max_length=150)
    lists = models.ManyToManyField(MailingList, related_name="segments", verbose_name="listes")
    conditions = models.JSONField("conditions", default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="créé par"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    archived_at = models.DateTimeField("archivé le", null=True, blank=True)

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "segment"
        verbose_name_plural = "segments"
        ordering = ["territory__name", "name", "pk"]

    def __str__(self) -> str:
        return self.name

"""What the demonstration made, so that it is never made twice and can be taken away exactly."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models


class SeededObject(models.Model):
    """One object made by ``seed_demo``, under the key its content gives it. Written in the object's transaction."""

    key = models.CharField(max_length=200, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)

    class Meta:
        verbose_name = "contenu de démonstration"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key

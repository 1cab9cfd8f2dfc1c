"""The directory of venues, shared between spaces."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from portal.territories.enums import Level
from portal.territories.models import Territory
from portal.territories.text import fold


class Venue(models.Model):
    """A place where events are held. One row a place: the same name in the same commune is the same venue.

    Coordinates are WGS 84 degrees, both or neither.
    """

    name = models.CharField("nom", max_length=150)
    address = models.CharField("adresse", max_length=200, blank=True, help_text="Numéro et voie.")
    postal_code = models.CharField(
        "code postal", max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}\Z", "Cinq chiffres.")]
    )
    commune = models.ForeignKey(
        Territory,
        models.PROTECT,
        related_name="venues",
        verbose_name="commune",
        limit_choices_to={"level": Level.COMMUNE, "ended_on": None},
    )
    latitude = models.DecimalField(
        "latitude",
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        "longitude",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    access_notes = models.TextField(
        "pour venir", max_length=600, blank=True, help_text="Transports, entrée, ascenseur, stationnement…"
    )
    website = models.URLField("site internet", blank=True)
    search_name = models.CharField(max_length=150, editable=False)

    panels = [
        FieldPanel("name"),
        MultiFieldPanel(
            [FieldPanel("address"), FieldPanel("postal_code"), FieldPanel("commune")],
            heading="Adresse",
        ),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")], heading="Coordonnées"),
        FieldPanel("access_notes"),
        FieldPanel("website"),
    ]

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        ordering = ["search_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "search_name"], name="venue_once"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="venue_coordinates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.commune}"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, str] = {}
        self.search_name = fold(self.name)
        if not self.search_name:
            errors["name"] = "Donnez un nom avec des lettres ou des chiffres."
        if self.commune_id:
            twin = Venue.objects.filter(commune_id=self.commune_id, search_name=self.search_name).exclude(pk=self.pk)
            if other := twin.first():
                errors["name"] = f"Ce lieu est déjà dans l'annuaire : « {other.name} », {other.full_address}."
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            errors[missing] = "Indiquez les deux coordonnées, ou aucune."
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = fold(self.name)
        super().save(*args, **kwargs)

    @property
    def full_address(self) -> str:
        """« 4 rue du Lavoir, 40000 Mont-de-Marsan »"""
        town = f"{self.postal_code} {self.commune.name}".strip()
        return ", ".join(part for part in (self.address, town) if part)

    @property
    def map_url(self) -> str:
        """The place on OpenStreetMap, by its coordinates, else by its address."""
        if self.latitude is not None and self.longitude is not None:
            query = urlencode({"mlat": self.latitude, "mlon": self.longitude})
            return f"https://www.openstreetmap.org/?{query}#map=17/{self.latitude}/{self.longitude}"
        return "https://www.openstreetmap.org/search?" + urlencode({"query": f"{self.full_address}, France"})

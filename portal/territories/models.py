"""Territories, their closure table, postal codes, aliases, and the spaces opened for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from wagtail.models import Collection, Page, Workflow

from .enums import NATION_CODE, AliasKind, Kind, Level


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def current(self) -> Self:
        """Territories that exist in the loaded vintage; those of a former one keep an end date."""
        return self.filter(ended_on=None)

    def inside(self, territory: Territory) -> Self:
        """``territory`` and everything it contains, wholly or in part (an EPCI over two départements is in both)."""
        return self.filter(ancestor_links__ancestor=territory)

    def containing(self, territory: Territory) -> Self:
        """``territory`` and everything that contains it."""
        return self.filter(descendant_links__descendant=territory)

    def concerning(self, territory: Territory) -> Self:
        """Inside ``territory`` or above it: what a person living there may care about."""
        return self.filter(
            Q(pk__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))
            | Q(pk__in=TerritoryLink.objects.filter(descendant=territory).values("ancestor"))
        )

    def with_space(self) -> Self:
        """Territories whose space is open."""
        return self.filter(space__isnull=False, space__closed_at=None)


class TerritoryManager(models.Manager.from_queryset(TerritoryQuerySet)):  # type: ignore[misc]
    def nation(self) -> Territory:
        return self.get(level=Level.NATION, code=NATION_CODE)

    def get_by_natural_key(self, level: str, code: str) -> Territory:
        return self.get(level=level, code=code)


class Territory(models.Model):
    """A territory of the COG (or BANATIC, for EPCI). Its key is (level, code), never the code alone.

    ``population`` is the number of inhabitants (population municipale for communes and EPCI), None where unknown.
    ``search_name`` is the name folded by :func:`portal.territories.text.fold`, for look-ups without accents or case.
    """

    level = models.CharField("échelon", max_length=12, choices=Level.choices)
    code = models.CharField("code", max_length=9)
    name = models.CharField("nom", max_length=200)
    slug = models.SlugField("identifiant d'adresse", max_length=120)
    search_name = models.CharField(max_length=200, editable=False, db_index=True)
    kind = models.CharField("nature", max_length=20, choices=Kind.choices)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    region = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
        help_text="La principale, pour une intercommunalité.",
    )
    departement = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
        help_text="Le principal (le plus peuplé), pour une intercommunalité.",
    )
    vintage = models.PositiveSmallIntegerField("millésime", help_text="Année du COG qui l'a chargé en dernier.")
    ended_on = models.DateField("disparu le", null=True, blank=True)

    objects = TerritoryManager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["name", "level", "code"]
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="territory_level_code")]
        indexes = [
            models.Index(fields=["level", "search_name"]),
            models.Index(fields=["level", "slug"]),
            models.Index(fields=["code"]),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return self.level, self.code

    @property
    def key(self) -> str:
        """``"departement-40"``: the key in addresses, cookies and exports; see :func:`parse_key`."""
        return f"{self.level}-{self.code}"

    def get_absolute_url(self) -> str:
        """Its public record, which every territory has; those with an open space have that too."""
        return _record_address(self.key)

    @property
    def is_overseas_collectivity(self) -> bool:
        return self.kind == Kind.COM

    @property
    def label(self) -> str:
        """The name, told apart from its namesakes: « Sainte-Colombe (40) », « La Réunion (région) »."""
        if self.level == Level.NATION:
            return self.name
        if self.level == Level.COMMUNE and self.departement_id:
            return f"{self.name} ({self.code[:3] if self.code.startswith(('97', '98')) else self.code[:2]})"
        return f"{self.name} ({self.level_label.lower()})"

    @property
    def level_label(self) -> str:
        """« Département », « Intercommunalité »… ; a COM, which the COG has at two levels, is what it is."""
        if self.is_overseas_collectivity:
            return Kind.COM.label
        return Level(self.level).label


@lru_cache(maxsize=1000)
def _record_address(key: str) -> str:
    """The directory leads to 127 of them, twice."""
    return reverse("territories:detail", args=[key])


class TerritoryLink(models.Model):
    """Closure of « contains »: one row for every pair (ancestor, descendant), each territory with itself included.

    Not a tree: an EPCI that spans départements is linked with each of them.
    """

    # The two indexes below begin with each of them.
    ancestor = models.ForeignKey(Territory, models.CASCADE, related_name="descendant_links", db_index=False)
    descendant = models.ForeignKey(Territory, models.CASCADE, related_name="ancestor_links", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["descendant", "ancestor"], name="territory_link_pair")]
        indexes = [models.Index(fields=["ancestor", "descendant"])]

    def __str__(self) -> str:
        return f"{self.ancestor_id} ⊇ {self.descendant_id}"


class PostalCode(models.Model):
    """A postal code of a commune. Postal codes repeat: 51300 serves 46 communes."""

    code = models.CharField("code postal", max_length=5, db_index=True)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="postal_codes", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "code"], name="postal_code_commune")]

    def __str__(self) -> str:
        return self.code


class Centre(models.Model):
    """Where the middle of a commune is, in WGS 84 degrees. Loaded by ``manage.py import_centres``; optional."""

    commune = models.OneToOneField(Territory, models.CASCADE, primary_key=True, related_name="centre")
    latitude = models.FloatField()
    longitude = models.FloatField()

    def __str__(self) -> str:
        return f"{self.latitude:.4f}, {self.longitude:.4f}"


class TerritoryAlias(models.Model):
    """A commune déléguée or associée, or an arrondissement municipal: leads to its commune in look-ups."""

    kind = models.CharField(max_length=30, choices=AliasKind.choices)
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False, db_index=True)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="aliases")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="territory_alias_kind_code")]

    def __str__(self) -> str:
        return self.name


class TerritoryImport(models.Model):
    """One load of the reference files: which vintage, when, what changed."""

    vintage = models.PositiveSmallIntegerField("millésime")
    digest = models.CharField("empreinte des fichiers", max_length=64)
    loaded_at = models.DateTimeField("chargé le", auto_now_add=True)
    created = models.PositiveIntegerField("créés", default=0)
    updated = models.PositiveIntegerField("modifiés", default=0)
    ended = models.PositiveIntegerField("disparus", default=0)

    class Meta:
        verbose_name = "chargement des territoires"
        verbose_name_plural = "chargements des territoires"
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return f"COG {self.vintage}"


class Space(models.Model):
    """The space of a territory: the page it is rooted at, its media collection and its workflow.

    Made by ``pages.spaces.open_territory_space`` only. The national space is rooted at the home page.
    """

    territory = models.OneToOneField(Territory, models.PROTECT, related_name="space", verbose_name="territoire")
    page = models.OneToOneField(Page, models.CASCADE, related_name="territory_space", verbose_name="page d'accueil")
    collection = models.OneToOneField(Collection, models.PROTECT, related_name="+", verbose_name="collection")
    workflow = models.ForeignKey(
        Workflow, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="circuit de relecture"
    )
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)
    closed_at = models.DateTimeField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "espace"
        verbose_name_plural = "espaces"
        ordering = ["territory__name"]

    def __str__(self) -> str:
        return self.territory.name

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

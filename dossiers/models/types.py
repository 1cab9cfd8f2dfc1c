"""Types of dossiers as they are written in the administration, and the versions that publishing freezes."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.fields import StreamField
from portal.territories.enums import Level
from portal.territories.models import Territory

from ..catalogue.blocks import FormBlock
from ..enums import Kind


class ImmutableError(Exception):
    """A row that is never changed was to be changed."""


class DossierTypeQuerySet(models.QuerySet["DossierType"]):
    def published(self) -> DossierTypeQuerySet:
        """Types that may be deposited as such: with a version, not put away."""
        return self.filter(archived_at=None, current_version__isnull=False)

    def open(self) -> DossierTypeQuerySet:
        """Published ones whose window is open now."""
        now = timezone.now()
        return self.published().filter(
            Q(opens_at=None) | Q(opens_at__lte=now), Q(closes_at=None) | Q(closes_at__gt=now)
        )


class DossierType(models.Model):
    """What organisations may deposit, as it is being written. What is deposited follows a :class:`DossierTypeVersion`.

    What is here and not in the version's ``schema`` holds at once for every dossier of the type: window, circuit,
    delays, retention, rules.
    """

    code = models.SlugField("identifiant", max_length=60, unique=True)
    kind = models.CharField("nature", max_length=20, choices=Kind.choices)
    title = models.CharField("titre", max_length=160)
    summary = models.TextField("à quoi il sert", max_length=600, blank=True)
    guidance = models.TextField("avant de commencer", blank=True, help_text="Ce qu’il faut avoir sous la main.")
    prefix = models.CharField(
        "préfixe des numéros",
        max_length=6,
        validators=[RegexValidator(r"^[A-Z]{2,6}\Z", "De 2 à 6 lettres majuscules, sans accent.")],
    )
    opens_at = models.DateTimeField("ouverture", null=True, blank=True)
    closes_at = models.DateTimeField("clôture", null=True, blank=True)
    #: Level of the service that instructs: the nearest territory of that level above the dossier's, or its own.
    circuit = models.CharField(
        "service instructeur",
        max_length=12,
        choices=[
            (Level.DEPARTEMENT, "Préfecture de département"),
            (Level.REGION, "Préfecture de région"),
            (Level.NATION, "ANCT"),
        ],
        default=Level.DEPARTEMENT,
    )
    #: Kinds of organisations (``OrganisationKind``) that may deposit; empty: all.
    organisation_kinds = models.JSONField("natures d’organisations admises", default=list, blank=True)
    #: Kinds that may *porter*, where the form asks or ``carriers_only`` holds.
    carrier_kinds = models.JSONField("natures qui peuvent porter", default=list, blank=True)
    carriers_only = models.BooleanField("réservé aux porteurs", default=False)
    #: Levels of the territory that a dossier may be about; empty: all.
    territory_levels = models.JSONField("échelons admis", default=list, blank=True)
    second_person = models.BooleanField("décision signée par une seconde personne", default=False)
    has_amount = models.BooleanField("la décision porte un montant", default=False)
    uses_envelopes = models.BooleanField("montants pris sur une enveloppe", default=False)
    exclusive_perimeter = models.BooleanField(
        "périmètres exclusifs", default=False, help_text="Deux dossiers n’ont aucune commune en commun."
    )
    min_shared_axes = models.PositiveSmallIntegerField("axes communs avec la départementale, au moins", default=0)
    publishable = models.BooleanField("publiable dans l’espace du territoire", default=False)
    public_figures = models.BooleanField(
        "chiffres publics",
        default=False,
        help_text="Nombres de dossiers et délais, par région et département ; jamais ceux de cinq dossiers ou moins.",
    )
    instruction_days = models.PositiveSmallIntegerField(
        "délai d’instruction (jours)", default=60, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    complement_days = models.PositiveSmallIntegerField(
        "délai proposé pour les compléments (jours)",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    grace_days = models.PositiveSmallIntegerField(
        "tolérance après l’échéance (jours)", default=3, validators=[MaxValueValidator(90)]
    )
    #: What an unanswered request leads to: back to where it was, or closed without follow-up.
    drop_when_overdue = models.BooleanField("classer sans suite au dépassement", default=False)
    retention_months = models.PositiveSmallIntegerField(
        "conservation après la décision (mois)",
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    draft_months = models.PositiveSmallIntegerField(
        "conservation d’un brouillon inactif (mois)",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    #: The form as the administration writes it; ``dossiers.catalogue.building`` makes a version's schema of it.
    form = StreamField(FormBlock(), verbose_name="formulaire", blank=True)
    #: Keys given at the first publishing, by block: what is answered keeps its place when a label changes.
    keys = models.JSONField(default=dict, blank=True, editable=False)
    #: [{"code", "label", "text", "for": ["refuse", "sans_suite"]}]
    reasons = models.JSONField("motifs de décision", default=list, blank=True)
    #: {kind of notice: text added to the mail}
    mail_texts = models.JSONField("textes des e-mails", default=dict, blank=True)
    current_version = models.ForeignKey(
        "DossierTypeVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    archived_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DossierTypeQuerySet.as_manager()

    class Meta:
        verbose_name = "type de dossier"
        verbose_name_plural = "types de dossiers"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                name="dossier_type_window",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return (
            self.archived_at is None
            and self.current_version_id is not None
            and (self.opens_at is None or self.opens_at <= now)
            and (self.closes_at is None or now < self.closes_at)
        )


class DossierTypeVersion(models.Model):
    """One published form, frozen. ``schema`` is what ``dossiers.forms_schema`` reads; it is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.ForeignKey(DossierType, models.PROTECT, related_name="versions", verbose_name="type")
    number = models.PositiveIntegerField("version")
    schema = models.JSONField("formulaire")
    published_at = models.DateTimeField("publiée le", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="publiée par"
    )

    class Meta:
        verbose_name = "version d’un type de dossier"
        verbose_name_plural = "versions des types de dossiers"
        ordering = ["type", "-number"]
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="dossier_type_version_once")]

    def __str__(self) -> str:
        return f"{self.type} · version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("A published form is never changed.")
        super().save(*args, **kwargs)


class TerritoryRule(models.Model):
    """What a département asks of the dossiers of a type, beside what the type says (Vaucluse: two shared axes)."""

    type = models.ForeignKey(DossierType, models.CASCADE, related_name="territory_rules", verbose_name="type")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="département")
    min_shared_axes = models.PositiveSmallIntegerField("axes communs, au moins")

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "règle d’un territoire"
        verbose_name_plural = "règles des territoires"
        ordering = ["type", "territory"]
        constraints = [models.UniqueConstraint(fields=["type", "territory"], name="dossier_territory_rule_once")]

    def __str__(self) -> str:
        return f"{self.type} · {self.territory}"


class NationalAxis(models.Model):
    """An axis of the national policy (FNE), proposed in roadmaps; administrators edit them."""

    title = models.CharField("intitulé", max_length=200, unique=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "axe national"
        verbose_name_plural = "axes nationaux"
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title


class Envelope(models.Model):
    """Money that a territory may grant on dossiers of a type in a year. ``committed`` is kept under a row lock."""

    type = models.ForeignKey(DossierType, models.PROTECT, related_name="envelopes", verbose_name="type")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="département")
    year = models.PositiveSmallIntegerField("année")
    ceiling = models.DecimalField("plafond (€)", max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    committed = models.DecimalField("accordé (€)", max_digits=14, decimal_places=2, default=0, editable=False)

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "enveloppe"
        verbose_name_plural = "enveloppes"
        ordering = ["-year", "territory", "type"]
        constraints = [
            models.UniqueConstraint(fields=["type", "territory", "year"], name="dossier_envelope_once"),
            models.CheckConstraint(
                condition=Q(committed__gte=0) & Q(committed__lte=models.F("ceiling")), name="dossier_envelope_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.territory} · {self.year}"

    @property
    def left(self) -> Any:
        return self.ceiling - self.committed


class NumberSequence(models.Model):
    """The last number given, by prefix, year and département: a row lock makes the numbers follow each other."""

    prefix = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=4)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year", "place"], name="dossier_sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.place}-{self.last}"

"""Where events are imported from, each import and what became of every line, and what is linked to which page."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from wagtail.models import Page

from portal.core.models import Theme
from portal.territories.models import Space

from ..enums import Format, Zone
from .enums import OVER, Outcome, RunState, SourceKind

#: Failures in a row after which a source stops by itself.
MOST_FAILURES = 14


class ImportSource(models.Model):
    """An agenda somewhere else, brought into one space. Without ``url``: files that people send, under one name.

    ``mapping`` is {field: heading} for tables. ``owner`` is whose rights hold at each run, and who is told.
    ``leased_until`` keeps two runs of one source apart.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="import_sources", verbose_name="espace")
    name = models.CharField("nom", max_length=150)
    kind = models.CharField("format", max_length=12, choices=SourceKind.choices, default=SourceKind.ICS)
    url = models.CharField("adresse", max_length=1000, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    default_zone = models.CharField("fuseau par défaut", max_length=40, choices=Zone.choices, default=Zone.PARIS)
    default_format = models.CharField(
        "format des événements", max_length=15, choices=Format.choices, default=Format.RENCONTRE
    )
    default_theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="thème"
    )
    publish = models.BooleanField("publier aussitôt", default=False)
    nightly = models.BooleanField("chaque nuit", default=False)
    active = models.BooleanField("active", default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="responsable"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    next_run_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "source d'événements"
        verbose_name_plural = "sources d'événements"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["space", "name"], name="import_source_once")]
        indexes = [models.Index(fields=["active", "nightly", "next_run_at"], name="import_source_due")]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One import, tried or done. The counts are those of its lines; ``seen`` is what the file held.

    ``data`` keeps a sent file, compressed, until it is imported or given up. ``notes`` are the reader's, at most
    ``MOST_NOTES``: [{"line", "uid", "text", "count"}].
    """

    MOST_NOTES = 300

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(ImportSource, models.CASCADE, related_name="runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    dry_run = models.BooleanField("essai", default=False)
    state = models.CharField("état", max_length=10, choices=RunState.choices, default=RunState.WAITING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    # Held by the process that carries it out: a task delivered twice is done once.
    leased_until = models.DateTimeField(null=True, blank=True)
    data = models.BinaryField(null=True, editable=False)
    error = models.CharField(max_length=500, blank=True)
    seen = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "import d'événements"
        verbose_name_plural = "imports d'événements"
        ordering = ["-started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.cancelled

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(outcome in words, how many), those of nothing included."""
        return [(Outcome(name).label, int(getattr(self, name))) for name in Outcome.values]

    @property
    def done_so_far(self) -> int:
        return sum(int(getattr(self, name)) for name in Outcome.values)


class ImportLine(models.Model):
    """What became of one date of the source, or of an event that could not be read."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    uid = models.CharField(max_length=255, blank=True)
    recurrence_id = models.CharField(max_length=40, blank=True)
    outcome = models.CharField("résultat", max_length=10, choices=Outcome.choices)
    reason = models.CharField("explication", max_length=500, blank=True)
    title = models.CharField("titre", max_length=255, blank=True)
    day = models.DateField("date", null=True)
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "ligne d'import"
        verbose_name_plural = "lignes d'import"
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_line_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.reason = self.reason[:500]
        super().save(*args, **kwargs)


class ImportedPage(models.Model):
    """The page that stands for one UID of a source.

    ``revision`` is the last one that an import wrote and ``live`` whether it left the page online: when the page says
    otherwise, somebody edited it here and it is theirs. ``page`` is empty once it was deleted here: it does not come
    back by itself.
    """

    source = models.ForeignKey(ImportSource, models.CASCADE, related_name="pages")
    uid = models.CharField(max_length=255)
    page = models.ForeignKey("events.EventPage", models.SET_NULL, null=True, related_name="imported_from")
    revision = models.PositiveBigIntegerField(null=True)
    live = models.BooleanField(default=False)
    take_back = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "page importée"
        verbose_name_plural = "pages importées"
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="imported_page_once")]

    def __str__(self) -> str:
        return self.uid


class ImportedEvent(models.Model):
    """One date of an imported page, by (source, UID, RECURRENCE-ID). ``date_key`` is that of its ``EventDate``.

    ``digest`` is that of what the source said of it. ``missing_at`` is when a whole file first lacked it,
    ``vanished_at`` when a second one did.
    """

    source = models.ForeignKey(ImportSource, models.CASCADE, related_name="events")
    imported = models.ForeignKey(ImportedPage, models.CASCADE, related_name="events")
    uid = models.CharField(max_length=255)
    recurrence_id = models.CharField(max_length=40, blank=True)
    date_key = models.UUIDField()
    digest = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField(default=0)
    modified = models.DateTimeField(null=True)
    title = models.CharField(max_length=255, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    missing_at = models.DateTimeField(null=True)
    vanished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "date importée"
        verbose_name_plural = "dates importées"
        constraints = [
            models.UniqueConstraint(fields=["source", "uid", "recurrence_id"], name="imported_event_once"),
        ]
        indexes = [models.Index(fields=["source", "ends_at"], name="imported_event_coming")]

    def __str__(self) -> str:
        return f"{self.uid} {self.recurrence_id}"

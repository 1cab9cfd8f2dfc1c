"""Imports of subscribers, and what became of every row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.accounts.enums import OrganisationKind
from portal.files.models import StoredFile
from portal.territories.models import Territory

from ..models.lists import MailingList
from .enums import BUSY, Basis, Fate, ImportState, Outcome, Typos


def _nothing() -> list[Any]:
    return []


class SubscriberImport(models.Model):
    """One file of addresses for one list. Its row stays for ever: proofs of consent name it.

    ``mapping`` is {column of :class:`~newsletters.imports.enums.Column`: its number in the file, from 0}. ``counts`` is
    {outcome: rows}, of the trial until it runs, of the import from then on. ``position`` is the last line that the
    present phase (checking, running, undoing) has finished: whoever takes over goes on from there. ``lease`` names the
    process at work until ``leased_until``; every batch it commits checks that the lease is still its own.
    """

    id = models.UUIDField("numéro", primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(MailingList, models.PROTECT, related_name="imports", verbose_name="liste")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="préparé par"
    )
    basis = models.CharField("fondement", max_length=15, choices=Basis.choices)
    evidence = models.CharField("preuve", max_length=500)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="fichier")
    file_name = models.CharField("nom du fichier", max_length=150)
    # What was found of the file: « csv » or « xlsx », its encoding, its separator (empty: one column).
    kind = models.CharField(max_length=5, blank=True)
    encoding = models.CharField("encodage", max_length=15, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    has_header = models.BooleanField("la première ligne donne les titres", default=True)
    headers = models.JSONField(default=_nothing)
    # The first rows, cut, until the import is over: [[cell]].
    preview = models.JSONField(default=_nothing)
    mapping = models.JSONField(default=dict)
    typos = models.CharField("fautes de frappe probables", max_length=10, choices=Typos.choices, default=Typos.HOLD)
    state = models.CharField("état", max_length=10, choices=ImportState.choices, default=ImportState.COLUMNS)
    error = models.CharField(max_length=500, blank=True)
    counts = models.JSONField(default=dict)
    # Rows to look at, of those that are taken: addresses of a function, territories that were not recognised.
    roles = models.PositiveIntegerField("adresses de fonction", default=0)
    unplaced = models.PositiveIntegerField("territoires non reconnus", default=0)
    # {fate: rows}, once it is taken back.
    undone = models.JSONField(default=dict)
    rows_read = models.PositiveIntegerField("lignes", default=0)
    position = models.PositiveIntegerField(default=0)
    # Of the phase at work: out of 1000.
    progress = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField("préparé le", default=timezone.now, editable=False)
    checked_at = models.DateTimeField("vérifié le", null=True)
    started_at = models.DateTimeField("importé le", null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="importé par"
    )
    finished_at = models.DateTimeField("terminé le", null=True)
    undone_at = models.DateTimeField("annulé le", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="annulé par"
    )
    # Its rows were deleted: it can be taken back no more.
    forgotten_at = models.DateTimeField("lignes effacées le", null=True)

    #: Nobody is shown where it is used: no task at each save (docs/jobs.md).
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "import d’abonnés"
        verbose_name_plural = "imports d’abonnés"
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(fields=["list", "-created_at"], name="subscriber_import_list"),
            models.Index(fields=["state", "leased_until"], name="subscriber_import_work"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.created_at:%d/%m/%Y %H:%M}"

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def percent(self) -> int:
        return min(self.progress // 10, 100)

    @property
    def tally(self) -> Sequence[tuple[str, str, int]]:
        """(outcome, in words, rows), those of nothing included."""
        return [(value, label, int(self.counts.get(value, 0))) for value, label in Outcome.choices]

    @property
    def taken(self) -> int:
        """Rows that are, or would be, subscribed."""
        return int(self.counts.get(Outcome.NEW, 0)) + int(self.counts.get(Outcome.UPDATED, 0))

    @property
    def proof(self) -> str:
        """The evidence of each consent (:attr:`newsletters.models.ConsentEvent.evidence`, 300 characters)."""
        return f"import {self.pk} · {self.get_basis_display()} · {self.evidence}"[:300]


class ImportedRow(models.Model):
    """One row of the file. Emptied of the person when they are erased; deleted with the others some time after.

    ``key`` is the ``uuid`` that its subscriber gets if the import makes one: whoever has it was made by this row.
    ``made``: 1 where the import made the subscription, 2 where it ended the waiting of one. ``filled``: the fields that
    it filled, of :data:`FILLED`, added. ``subscriber`` is a plain number: rows are written by the hundred thousand.
    """

    MADE, ENDED_WAITING = 1, 2
    FILLED = {"name": 1, "organisation": 2, "organisation_kind": 4, "territory_id": 8}

    batch = models.ForeignKey(SubscriberImport, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField("ligne")
    outcome = models.CharField("résultat", max_length=10, choices=Outcome.choices)
    # The normal address; empty where there is none.
    address = models.CharField("adresse", max_length=254, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    key = models.UUIDField(null=True)
    # What was written, of an address that is not usable or held back.
    typed = models.CharField("écrit", max_length=254, blank=True)
    reason = models.CharField("explication", max_length=200, blank=True)
    suggestion = models.CharField("proposition", max_length=254, blank=True)
    role = models.BooleanField("adresse de fonction", default=False)
    name = models.CharField("nom", max_length=150, blank=True)
    organisation = models.CharField("structure", max_length=200, blank=True)
    organisation_kind = models.CharField(max_length=15, choices=OrganisationKind.choices, blank=True)
    territory = models.ForeignKey(
        Territory, models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    subscriber = models.PositiveBigIntegerField(null=True)
    made = models.PositiveSmallIntegerField(default=0)
    filled = models.PositiveSmallIntegerField(default=0)
    fate = models.PositiveSmallIntegerField(choices=Fate.choices, default=Fate.STANDS)

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["batch", "line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="imported_row_once")]
        # The whole of it, or SQLite looks for doubles along the lines of the batch: hours for what takes seconds.
        indexes = [models.Index(fields=["address", "batch", "line"], name="imported_row_address")]

    def __str__(self) -> str:
        return f"{self.line} {self.outcome}"

    def erase(self) -> None:
        """Nothing of the person stays in the row."""
        ImportedRow.objects.filter(pk=self.pk).update(**ERASED)


#: What a row is without its person.
ERASED: dict[str, Any] = {
    "address": "",
    "typed": "",
    "suggestion": "",
    "name": "",
    "organisation": "",
    "organisation_kind": "",
    "territory": None,
}

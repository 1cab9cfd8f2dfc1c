"""What the sheets of an export hold: the list, a sheet a type with its fields, one a table of those fields."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, QuerySet

from portal.core.workbooks import Book, Sheet
from portal.territories.models import Territory

from ..enums import FieldKind
from ..fields.display import flat, names_in, table_of
from ..fields.schema import Field, Schema, load_schema
from ..models import Dossier, DossierType, DossierTypeVersion

HEADS = (
    "Numéro", "Type", "Titre", "État", "Organisation", "Nature", "SIRET", "Échelon", "Territoire", "Code",
    "Département", "Région", "Service instructeur", "Confié à", "Déposé le", "À instruire avant le", "En retard",
    "Clos le", "Montant demandé (€)", "Montant accordé (€)", "Demandes de compléments", "Étiquettes",
)  # fmt: skip
RELATED = ("organisation", "territory__region", "territory__departement", "routed_to", "assignee")


def loaded(dossiers: QuerySet[Dossier]) -> list[Dossier]:
    """With all that the sheets read; forms are read once each. Four queries."""
    types = Prefetch("type", DossierType.objects.defer("form"))
    found = dossiers.select_related(*RELATED).prefetch_related("labels", types, "type_version")
    return list(found.defer("search_text").annotate(asked=Count("requests", distinct=True)))


def line(dossier: Dossier) -> list[Any]:
    """A dossier in the list; days are those of its territory's clocks."""
    place, zone = dossier.territory, ZoneInfo(dossier.territory.time_zone)

    def day(moment: dt.datetime | None) -> dt.date | str:
        return moment.astimezone(zone).date() if moment is not None else ""

    def name(territory: Territory | None) -> str:
        return territory.name if territory is not None else ""

    return [
        dossier.number,
        dossier.type.title,
        dossier.title,
        dossier.get_state_display(),
        dossier.organisation.name,
        dossier.organisation.get_kind_display(),
        dossier.organisation.siret,
        place.level_label,
        place.name,
        place.code,
        name(place if place.level == "departement" else place.departement),
        name(place if place.level == "region" else place.region),
        str(dossier.routed_to or ""),
        str(dossier.assignee or ""),
        day(dossier.deposited_at),
        day(dossier.due_at),
        "oui" if dossier.is_late else "",
        day(dossier.closed_at),
        dossier.amount_requested,
        dossier.amount_granted,
        dossier.asked,  # type: ignore[attr-defined]
        ", ".join(each.name for each in dossier.labels.all()),
    ]


@dataclass
class TypeSheets:
    """The sheets of one type: its fields over all the versions that are exported, and its tables."""

    title: str
    keys: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    tables: dict[str, Field] = field(default_factory=dict)
    sheet: Sheet | None = None
    table_sheets: dict[str, Sheet] = field(default_factory=dict)


class Sheets:
    """The sheets of a book, filled dossier by dossier. A sheet is there once it has a row, the list always."""

    def __init__(self, book: Book, versions: Iterable[DossierTypeVersion]) -> None:
        self.book = book
        self.list = book.sheet("Dossiers", HEADS)
        self.types: dict[int, TypeSheets] = {}
        for version in versions:
            self._declare(version)

    def _declare(self, version: DossierTypeVersion) -> None:
        found = self.types.setdefault(version.type_id, TypeSheets(version.type.title))
        for each in load_schema(version):
            if each.kind == FieldKind.TABLE:
                found.tables.setdefault(each.key, each)
            elif each.holds and each.kind != FieldKind.PIECE and each.key not in found.keys:
                found.keys.append(each.key)
                found.heads.append(each.label)

    def add(self, dossiers: Sequence[Dossier]) -> None:
        """A few dossiers, as :func:`loaded` gives them. One query (the territories that forms name)."""
        by_schema: dict[uuid.UUID, tuple[Schema, list[Dossier]]] = {}
        for each in dossiers:
            by_schema.setdefault(each.type_version_id, (load_schema(each.type_version), []))[1].append(each)
        names: dict[str, Territory] = {}
        for schema, some in by_schema.values():
            names |= names_in(schema, [each.values for each in some])
        for each in dossiers:
            self.list.append(line(each))
            self._fields(each, by_schema[each.type_version_id][0], names)

    def _fields(self, dossier: Dossier, schema: Schema, names: dict[str, Territory]) -> None:
        of_type = self.types[dossier.type_id]
        if of_type.sheet is None:
            of_type.sheet = self.book.sheet(of_type.title, ["Numéro", *of_type.heads])
        cells = flat(schema, dossier.values, names=names)
        of_type.sheet.append([dossier.number, *(cells.get(key, "") for key in of_type.keys)])
        for key, declared in of_type.tables.items():
            mine = schema.field(key)
            if mine is None or mine.kind != FieldKind.TABLE or not cells.get(key):
                continue
            read = table_of(mine, dossier.values.get(key))
            if key not in of_type.table_sheets:
                title = f"{declared.label} ({of_type.title})"
                of_type.table_sheets[key] = self.book.sheet(title, ["Numéro", *read.headers])
            for row in read.rows:
                of_type.table_sheets[key].append([dossier.number, *row])


def versions_of(keys: Iterable[Any]) -> list[DossierTypeVersion]:
    """The forms of these keys, the newest of a type first: its labels are those of the heads. One query."""
    found = DossierTypeVersion.objects.filter(pk__in=set(keys)).select_related("type")
    return list(found.order_by("type__title", "type", "-number"))

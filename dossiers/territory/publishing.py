"""What of an accepted dossier is public, and how its page and its space show it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any, Final

from portal.core.filters import cached_choices
from portal.files.models import StoredFile
from portal.files.selectors import served_states
from portal.territories.enums import Level
from portal.territories.map import locate
from portal.territories.models import Space, Territory

from ..enums import FieldKind, FieldRole, Kind
from ..fields import display
from ..fields.schema import Field, load_schema
from ..models import Dossier, DossierPage
from ..pieces.selectors import current_files
from .reach import communes_of, departement_of
from .reading import perimeter_of

#: Public whatever the form's author ticked.
PUBLIC_ROLES: Final = frozenset({FieldRole.PUBLIC_TEXT, FieldRole.AXES, FieldRole.SCENARIO})
#: Shown as the page's title and its perimeter.
SHOWN_APART: Final = frozenset({FieldRole.TITLE, FieldRole.PERIMETER})
#: Never public, whatever was ticked: how to reach people.
CONTACT_ROLES: Final = frozenset({FieldRole.CONTACT_NAME, FieldRole.CONTACT_EMAIL, FieldRole.CONTACT_PHONE})
CONTACT_KINDS: Final = frozenset({FieldKind.EMAIL, FieldKind.PHONE})
MOST_SHOWN: Final = 12


def is_public(field: Field) -> bool:
    """Whether the answer to ``field`` may be read by anybody once the dossier is published.

    Its author says so (option ``public``), or its role does; never how to reach people.
    """
    if field.role in CONTACT_ROLES or field.kind in CONTACT_KINDS or field.role in SHOWN_APART:
        return False
    return field.role in PUBLIC_ROLES or field.options.get("public") is True


def public_content(dossier: Dossier) -> dict[str, Any]:
    """``DossierPage.content`` of the dossier as it is. A constant number of queries."""
    schema = load_schema(dossier.type_version)
    parts = []
    for row in display.rows(schema, dossier.values):
        if not is_public(row.field) or row.invalid or row.is_blank or row.field.kind == FieldKind.HEADING:
            continue
        table = display.table_of(_without_contacts(row.field), dossier.values.get(row.field.key)) if row.table else None
        parts.append(
            {
                "label": row.field.label,
                "text": row.text,
                "headers": table.headers if table else [],
                "rows": table.rows if table else [],
            }
        )
    picked = perimeter_of(dossier)
    held = communes_of(picked)
    number = Counter(holder for holders in held.values() for holder in holders)
    files = current_files(dossier)
    public_files = [
        str(version.file_id)
        for field in schema.pieces()
        if field.options.get("public") is True
        for version in files.get(field.key, [])
    ]
    return {
        "parts": parts,
        "perimeter": [
            {
                "key": each.key,
                "name": each.name,
                "level": str(each.level_label),
                "population": each.population,
                "communes": number[each.pk] if each.level != Level.COMMUNE else None,
            }
            for each in picked
        ],
        "departements": sorted({found.code for each in picked if (found := departement_of(each)) is not None}),
        "files": public_files,
    }


def lead_of(dossier: Dossier, content: dict[str, Any]) -> str:
    """What the page says of itself in lists."""
    members = content["perimeter"]
    where = members[0]["name"] if len(members) == 1 else _counted([each["key"].partition("-")[0] for each in members])
    what = "Gouvernance" if dossier.type.kind == Kind.GOVERNANCE else "Feuille de route"
    if dossier.type.kind not in (Kind.GOVERNANCE, Kind.ROADMAP):
        what = dossier.type.title
    return f"{what} de l’inclusion numérique portée par {dossier.organisation.name}. Périmètre : {where}."[:500]


def _counted(levels: list[str]) -> str:
    """« 5 intercommunalités et 2 communes »."""
    names = {Level.EPCI: "intercommunalité", Level.COMMUNE: "commune"}
    found = Counter(names.get(Level(level), "territoire") for level in sorted(levels, key=lambda one: Level(one).rank))
    return " et ".join(f"{number} {name}{'s' if number > 1 else ''}" for name, number in found.items())


def words_of(content: dict[str, Any]) -> str:
    """What search finds of ``content``."""
    found = [each["name"] for each in content["perimeter"]]
    for part in content["parts"]:
        found += [part["label"], part["text"], *(cell for row in part["rows"] for cell in row)]
    return "\n".join(text for text in found if text)


def space_for(territory: Territory) -> Space | None:
    """The open space where what is of ``territory`` is published: its own, else its département's."""
    places = [territory.pk, *([territory.departement_id] if territory.departement_id else [])]
    spaces = Space.objects.filter(closed_at=None, territory__in=places).exclude(territory__level=Level.NATION)
    found = {each.territory_id: each for each in spaces.select_related("territory", "page").order_by("pk")}
    return next((found[pk] for pk in places if pk in found), None)


def shown(page: DossierPage) -> dict[str, Any]:
    """What the page's template shows beside its own columns. One query, none without files."""
    content = page.content
    keys = content.get("files", [])
    clean = {str(each.pk): each for each in served_files(keys)} if keys else {}
    perimeter = content.get("perimeter", [])
    populations = [each["population"] for each in perimeter if each["population"]]
    return {
        "parts": content.get("parts", []),
        "perimeter": perimeter,
        "population": sum(populations),
        "files": [clean[key] for key in keys if key in clean],
        "drawing": locate(content.get("departements", [])),
        "section_url": page.section.get_url() if page.section else "/",
        "related_pages": [],
    }


def served_files(keys: list[str]) -> list[StoredFile]:
    """Those of the files that the antivirus found clean, and that are still there."""
    return list(
        StoredFile.objects.filter(pk__in=keys, scan_state__in=served_states(), erased_at=None).order_by("name", "pk")
    )


def space_items(space: Space) -> list[dict[str, str]]:
    """The gouvernances and feuilles de route of a space page, gouvernances first. No query once read."""
    return cached_choices(f"dossier-pages-{space.territory_id}", lambda: _read_items(space))


def _read_items(space: Space) -> list[dict[str, str]]:
    pages = (
        DossierPage.objects.filter(fact__visible=True, fact__territory__ancestor_links__ancestor=space.territory_id)
        .only("title", "url_path", "kind", "organisation_name")
        .order_by("-fact__date", "pk")[:MOST_SHOWN]
    )
    found = [
        {
            "title": page.title,
            "url": page.get_url() or "",
            "kind": str(Kind(page.kind).label),
            "organisation": page.organisation_name,
        }
        for page in pages
    ]
    return sorted(found, key=lambda each: each["kind"] != Kind.GOVERNANCE.label)


def _without_contacts(field: Field) -> Field:
    """A table without the columns that say how to reach people, or that its author kept from the public."""
    kept = tuple(
        column
        for column in field.columns
        if column.kind not in CONTACT_KINDS and column.options.get("public") is not False
    )
    return dataclasses.replace(field, options={**field.options, "_columns": kept})

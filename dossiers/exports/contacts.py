"""The contacts of dossiers: whom the service writes to, the people that tables name; and how many by kind and wish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.workbooks import Book, Sheet

from ..enums import FieldKind, FieldRole
from ..fields import answers
from ..fields.display import flat, text_of
from ..fields.roles import role_text
from ..fields.schema import Field, Schema, load_schema
from ..models import Dossier

HEADS = (
    "Numéro", "Type", "État", "Organisation", "Nature", "Souhait", "Nom", "Fonction ou qualité", "Statut",
    "Adresse e-mail", "Téléphone", "Territoire", "Département",
)  # fmt: skip
WISHES = ("Nature", "Souhait", "Dossiers")
#: Columns of a table that say what somebody is, by key.
_NAME, _KIND, _STATUS = "nom", "nature", "statut"


class Contacts:
    """The sheets of contacts, filled dossier by dossier."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet: Sheet = book.sheet("Contacts", HEADS)
        self.counted: Counter[tuple[str, str]] = Counter()

    def add(self, dossiers: Sequence[Dossier]) -> None:
        """A few dossiers, as :func:`.columns.loaded` gives them. No query."""
        for each in dossiers:
            schema = load_schema(each.type_version)
            wish = role_text(schema, each.values, FieldRole.CARRIES)
            self.counted[each.organisation.get_kind_display(), wish or "–"] += 1
            for contact in _of(each, schema):
                self.sheet.append(_line(each, wish, contact))

    def close(self) -> None:
        """The sheet of counts: organisations of each kind, by what they wish."""
        sheet = self.book.sheet("Par nature et souhait", WISHES)
        for (kind, wish), number in sorted(self.counted.items()):
            sheet.append([kind, wish, number])


def _line(dossier: Dossier, wish: str, contact: dict[str, str]) -> list[Any]:
    place = dossier.territory
    return [
        dossier.number,
        dossier.type.title,
        dossier.get_state_display(),
        dossier.organisation.name,
        dossier.organisation.get_kind_display(),
        wish,
        contact["name"],
        contact["position"],
        contact["status"],
        contact["email"],
        contact["phone"],
        place.name,
        place.name if place.level == "departement" else place.departement.name if place.departement else "",
    ]


def _of(dossier: Dossier, schema: Schema) -> list[dict[str, str]]:
    """The contact of the form, then each row of a table that has an address or a telephone number."""
    values = dossier.values
    cells = flat(schema, values, names={})
    found = [
        {
            "name": role_text(schema, values, FieldRole.CONTACT_NAME),
            "position": str(cells.get("contact-fonction", "")),
            "status": "",
            "email": role_text(schema, values, FieldRole.CONTACT_EMAIL),
            "phone": role_text(schema, values, FieldRole.CONTACT_PHONE),
        }
    ]
    for each in schema.of_kind(FieldKind.TABLE):
        if cells.get(each.key):
            found += [_of_row(each, row) for row in answers.filled_rows(values.get(each.key))]
    return [each for each in found if each["email"] or each["phone"]]


def _of_row(table: Field, row: Mapping[str, Any]) -> dict[str, str]:
    def first(*kinds: str) -> str:
        return next((text_of(each, row.get(each.key)) for each in table.columns if each.kind in kinds), "")

    def named(key: str) -> str:
        return next((text_of(each, row.get(each.key)) for each in table.columns if each.key == key), "")

    position = " – ".join(filter(None, [table.label, named(_KIND)]))
    return {
        "name": named(_NAME) or first(FieldKind.TEXT),
        "position": position,
        "status": named(_STATUS),
        "email": first(FieldKind.EMAIL),
        "phone": first(FieldKind.PHONE),
    }

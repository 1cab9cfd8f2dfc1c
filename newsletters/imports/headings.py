"""What columns hold, by their French or English titles, or by what is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from portal.territories.text import fold

from .enums import Column

#: Folded titles, the surest first; a title that begins with one counts less than one that is it.
TITLES: Final[dict[str, tuple[str, ...]]] = {
    Column.ADDRESS: (
        "adresse e mail", "adresse email", "adresse mail", "adresse electronique", "adresse de messagerie",
        "adresse courriel", "e mail", "email", "mail", "courriel", "mel", "messagerie", "email address",
        "e mail address", "mail address", "adresse mel", "mail pro", "email pro", "courrier electronique", "emails",
        "mails", "contact mail",
    ),
    Column.FIRST_NAME: ("prenom", "first name", "firstname", "given name", "prenoms", "forename"),
    Column.LAST_NAME: (
        "nom de famille", "nom d usage", "nom de naissance", "last name", "lastname", "surname", "family name", "nom",
    ),
    Column.NAME: (
        "nom complet", "prenom et nom", "nom et prenom", "nom prenom", "prenom nom", "full name", "fullname", "name",
        "identite", "contact", "nom du contact", "display name", "destinataire",
    ),
    Column.ORGANISATION: (
        "structure", "organisation", "organisme", "organization", "entreprise", "societe", "company", "association",
        "employeur", "raison sociale", "nom de la structure", "nom structure", "etablissement", "collectivite",
    ),
    Column.ORGANISATION_KIND: (
        "type de structure", "type d organisation", "type d organisme", "type structure", "nature de la structure",
        "organization type", "categorie de structure", "statut juridique",
    ),
    Column.TERRITORY: (
        "territoire", "departement", "dept", "dep", "code departement", "numero de departement", "commune", "ville",
        "code postal", "cp", "code insee", "insee", "epci", "region", "city", "town", "zip", "zip code", "postal code",
        "postcode", "county", "departement d exercice",
    ),
}  # fmt: skip
_ADDRESS: Final = re.compile(r"[^\s@<>;,]+@[^\s@<>;,]+\.[^\s@<>;,]+")


def has_address(text: str) -> bool:
    return "@" in text and _ADDRESS.search(text[:1000]) is not None


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a first row gives titles: no address is in it."""
    return not any(has_address(cell) for cell in cells)


def guess_mapping(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """{what: column}. The address is where most addresses are, where no title says it."""
    folded = [fold(header) for header in headers]
    ranked = sorted(
        (score, at, what)
        for what in TITLES
        for at, title in enumerate(folded)
        if (score := _score(title, TITLES[what])) is not None
    )
    mapping: dict[str, int] = {}
    for _, at, what in ranked:
        if what not in mapping and at not in mapping.values():
            mapping[what] = at
    width = max((len(row) for row in rows), default=0)
    held: list[int] = [sum(has_address(row[at]) for row in rows if at < len(row)) for at in range(width)]
    named = mapping.get(Column.ADDRESS)
    # A column called « contact » or « mail » without any address in it, beside one that has them.
    if held and any(held) and (named is None or named >= width or not held[named]):
        richest = held.index(max(held))
        mapping = {what: at for what, at in mapping.items() if at != richest}
        mapping[Column.ADDRESS] = richest
    if Column.NAME in mapping and Column.FIRST_NAME in mapping and Column.LAST_NAME in mapping:
        del mapping[Column.NAME]
    return mapping


def _score(title: str, known: tuple[str, ...]) -> int | None:
    """The lower the surer; None for another thing."""
    if not title:
        return None
    if title in known:
        return known.index(title)
    for rank, each in enumerate(known):
        if len(each) > 3 and (title.startswith(f"{each} ") or title.endswith(f" {each}")):
            return 100 + rank
    return None

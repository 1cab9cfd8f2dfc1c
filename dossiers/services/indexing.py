"""What lists and rules read of a dossier's form, kept in columns of its own."""

from __future__ import annotations

from portal.territories.text import fold

from ..fields import display, roles
from ..fields.schema import load_schema
from ..models import Dossier, PerimeterMember

#: Characters of the words that are searched.
LONGEST = 20_000


def refresh(dossier: Dossier, *, save: bool = True) -> None:
    """Take title, amount asked for, perimeter and words to search from the form.

    Side effects: the rows of its perimeter where they changed; with ``save``, the dossier's columns.
    """
    schema = load_schema(dossier.type_version)
    dossier.title = roles.title_of(schema, dossier.values)[:200]
    dossier.amount_requested = roles.amount_of(schema, dossier.values)
    words = [
        dossier.number or "",
        dossier.title,
        dossier.type.title,
        dossier.organisation.name,
        dossier.territory.name,
        *(str(value) for value in display.flat(schema, dossier.values).values() if isinstance(value, str)),
    ]
    dossier.search_text = fold(" ".join(words))[:LONGEST]
    _keep_perimeter(dossier, {each.pk for each in roles.perimeter_of(schema, dossier.values)})
    if save:
        dossier.save(update_fields=["title", "amount_requested", "search_text"])


def _keep_perimeter(dossier: Dossier, wanted: set[int]) -> None:
    held = set(PerimeterMember.objects.filter(dossier=dossier).values_list("territory", flat=True))
    if held - wanted:
        PerimeterMember.objects.filter(dossier=dossier, territory__in=held - wanted).delete()
    PerimeterMember.objects.bulk_create(PerimeterMember(dossier=dossier, territory_id=pk) for pk in wanted - held)

"""What a new version changes, and the drafts that stay behind."""

from __future__ import annotations

import pytest

from dossiers.catalogue.differences import compare, drafts_behind
from tests.dossiers.factories import NAME, field, make_draft, make_party, make_type, publish


def test_added_removed_changed_and_moved_fields_are_told() -> None:
    a, b, c = field("a", "texte", "A"), field("b", "date", "B"), field("c", "texte", "C")
    found = compare({"fields": [a, b, c]}, {"fields": [c | {"required": True, "label": "Cé"}, a, field("d", "date")]})
    assert (found.added, found.removed, found.moved) == (["D"], ["B"], True)
    assert [(each.label, each.parts) for each in found.changed] == [
        ("Cé", [("intitulé", "C", "Cé"), ("obligatoire", "non", "oui")])
    ]
    assert not compare({"fields": [a]}, {"fields": [a]})
    assert compare(None, {"fields": [a]}).added == ["A"]


@pytest.mark.django_db
def test_drafts_of_former_versions_are_counted() -> None:
    party, type_ = make_party(), make_type()
    make_draft(party, type_)
    make_draft(party, type_)
    assert drafts_behind(type_) == {}
    publish(type_, [NAME, field("plus", "texte")])
    make_draft(party, type_)
    assert drafts_behind(type_) == {1: 2}

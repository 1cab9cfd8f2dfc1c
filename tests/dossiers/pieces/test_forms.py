"""Files that come with a form, without a script; what screens show, in as many queries for one as for three."""

from __future__ import annotations

import pytest
from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from dossiers.access import rights_on
from dossiers.fields.forms import make_form
from dossiers.fields.schema import load_schema
from dossiers.models import Piece
from dossiers.pieces.panels import panels
from dossiers.pieces.posted import receive
from dossiers.pieces.services import current_files
from dossiers.rules import DossierConflict
from tests.files.samples import picture, upload

from .conftest import ANY, PHOTOS, PLAN, deposited, incomplete, put

pytestmark = pytest.mark.django_db


def posted(dossier, actor, data="", files=None, **more):
    return receive(dossier=dossier, actor=actor, data=QueryDict(data), files=MultiValueDict(files or {}), **more)


def names(dossier, key=ANY):
    return [each.file.name for each in current_files(dossier).get(key, [])]


def test_taken_out_replaced_and_added_in_one_go(draft, party):
    plan, gone, old = (put(draft, party.depositor, key, f"{key}.pdf") for key in (PLAN, ANY, ANY))
    told = posted(
        draft,
        party.depositor,
        f"{PLAN}__retirer={plan.piece_id}&{ANY}__retirer={gone.piece_id}&{ANY}__retirer=nonsense",
        {PLAN: [upload("neuf.pdf")], f"{ANY}__remplacer-{old.piece_id}": [upload("bis.pdf")], ANY: [upload("ter.pdf")]},
    )
    assert told == {}
    # The room of what was taken out is there again.
    assert (names(draft, PLAN), names(draft)) == (["neuf.pdf"], ["bis.pdf", "ter.pdf"])


def test_too_many_are_told_and_those_that_fit_are_kept(draft, party):
    put(draft, party.depositor, PHOTOS, "0.png", picture())
    told = posted(draft, party.depositor, "", {PHOTOS: [upload(f"{n}.png", picture()) for n in range(1, 6)]})
    assert names(draft, PHOTOS) == ["0.png", "1.png", "2.png"]
    assert told[PHOTOS][0] == "5 fichiers, c’est trop. Maximum : 3."
    assert told[PHOTOS][1].startswith("« 3.png » : C’est trop de fichiers.")


def test_a_form_names_its_own_fields_pieces_alone(draft, party):
    plan, other = put(draft, party.depositor, PLAN), put(draft, party.depositor, ANY)
    posted(draft, party.depositor, f"{ANY}__retirer={plan.piece_id}&nom__retirer={other.piece_id}")
    posted(draft, party.depositor, f"{ANY}__retirer={other.piece_id}", only=[PLAN])
    assert Piece.objects.filter(removed_at=None).count() == 2


def test_a_prefix_is_that_of_the_form(draft, party):
    posted(draft, party.depositor, "", {f"p-{ANY}": [upload()], ANY: [upload("autre.pdf")]}, prefix="p")
    assert names(draft) == ["note.pdf"]


def test_nothing_posted_is_nothing_done_whatever_the_state(draft, party):
    deposited(draft, party)
    assert posted(draft, party.depositor) == {}
    with pytest.raises(DossierConflict):
        posted(draft, party.depositor, "", {ANY: [upload()]})
    with pytest.raises(Http404):
        posted(draft, party.instructor, "", {ANY: [upload()]})


def shown(dossier, user, errors=()):
    form = make_form(load_schema(dossier.type_version), values=dossier.values, dossier=dossier)
    form.tell({ANY: errors} if errors else {})
    found = panels(dossier, user, rights_on(dossier, user))
    context = {"form": form, "pieces": found, "piece_template": "dossiers/pieces/_field.html"}
    return render_to_string("dossiers/fields/_lines.html", context)


def test_the_field_says_its_limits_its_files_and_what_was_refused(draft, party):
    put(draft, party.depositor, ANY, "<b>devis.pdf")
    html = shown(draft, party.depositor, ["« page.pdf » : refusé."])
    assert "Formats acceptés : PDF. Un seul fichier, 1 Mo au maximum." in html
    assert "_b_devis.pdf" in html
    assert "« page.pdf » : refusé." in html
    assert 'accept=".png,.jpg,.jpeg"' in html
    assert html.count("data-pieces ") == 3
    read = shown(draft, party.reader)
    assert "_b_devis.pdf" in read
    for editing in ("data-pieces ", 'type="file"', "__retirer", "Remplacer"):
        assert editing not in read


def test_only_the_fields_that_were_asked_for_are_open(draft, party):
    put(draft, party.depositor, ANY)
    incomplete(draft, party, PLAN)
    draft.refresh_from_db()
    found = panels(draft, party.depositor, rights_on(draft, party.depositor))
    assert {key: panel.editable for key, panel in found.items()} == {PLAN: True, PHOTOS: False, ANY: False}


def test_one_and_three_files_take_the_same_queries(draft, party, django_assert_num_queries):
    for number in (1, 2):
        for _ in range(number):
            put(draft, party.depositor)
        rights = rights_on(draft, party.depositor)
        with django_assert_num_queries(2):
            found = panels(draft, party.depositor, rights)
            render_to_string("dossiers/pieces/_list.html", {"piece": found[ANY]})

"""Fields of forms: the reason beside the field, and nothing that was sent is lost by an error elsewhere."""

from __future__ import annotations

import pytest
from django import forms
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from portal.files.forms import CheckedFileField, CheckedFilesField
from portal.files.kept import StoredFilesField
from portal.files.models import StoredFile
from tests.factories import make_user

from .samples import PAGE, make_file, pdf, picture, upload

pytestmark = pytest.mark.django_db


class OneForm(forms.Form):
    title = forms.CharField()
    piece = CheckedFileField(label="Pièce", accept=["pdf", "png"], limit=1_000_000)


class SeveralForm(forms.Form):
    pieces = CheckedFilesField(max_files=3)


class KeptForm(forms.Form):
    title = forms.CharField()
    pieces = StoredFilesField(label="Pièces", max_files=3, required=True)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pieces"].belong_to(actor=actor, purpose="essai")


class SingleForm(forms.Form):
    piece = StoredFilesField(max_files=1, required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["piece"].belong_to(actor=actor, purpose="essai")


def files(**found) -> MultiValueDict:
    return MultiValueDict({name: each if isinstance(each, list) else [each] for name, each in found.items()})


def data(**found) -> MultiValueDict:
    return files(**found)


def test_limits_are_said_to_the_person_and_to_the_browser():
    html = OneForm().as_p()
    assert "Formats acceptés : PDF, PNG. Taille maximale : 1 Mo." in html
    assert 'accept=".pdf,.png"' in html


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("vide.pdf", b"", "vide (0 octet)"),
        ("page.pdf", PAGE, "pas un fichier .pdf"),
        ("note.odt", pdf(), "« .odt » n’est pas un type accepté"),
        ("lourd.pdf", pdf(body=b"%" * 1_100_000), "trop lourd (1,1 Mo)"),
    ],
)
def test_the_reason_stands_beside_the_field(name, content, reason):
    form = OneForm({"title": "Un titre"}, files(piece=upload(name, content)))
    assert list(form.errors) == ["piece"]
    assert len(form.errors["piece"]) == 1
    assert reason in form.errors["piece"][0]
    assert 'value="Un titre"' in form.as_p()


def test_text_in_the_place_of_a_file_is_an_error_of_the_field():
    form = OneForm({"title": "x", "piece": "texte"}, files(piece="texte"))
    assert form.errors["piece"] == ["Ce fichier n’a pas été reçu comme un fichier ; recommencez."]
    assert "piece" in OneForm({"title": "x"}).errors


def test_the_name_of_a_bad_file_among_several_is_said():
    form = SeveralForm({}, files(pieces=[upload("a.pdf"), upload("b.pdf", PAGE), upload("c.png", picture())]))
    [error] = form.errors["pieces"]
    assert error.startswith("« b.pdf » : Ce fichier n’est pas un fichier .pdf")
    form = SeveralForm({}, files(pieces=[upload("a.pdf"), upload("c.png", picture())]))
    assert form.is_valid()
    assert [each.name for each in form.cleaned_data["pieces"]] == ["a.pdf", "c.png"]
    assert "Maximum : 3" in SeveralForm({}, files(pieces=[upload()] * 4)).errors["pieces"][0]


def test_good_files_stay_with_a_form_that_comes_back():
    actor = make_user()
    form = KeptForm(data(), files(pieces=[upload("a.pdf"), upload("b.pdf", PAGE)]), actor=actor)
    assert set(form.errors) == {"title", "pieces"}
    assert form.errors["pieces"] == [
        "« b.pdf » : Ce fichier n’est pas un fichier .pdf : son contenu est autre que son nom ne l’annonce."
    ]
    stored = StoredFile.objects.get()
    html = form.as_p()
    assert f'name="pieces-kept" value="{stored.pk}"' in html
    assert "a.pdf" in html
    again = KeptForm(data(title="x", **{"pieces-kept": str(stored.pk)}), files(), actor=actor)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["pieces"] == [stored]


def test_a_kept_file_is_taken_out_and_others_added():
    actor = make_user()
    first, second = make_file(actor), make_file(actor)
    sent = data(title="x", **{"pieces-kept": [str(first.pk), str(second.pk)], "pieces-removed": str(first.pk)})
    form = KeptForm(sent, files(pieces=upload("c.png", picture())), actor=actor)
    assert form.is_valid(), form.errors
    assert [each.name for each in form.cleaned_data["pieces"]] == [second.name, "c.png"]
    assert form.cleaned_data["pieces"][0] == second


def test_nobody_has_the_file_of_another_kept():
    stored = make_file(make_user())
    form = KeptForm(data(title="x", **{"pieces-kept": str(stored.pk)}), files(), actor=make_user())
    assert form.errors["pieces"] == ["Ce fichier n’est plus là : envoyez-le à nouveau."]
    assert stored.name not in form.as_p()


def test_a_file_of_what_is_being_changed_stays_though_another_sent_it():
    stored = make_file(make_user())
    sent = data(title="x", **{"pieces-kept": str(stored.pk)})
    form = KeptForm(sent, files(), actor=make_user(), initial={"pieces": [stored]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["pieces"] == [stored]
    assert form.changed_data == ["title"]
    assert stored.name in KeptForm(actor=make_user(), initial={"pieces": [stored]}).as_p()


def test_a_field_of_one_file_has_the_new_one():
    actor = make_user()
    first = make_file(actor)
    form = SingleForm(data(**{"piece-kept": str(first.pk)}), files(piece=upload("b.pdf")), actor=actor)
    assert [each.name for each in form.fields["piece"].clean(form["piece"].data)] == ["b.pdf"]
    assert "multiple" not in form.as_p()
    assert SingleForm(data(), files(), actor=actor).is_valid()


def test_too_many_files_are_refused_and_the_first_ones_stay():
    actor = make_user()
    form = KeptForm(data(title="x"), files(pieces=[upload(f"{n}.pdf") for n in range(5)]), actor=actor)
    assert form.errors["pieces"] == ["C’est trop de fichiers. Maximum : 3."]
    assert StoredFile.objects.count() == 3


def test_what_one_person_sends_in_a_day_is_limited(settings):
    settings.FILE_DAY_BYTES = int(len(pdf()) * 2.5)
    actor = make_user()
    form = KeptForm(data(title="x"), files(pieces=[upload(f"{n}.pdf") for n in range(3)]), actor=actor)
    assert "en un jour" in form.errors["pieces"][0]
    assert StoredFile.objects.filter(uploaded_by=actor).count() == 2
    assert make_file(make_user())


def test_a_request_of_a_browser_is_read_as_it_is():
    actor = make_user()
    request = RequestFactory().post("/", {"title": "x", "pieces": [upload("a.pdf"), upload("../b.pdf")]})
    form = KeptForm(request.POST, request.FILES, actor=actor)
    assert form.is_valid(), form.errors
    assert [each.name for each in form.cleaned_data["pieces"]] == ["a.pdf", "b.pdf"]

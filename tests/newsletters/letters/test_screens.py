"""The screens of letters: beginning one from proposals, adding to it, its checks, previews and trial."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from django.urls import reverse

from newsletters.models import NewsletterPage
from portal.territories.models import Territory
from tests.factories import make_initiative, make_member, make_news
from tests.newsletters.letters.factories import block, make_letter, pages
from tests.resources.factories import make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(landes_space, client):
    editor = make_member("editor", landes_space.territory)
    client.force_login(editor)
    return editor


def letter_form(*chosen, places=None, **fields):
    asked = {"titre": "La lettre de mai", "objet": "", "apercu": "", "liste": "", "introduction": ""} | fields
    asked["page"] = [str(page.pk) for page in chosen]
    return asked | {f"place-{page.pk}": str(place) for page, place in (places or {}).items()}


def test_proposals_become_a_draft_in_the_order_of_their_places(editor, client, landes_space):
    first, second, left = (make_news(landes_space, title=title) for title in ("Une", "Deux", "Laissée"))
    url = reverse("letter_new")
    shown = client.get(url).content.decode()
    assert all(page.title in shown for page in (first, second, left))
    posted = letter_form(first, second, places={first: 2, second: 1}, introduction="Bonjour {{ nom }}")
    answer = client.post(url, posted)
    letter = NewsletterPage.objects.get()
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[letter.pk])
    draft = letter.get_latest_revision_as_object()
    assert [item["page"].pk for item in draft.body[1].value["pages"]] == [second.pk, first.pk]
    assert "{{ nom }}" in draft.body[0].value.source
    assert not letter.live


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"titre": ""}, "Titre de la lettre : "),
        ({"objet": "Bonjour {{ prenom }}"}, "La variable « prenom » n’existe pas"),
        ({"introduction": "Bonjour {{ nom"}, "Des doubles accolades"),
        ({"page": ["999999"]}, "n’est plus proposée"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(editor, client, landes_space, fields, said):
    page = make_news(landes_space)
    answer = client.post(reverse("letter_new"), letter_form(page, introduction="Un long texte") | fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text.replace("&nbsp;", " ")
    assert fields.get("introduction", "Un long texte") in text
    assert not NewsletterPage.objects.exists()


def test_a_place_that_is_no_number(editor, client, landes_space):
    page = make_news(landes_space, title="Mal placée")
    answer = client.post(reverse("letter_new"), letter_form(page, places={page: "²x"}))
    assert answer.status_code == 422
    assert "« Mal placée » : la place est un nombre." in answer.content.decode()


def test_another_territorys_space_cannot_be_asked_for(editor, client, landes_space):
    answer = client.get(
        reverse("letter_new"),
        {"espace": "1", "du": "2026-01-01", "au": "2026-01-10", "portee": "inside", "jours": "9", "genre": "news"},
    )
    assert "n’est pas de votre ressort" in answer.content.decode()


def test_pages_are_added_to_a_draft(editor, client, landes_space):
    inside, new = make_news(landes_space, title="Déjà là"), make_news(landes_space, title="Nouvelle venue")
    letter = make_letter(landes_space, pages(inside))
    url = reverse("letter_propose", args=[letter.pk])
    shown = client.get(url).content.decode()
    assert "Nouvelle venue" in shown
    assert "Déjà là" not in shown
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"page": [new.pk], f"place-{new.pk}": "1"}).status_code == 302
    draft = NewsletterPage.objects.get(pk=letter.pk).get_latest_revision_as_object()
    assert draft.body[1].value["pages"][0]["page"].pk == new.pk


@pytest.mark.parametrize("name", ["letter_propose", "letter_checks", "letter_trial"])
def test_a_letter_of_another_territory_is_not_found(client, landes_space, name):
    letter = make_letter(landes_space)
    client.force_login(make_member("editor", Territory.objects.get(level="departement", code="84")))
    assert client.get(reverse(name, args=[letter.pk])).status_code == 404


def test_checks_say_what_is_wrong_and_the_weight(editor, client, landes_space):
    gone = make_news(landes_space, title="Partie")
    letter = make_letter(landes_space, pages(gone), preheader="")
    gone.unpublish()
    shown = client.get(reverse("letter_checks", args=[letter.pk])).content.decode()
    assert "« Partie » n’est pas publiée" in shown
    assert "Le texte d’aperçu est vide" in shown
    assert "ko, sur 102 au plus" in shown.replace("&nbsp;", " ")


@pytest.mark.parametrize("count", [1, 3])
def test_the_screen_of_checks_takes_a_constant_number_of_queries(
    editor, client, landes_space, django_assert_num_queries, count
):
    chosen = [maker(landes_space) for _ in range(count) for maker in (make_news, make_initiative, make_resource)]
    letter = make_letter(landes_space, pages(*chosen))
    client.get(reverse("letter_checks", args=[letter.pk]))
    with django_assert_num_queries(26):
        client.get(reverse("letter_checks", args=[letter.pk]))


@pytest.mark.parametrize(
    ("mode", "seen", "unseen"),
    [
        ("wide", "@media not all", "@media all"),
        ("dark", "@media all", "@media not all"),
        ("text", "<pre>", "<iframe"),
        ("no_images", "<iframe", " src="),
    ],
)
def test_previews_show_example_values_in_a_frame_without_scripts(editor, client, landes_space, mode, seen, unseen):
    letter = make_letter(landes_space, block("intro", "<p>Bonjour {{ nom|vous }}</p>"))
    answer = client.get(reverse("letter_look", args=[letter.pk, mode]))
    text = answer.content.decode()
    assert "Bonjour Camille Exemple" in text
    assert seen in text
    assert unseen not in text.replace("srcdoc=", "")
    assert "\ue000" not in text
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_wagtails_own_preview_is_the_mail(editor, client, landes_space):
    letter = make_letter(landes_space, block("intro", "<p>Bonjour {{ nom }}</p>"))
    letter.save_revision()
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[letter.pk]) + "?mode=narrow")
    assert "letter-preview--narrow" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_form_of_a_letter_refuses_an_unknown_variable_beside_its_field(editor, client, landes_space):
    letter = make_letter(landes_space)
    url = reverse("wagtailadmin_pages:edit", args=[letter.pk])
    posted = {
        "title": letter.title,
        "slug": letter.slug,
        "subject": "Bonjour {{ prenom }}",
        "preheader": "\ue000x",
        "body-count": "0",
    }
    posted |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    text = client.post(url, posted).content.decode()
    assert "La variable « prenom » n’existe pas" in text.replace("&nbsp;", " ").replace("\xa0", " ")
    assert client.post(url, posted | {"subject": "Bonjour {{ nom }}"}).status_code == 302
    draft = NewsletterPage.objects.get().get_latest_revision_as_object()
    assert (draft.subject, draft.preheader) == ("Bonjour {{ nom }}", "x")


def test_the_form_shows_the_checks_of_the_saved_draft(editor, client, landes_space):
    letter = make_letter(landes_space, preheader="")
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[letter.pk])).content.decode()
    assert "La lettre n’a pas de contenu" in shown
    assert reverse("letter_propose", args=[letter.pk]) in shown


def test_a_trial_goes_to_oneself_and_the_chosen_of_the_team(editor, client, landes_space, settings, tmp_path):
    settings.MAIL_DIR, settings.EMAIL_BACKEND = tmp_path, "portal.core.mail.FolderBackend"
    colleague = make_member("sender", landes_space.territory, first_name="Noé", last_name="Dupont")
    stranger = make_member("editor", Territory.objects.get(level="departement", code="84"))
    letter = make_letter(landes_space, block("intro", "<p>Bonjour {{ nom }}</p>"))
    url = reverse("letter_trial", args=[letter.pk])
    shown = client.get(url).content.decode()
    assert "Noé Dupont" in shown
    assert stranger.email not in shown
    assert client.post(url, {"moi": "on", "equipe": [stranger.pk]}).status_code == 422
    assert client.post(url, {}).status_code == 422
    assert not list(Path(tmp_path).iterdir())
    assert client.post(url, {"moi": "on", "equipe": [colleague.pk]}).status_code == 302
    sent = [message_from_bytes(each.read_bytes(), policy=SMTP) for each in Path(tmp_path).iterdir()]
    assert {each["To"] for each in sent} == {editor.email, colleague.email}
    assert {each["Subject"] for each in sent} == {"[TEST] Les nouvelles du réseau"}


def test_trials_are_counted(editor, client, landes_space, settings, tmp_path, monkeypatch):
    settings.MAIL_DIR, settings.EMAIL_BACKEND = tmp_path, "portal.core.mail.FolderBackend"
    monkeypatch.setattr("newsletters.letters.screens.TRIALS_AN_HOUR", 1)
    letter = make_letter(landes_space, block("intro", "<p>Bonjour</p>"))
    url = reverse("letter_trial", args=[letter.pk])
    assert client.post(url, {"moi": "on"}).status_code == 302
    assert client.post(url, {"moi": "on"}).status_code == 429

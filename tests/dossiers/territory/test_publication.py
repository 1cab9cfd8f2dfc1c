"""Pages of accepted dossiers: what they say, to whom, and as long as the decision holds."""

from __future__ import annotations

import uuid

import pytest
from django.http import Http404
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from dossiers.enums import Action, EventKind, State
from dossiers.journal import faults
from dossiers.models import Dossier, DossierPage, Piece, PieceVersion
from dossiers.rules import DossierConflict, DossierRefused
from dossiers.services.publication import publish_dossier, unpublish_dossier
from pages.services import close_territory_space, open_territory_space
from portal.accounts.enums import Role
from portal.core.facts import wrong_facts
from portal.core.models import PageFact
from tests.factories import make_member
from tests.files.samples import make_file

from ..factories import Party, act, decide, field, make_dossier, make_party, make_type
from .factories import FIELDS, at, axes

pytestmark = pytest.mark.django_db

DAX = "epci-244000675"
SECRET = "ornithorynque"
PILOTS = [
    {"key": "axe", "kind": "texte", "label": "Axe", "required": True, "options": {}},
    {"key": "pilote", "kind": "texte", "label": "Pilote", "required": False, "options": {}},
    {"key": "adresse", "kind": "e-mail", "label": "Adresse", "required": False, "options": {}},
]
FORM = [
    *(each for each in FIELDS if each["key"] != "axes"),
    field("axes", "tableau", "Axes et pilotes", role="axes", options={"columns": PILOTS}),
    field("contexte", "texte-long", "Note de contexte", role="texte-public"),
    field("privee", "texte-long", "Note privée"),
    field("instances", "texte-long", "Instances", options={"public": True}),
    field("contact", "texte", "Contact", role="contact-nom", options={"public": True}),
    field("joindre", "e-mail", "Adresse e-mail", role="contact-e-mail", options={"public": True}),
    field("telephone", "telephone", "Téléphone", options={"public": True}),
    field("pdf", "piece", "Feuille de route", options={"public": True, "max_files": 3}),
    field("annexe", "piece", "Annexe interne"),
]
VALUES = {
    "nom": "Feuille de route du Grand Dax",
    "perimetre": [DAX, "commune-40001"],
    "axes": [each | {"pilote": "CIAS", "adresse": f"{SECRET}@exemple.fr"} for each in axes("Aller vers", "Équiper")],
    "contexte": "Un territoire <b>rural</b>.",
    "privee": SECRET,
    "instances": "Un comité par trimestre.",
    "contact": SECRET,
    "joindre": f"{SECRET}@exemple.fr",
    "telephone": "0558000000",
}


@pytest.fixture
def party(landes_space) -> Party:
    return make_party()


def accepted(party: Party, **fields) -> Dossier:
    type_ = make_type(FORM, kind="feuille-de-route", exclusive_perimeter=True, publishable=True)
    return make_dossier(party, State.ACCEPTED, type_=type_, values=VALUES, **fields)


def publish(dossier: Dossier, actor) -> DossierPage:
    return publish_dossier(dossier=dossier, actor=actor, version=version_of(dossier))


def version_of(dossier: Dossier) -> int:
    return Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)


def attach(dossier: Dossier, key: str, name: str, state: str = "clean"):
    stored = make_file(dossier.created_by, name=name, purpose="dossiers", scan_state=state)
    PieceVersion.objects.create(piece=Piece.objects.create(dossier=dossier, field=key), number=1, file=stored)
    return stored


def kinds(dossier: Dossier) -> list[str]:
    return list(dossier.events.order_by("number").values_list("kind", flat=True))


def test_an_accepted_roadmap_becomes_a_page_of_its_territorys_space(party, client, landes_space, commit):
    dossier = accepted(party)
    with commit():
        page = publish(dossier, party.instructor)
    assert page.live
    assert page.get_parent().pk == landes_space.page_id
    dossier.refresh_from_db()
    assert dossier.published_page_id == page.pk
    assert kinds(dossier)[-1] == EventKind.PUBLISHED
    assert list(faults(dossier)) == []
    fact = PageFact.objects.get(page=page)
    assert (fact.kind, fact.visible, fact.space, fact.territory) == (
        "dossier",
        True,
        landes_space,
        landes_space.territory,
    )
    response = client.get(page.get_url())
    assert response.status_code == 200
    text = response.content.decode()
    for said in (
        "Feuille de route du Grand Dax",
        party.organisation.name,
        f"N°&nbsp;{dossier.number}",
        "Aller vers",
        "Équiper",
        "CIAS",
        "Un territoire &lt;b&gt;rural&lt;/b&gt;.",
        "Un comité par trimestre.",
        "CA du Grand Dax",
        "Aire-sur-l&#x27;Adour",
        'class="portal-locator__here"',
    ):
        assert said in text, said
    assert SECRET not in text
    assert "05 58" not in text
    assert "Note privée" not in text
    assert SECRET not in str(page.content) + page.words + page.lead


def test_it_is_shown_by_its_space_and_found_by_search(party, client, landes_space, commit):
    dossier = accepted(party)
    with commit():
        page = publish(dossier, party.instructor)
    address = landes_space.page.get_url()
    for words in ("grand dax", "équiper", "comité trimestre", party.organisation.name):
        assert page.get_url() in client.get("/recherche/", {"q": words}).content.decode(), words
    assert page.get_url() not in client.get("/recherche/", {"q": SECRET}).content.decode()
    assert page.get_url() in client.get(address).content.decode()
    with commit():
        page.unpublish()
    assert page.get_url() not in client.get(address).content.decode()
    with commit():
        page.save_revision().publish()
    assert page.get_url() in client.get(address).content.decode()
    with commit():
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert page.get_url() not in client.get(address).content.decode()


def test_a_space_page_costs_the_same_whatever_it_has(party, client, landes_space, django_assert_num_queries):
    address = landes_space.page.get_url()
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)
    publish(accepted(party), party.instructor)
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)


def test_files_are_given_to_everybody_where_public_clean_and_published(party, client):
    dossier = accepted(party)
    public = attach(dossier, "pdf", "feuille.pdf")
    waiting = attach(dossier, "pdf", "attend.pdf", state="pending")
    private = attach(dossier, "annexe", "annexe.pdf")
    page = publish(dossier, party.instructor)

    def get(stored):
        answer = client.get(reverse("dossiers:published-file", args=[page.pk, stored.pk]))
        answer.content_read = b"".join(answer) if answer.streaming else b""
        return answer

    response = get(public)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.content_read.startswith(b"%PDF")
    assert [get(each).status_code for each in (waiting, private)] == [404, 404]
    text = client.get(page.get_url()).content.decode()
    assert "feuille.pdf" in text
    assert "attend.pdf" not in text
    assert "annexe.pdf" not in text
    waiting.scan_state = "clean"
    waiting.save()
    assert get(waiting).status_code == 200
    public.scan_state = "infected"
    public.save()
    assert get(public).status_code == 404
    unpublish_dossier(dossier=dossier, actor=party.instructor, version=version_of(dossier))
    assert get(waiting).status_code == 404
    assert client.get(reverse("dossiers:published-file", args=[999_999, uuid.uuid4()])).status_code == 404


def test_reopening_takes_the_page_down_with_the_decision(party, client):
    dossier = accepted(party)
    page = publish(dossier, party.instructor)
    act(Action.REOPEN, dossier, party.validator, reason="Une erreur.")
    page.refresh_from_db()
    assert not page.live
    assert client.get(page.get_url()).status_code == 404
    dossier.refresh_from_db()
    assert kinds(dossier)[-2:] == [EventKind.REOPENED, EventKind.UNPUBLISHED]
    assert list(faults(dossier)) == []
    # Nobody publishes it meanwhile, whatever their rights on pages.
    admin = make_member(Role.ADMIN_NATIONAL, at("nation-FR"))
    assert not page.permissions_for_user(admin).can_publish()
    page.save_revision().publish(skip_permission_checks=True)
    page.refresh_from_db()
    assert not page.live
    # Accepted again, it comes back at its address.
    address = page.get_url()
    decide(dossier, party, State.ACCEPTED)
    again = publish(dossier, party.instructor)
    assert (again.pk, again.get_url(), again.live) == (page.pk, address, True)


def test_publishing_again_brings_it_up_to_date_and_keeps_what_editors_wrote(party):
    dossier = accepted(party)
    page = publish(dossier, party.instructor)
    assert page.lead == (
        f"Feuille de route de l’inclusion numérique portée par {party.organisation.name}. "
        "Périmètre : 1 intercommunalité et 1 commune."
    )
    page.image_alt = page.lead = "Ajouté par la rédaction"
    page.save_revision().publish()
    dossier.refresh_from_db()
    dossier.values["instances"] = "Deux comités."
    dossier.save(update_fields=["values"])
    again = publish(dossier, party.instructor)
    assert again.pk == page.pk
    assert "Deux comités." in str(again.content)
    assert again.image_alt == again.lead == "Ajouté par la rédaction"
    assert Page.objects.get(pk=page.pk).specific.latest_revision.as_object().content == again.content
    assert DossierPage.objects.count() == 1


@pytest.mark.parametrize("state", [State.INSTRUCTION, State.REFUSED, State.DEPOSITED])
def test_only_what_is_accepted_is_published(party, state):
    type_ = make_type(FORM, publishable=True)
    dossier = make_dossier(party, state, type_=type_, values=VALUES)
    with pytest.raises(DossierRefused) as refused:
        publish(dossier, party.instructor)
    assert refused.value.code == "state"
    assert not DossierPage.objects.exists()


def test_a_type_that_is_not_publishable_is_not_published(party):
    dossier = make_dossier(party, State.ACCEPTED)
    with pytest.raises(DossierRefused) as refused:
        publish(dossier, party.instructor)
    assert refused.value.code == "publishable"


def test_without_an_open_space_it_says_so(party, landes_space):
    close_territory_space(space=landes_space)
    dossier = accepted(party)
    with pytest.raises(DossierRefused) as refused:
        publish(dossier, party.instructor)
    assert refused.value.code == "space"
    assert "Landes" in refused.value.message


def test_that_of_an_intercommunalite_goes_to_its_departements_space_or_its_own(party, landes_space):
    type_ = make_type(FORM, publishable=True)
    values = {**VALUES, "perimetre": [DAX]}
    first = make_dossier(party, State.ACCEPTED, type_=type_, values=values, territory=at(DAX))
    page = publish(first, party.instructor)
    assert page.get_parent().pk == landes_space.page_id
    assert PageFact.objects.get(page=page).territory == at(DAX)
    own = open_territory_space(territory=at(DAX))
    second = make_dossier(party, State.ACCEPTED, type_=type_, values=values, territory=at(DAX))
    page = publish(second, party.instructor)
    assert page.get_parent().pk == own.page_id
    assert wrong_facts(Page.objects.get(pk=own.page_id)) == []


@pytest.mark.parametrize("who", ["depositor", "reader", "elsewhere", "stranger", "advisor"])
def test_who_does_not_instruct_publishes_nothing(party, who):
    dossier = accepted(party)
    with pytest.raises(Http404):
        publish(dossier, getattr(party, who))
    assert not DossierPage.objects.exists()


def test_an_old_screen_is_told_what_happened(party):
    dossier = accepted(party)
    seen = version_of(dossier)
    publish_dossier(dossier=dossier, actor=party.instructor, version=seen)
    with pytest.raises(DossierConflict):
        publish_dossier(dossier=dossier, actor=party.validator, version=seen)
    with pytest.raises(DossierConflict):
        unpublish_dossier(dossier=dossier, actor=party.validator, version=seen)
    unpublish_dossier(dossier=dossier, actor=party.validator, version=version_of(dossier))
    with pytest.raises(DossierRefused) as refused:
        unpublish_dossier(dossier=dossier, actor=party.validator, version=version_of(dossier))
    assert refused.value.code == "unpublished"


def test_what_was_taken_down_stays_down_when_its_space_opens_again(party, landes_space):
    dossier = accepted(party)
    page = publish(dossier, party.instructor)
    close_territory_space(space=landes_space)
    act(Action.REOPEN, dossier, party.validator, reason="Une erreur.")
    open_territory_space(territory=landes_space.territory)
    page.refresh_from_db()
    assert not page.live


def test_editors_add_to_the_page_and_change_nothing_of_the_dossier(party, client, landes_space, landes):
    dossier = accepted(party)
    page = publish(dossier, party.instructor)
    client.force_login(make_member(Role.EDITOR, landes))
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    text = client.get(edit).content.decode()
    assert "ce qui vient du dossier ne se modifie pas ici" in text
    assert 'name="content"' not in text
    form = {
        "title": page.title,
        "slug": page.slug,
        "lead": "Un chapô de la rédaction.",
        "image_alt": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "content": "{}",
        "organisation_name": "Une autre",
        "action-publish": "1",
    }
    response = client.post(edit, form)
    assert response.status_code == 302, response.content.decode()[-3000:]
    page.refresh_from_db()
    assert page.lead == "Un chapô de la rédaction."
    assert page.organisation_name == party.organisation.name
    assert page.content["parts"]
    # Nobody makes one by hand.
    add = reverse("wagtailadmin_pages:add", args=["dossiers", "dossierpage", landes_space.page_id])
    assert client.get(add).status_code in (302, 403, 404)

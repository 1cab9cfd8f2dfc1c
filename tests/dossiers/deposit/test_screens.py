"""The organisation's screens: beginning, filling in, depositing, following, withdrawing; nothing typed is lost."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from dossiers.enums import State
from dossiers.models import Dossier, PerimeterMember
from dossiers.services.drafts import MOST_DRAFTS
from portal.accounts.models import Membership
from portal.territories.models import Territory
from tests.dossiers.factories import (
    NAME,
    Party,
    act,
    field,
    make_dossier,
    make_draft,
    make_organisation,
    make_party,
    make_type,
    publish,
)
from tests.security.planting.dossiers import invite_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> Party:
    return make_party()


@pytest.fixture
def depositor(client, party: Party):
    client.force_login(party.depositor)
    return client


def form_of(dossier: Dossier, **values: Any) -> dict[str, Any]:
    dossier.refresh_from_db()
    return {"_version": dossier.version, "_key": uuid.uuid4().hex, "nom": "Un musée"} | values


class TestBeginning:
    def test_from_the_types_to_the_form(self, depositor, party: Party):
        open_, shut = make_type(title="Une subvention"), make_type(title="Une candidature", archived_at=None)
        shut.closes_at = shut.created_at
        shut.save()
        page = depositor.get("/dossiers/types/").content.decode()
        assert page.index("Une subvention") < page.index("Fermés en ce moment") < page.index("Une candidature")
        address = f"/dossiers/types/{open_.code}/"
        key = depositor.get(address).context["key"]
        for _ in range(2):  # Pressed twice, begun once.
            answer = depositor.post(address, {"territory": party.territory.pk, "key": key})
        dossier = Dossier.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"/dossiers/{dossier.pk}/formulaire/")
        assert (dossier.organisation, dossier.created_by) == (party.organisation, party.depositor)
        assert [each.kind for each in dossier.events.all()] == ["cree"]

    def test_what_stands_in_the_way_is_said(self, depositor, party: Party):
        shut = make_type()
        shut.closes_at = shut.created_at
        shut.save()
        hubs = make_type(organisation_kinds=["hub"])
        gers = Territory.objects.get(level="departement", code="32")
        for type_, posted in ((shut, party.territory.pk), (hubs, party.territory.pk), (make_type(), gers.pk)):
            answer = depositor.post(f"/dossiers/types/{type_.code}/", {"territory": posted, "key": "x"})
            assert answer.status_code == 422
        assert not Dossier.objects.exists()

    def test_one_who_deposits_for_several_organisations_chooses(self, depositor, party: Party):
        other = make_organisation(party.territory, name="Une autre")
        Membership.objects.create(user=party.depositor, role="depositor", organisation=other)
        address = f"/dossiers/types/{make_type().code}/"
        assert depositor.get(address).context["form"] is None
        posted = {"territory": party.territory.pk, "key": "x"}
        assert (
            depositor.post(address, posted | {"organisation": make_organisation(party.territory).pk}).status_code == 422
        )
        depositor.post(address, posted | {"organisation": other.pk})
        assert Dossier.objects.get().organisation == other

    def test_there_is_a_most(self, depositor, party: Party):
        type_ = make_type()
        for _ in range(MOST_DRAFTS):
            make_draft(party, type_)
        answer = depositor.post(f"/dossiers/types/{type_.code}/", {"territory": party.territory.pk, "key": "x"})
        assert "cinquante brouillons" in answer.content.decode()


class TestFillingIn:
    def test_what_is_typed_is_kept_good_or_not(self, depositor, party: Party):
        dossier = make_draft(party, make_type([field("somme", "montant", role="montant-demande")]))
        answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, somme="douze"))
        assert answer.status_code == 422
        assert 'value="douze"' in answer.content.decode()
        answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, somme="1 200,50"))
        assert answer.status_code == 302
        dossier.refresh_from_db()
        assert (dossier.title, str(dossier.amount_requested)) == ("Un musée", "1200.50")
        assert "musee" in dossier.search_text

    def test_it_saves_itself_and_the_log_tells_who_wrote_not_each_pause(self, depositor, party: Party):
        dossier = make_draft(party)
        for number in range(3):
            posted = form_of(dossier, nom=f"Un musée {number}", _auto="1")
            answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", posted)
            assert answer.json() == {"version": posted["_version"] + 1}
        assert Dossier.objects.get().values["nom"] == "Un musée 2"
        assert [each.kind for each in dossier.events.order_by("number")] == ["cree", "modifie"]
        # Nothing changed: nothing is written.
        assert depositor.post(f"/dossiers/{dossier.pk}/formulaire/", posted).json()["version"] == posted["_version"] + 1

    def test_who_was_overtaken_sees_both_and_loses_nothing(self, depositor, client, party: Party):
        dossier = make_draft(party)
        mine = form_of(dossier, nom="Mon intitulé")
        act_as = type(client)()
        act_as.force_login(party.colleague)
        act_as.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, nom="L’intitulé du collègue"))
        auto = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", mine | {"_auto": "1"})
        assert (auto.status_code, str(party.colleague) in auto.json()["message"]) == (409, True)
        answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", mine)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="Mon intitulé"' in page
        assert "L’intitulé du collègue" in page
        assert Dossier.objects.get().values["nom"] == "L’intitulé du collègue"
        # Saved again knowingly.
        again = mine | {"_version": answer.context["dossier"].version}
        depositor.post(f"/dossiers/{dossier.pk}/formulaire/", again)
        assert Dossier.objects.get().values["nom"] == "Mon intitulé"

    def test_perimeters_are_kept_in_rows(self, depositor, party: Party):
        perimeter = field("perimetre", "perimetre", role="perimetre", options={"levels": ["epci"]})
        dossier = make_draft(party, make_type([perimeter]))
        for keys in (["epci-244000808", "epci-244000675"], ["epci-244000675"]):
            depositor.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, perimetre=keys))
            found = PerimeterMember.objects.filter(dossier=dossier).order_by("territory__code")
            assert [each.territory.key for each in found] == sorted(keys)


class TestDepositing:
    def test_saves_then_deposits_and_once(self, depositor, party: Party, mailoutbox):
        dossier = make_draft(party, values={"nom": ""})
        posted = form_of(dossier, _deposer="1")
        for _ in range(2):
            answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", posted)
            assert (answer.status_code, answer["Location"]) == (302, f"/dossiers/{dossier.pk}/")
        dossier.refresh_from_db()
        assert (dossier.state, dossier.title) == (State.DEPOSITED, "Un musée")
        assert dossier.events.filter(kind="deposer").count() == 1
        assert dossier.number in depositor.get(f"/dossiers/{dossier.pk}/").content.decode()

    def test_says_all_that_is_missing_beside_it_and_keeps_the_draft(self, depositor, party: Party):
        dossier = make_draft(party, make_type([field("adresse", "e-mail", required=True)]))
        posted = form_of(dossier, nom="", adresse="pas une adresse", _deposer="1")
        answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", posted)
        assert answer.status_code == 422
        assert {anchor for anchor, _, _ in answer.context["form"].summary} == {"champ-nom", "champ-adresse"}
        dossier.refresh_from_db()
        assert (dossier.state, dossier.values["_raw"]["adresse"]) == (State.DRAFT, "pas une adresse")

    def test_a_window_that_closed_meanwhile_keeps_the_draft(self, depositor, party: Party):
        type_ = make_type()
        dossier = make_draft(party, type_)
        type_.closes_at = type_.created_at
        type_.save()
        answer = depositor.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, nom="Un titre", _deposer="1"))
        assert (answer.status_code, Dossier.objects.get().values["nom"]) == (422, "Un titre")
        assert "Votre brouillon est conservé" in answer.content.decode()

    def test_a_session_that_ended_leads_to_the_sign_in_and_back(self, client, party: Party):
        dossier = make_draft(party)
        answer = client.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier))
        assert answer.status_code == 302
        assert f"next=/dossiers/{dossier.pk}/formulaire/" in answer["Location"]

    def test_a_guest_fills_in_and_never_deposits(self, client, party: Party):
        dossier = make_draft(party)
        invite_on(party.stranger, dossier)
        client.force_login(party.stranger)
        assert client.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, nom="Vu")).status_code == 302
        answer = client.post(f"/dossiers/{dossier.pk}/formulaire/", form_of(dossier, _deposer="1"))
        assert (answer.status_code, Dossier.objects.get().state) == (404, State.DRAFT)


class TestFollowing:
    def test_whats_waited_for_comes_first(self, depositor, party: Party):
        for state in ("accepte", "depose", "brouillon", "a_completer"):
            make_dossier(party, state)
        groups = depositor.get("/dossiers/").context["groups"]
        assert [each.title for each in groups] == ["À compléter", "Brouillons", "En cours", "Clos"]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_the_same_queries(self, depositor, party: Party, count, django_assert_num_queries):
        type_ = make_type()
        for _ in range(count):
            make_dossier(party, type_=type_)
        depositor.get("/dossiers/")
        with django_assert_num_queries(QUERIES):
            depositor.get("/dossiers/")

    @pytest.mark.parametrize("words", ["", "  ", "%", "\x00", "é" * 500, "'; --"])
    def test_any_words_may_be_searched(self, depositor, party: Party, words):
        make_dossier(party)
        assert depositor.get("/dossiers/", {"q": words}).status_code == 200

    def test_words_are_looked_for_without_accents(self, depositor, party: Party):
        make_dossier(party, values={"nom": "Médiathèque"})
        make_dossier(party, values={"nom": "Piscine"})
        found = depositor.get("/dossiers/", {"q": "mediatheque"}).context["items"]
        assert [each.title for each in found] == ["Médiathèque"]

    @pytest.mark.parametrize("state", State.values)
    def test_each_state_reads_in_the_organisations_words(self, depositor, party: Party, state):
        dossier = make_dossier(party, state)
        page = depositor.get(f"/dossiers/{dossier.pk}/").content.decode()
        assert dossier.what_next("organisation") in page
        assert dossier.state_label("organisation") in page

    def test_a_reader_reads_and_changes_nothing(self, client, party: Party):
        dossier = make_draft(party)
        client.force_login(party.reader)
        assert "Continuer le formulaire" not in client.get(f"/dossiers/{dossier.pk}/").content.decode()
        for name in ("formulaire/", "supprimer/", "formulaire/version/"):
            posted = form_of(dossier) | {"version": dossier.version}
            assert client.post(f"/dossiers/{dossier.pk}/{name}", posted).status_code == 404
        assert Dossier.objects.get().values == {"nom": "Un projet"}

    def test_nobody_else_finds_anything(self, client, party: Party):
        draft, dossier = make_draft(party), make_dossier(party)
        for person in (party.stranger, party.elsewhere, party.instructor, party.national):
            client.force_login(person)
            assert list(client.get("/dossiers/").context["items"]) == []
            for each in (draft, dossier):
                for name in ("", "formulaire/", "retirer/"):
                    assert client.get(f"/dossiers/{each.pk}/{name}").status_code == 404
                assert client.post(f"/dossiers/{each.pk}/retirer/", {"reason": "x", "version": 1}).status_code == 404

    def test_a_decision_is_read_where_it_was_asked(self, depositor, party: Party):
        dossier = make_dossier(party, "refuse")
        page = depositor.get(f"/dossiers/{dossier.pk}/").content.decode()
        assert "Décision&nbsp;: refusé" in page
        assert "Un motif." in page
        # Drawn up in the background, and listed meanwhile; the other side's kitchen is not told.
        assert "Récépissé de dépôt" in page
        assert "Dossier refusé" in page
        assert "Décision proposée" not in page


class TestEnding:
    def test_withdrawing_asks_why(self, depositor, party: Party):
        dossier = make_dossier(party)
        address = f"/dossiers/{dossier.pk}/retirer/"
        sent = {"version": dossier.version, "key": "x"}
        assert depositor.post(address, sent | {"reason": " "}).status_code == 422
        assert depositor.post(address, sent | {"reason": "Abandon."}).status_code == 302
        assert Dossier.objects.get().state == State.WITHDRAWN

    def test_withdrawing_what_moved_on_is_a_conflict_that_keeps_the_text(self, depositor, party: Party):
        dossier = make_dossier(party)
        act("prendre", dossier, party.instructor)
        posted = {"version": dossier.version, "key": "x", "reason": "Un long motif."}
        answer = depositor.post(f"/dossiers/{dossier.pk}/retirer/", posted)
        assert answer.status_code == 409
        assert "Un long motif." in answer.content.decode()

    def test_a_draft_is_thrown_away_and_nothing_else(self, depositor, party: Party):
        draft, dossier = make_draft(party), make_dossier(party)
        assert depositor.post(f"/dossiers/{draft.pk}/supprimer/", {"version": draft.version}).status_code == 302
        depositor.post(f"/dossiers/{dossier.pk}/supprimer/", {"version": dossier.version})
        assert list(Dossier.objects.kept()) == [dossier]

    def test_a_draft_moves_to_the_new_form_and_keeps_what_was_typed(self, depositor, party: Party):
        type_ = make_type([field("ancien", "texte")])
        draft = make_draft(party, type_, values={"ancien": "Tapé"})
        publish(type_, [NAME, field("nouveau", "texte", "Un champ nouveau")])
        page = depositor.get(f"/dossiers/{draft.pk}/").content.decode()
        assert "Nouveau champ&nbsp;: Un champ nouveau" in page
        assert "Champ retiré&nbsp;: Ancien" in page
        depositor.post(f"/dossiers/{draft.pk}/formulaire/version/", {"version": draft.version})
        draft.refresh_from_db()
        assert (draft.type_version.number, draft.values["ancien"]) == (2, "Tapé")
        assert "Un champ nouveau" in depositor.get(f"/dossiers/{draft.pk}/formulaire/").content.decode()


QUERIES = 12

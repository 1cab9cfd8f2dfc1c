"""Who is in charge, which service, which labels; absences; saved views."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from dossiers.enums import EventKind, State
from dossiers.models import Absence, Dossier, Label, SavedView
from dossiers.rules import DossierRefused
from dossiers.services import desk
from portal.accounts.models import User
from portal.territories.models import Territory
from tests.dossiers.factories import Party, make_dossier, make_party
from tests.factories import make_member


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(dossier: Dossier, act: str) -> str:
    return f"/instruction/{dossier.pk}/{act}/"


def form(dossier: Dossier, **typed: Any) -> dict[str, Any]:
    dossier.refresh_from_db()
    return {"version": str(dossier.version), "key": uuid.uuid4().hex} | typed


def told(dossier: Dossier, kind: str) -> list[dict[str, Any]]:
    return [each.data for each in dossier.events.filter(kind=kind).order_by("number")]


def test_a_dossier_is_given_to_a_colleague_once(party: Party) -> None:
    dossier = make_dossier(party)
    client, typed = as_(party.instructor), form(dossier, assignee=str(party.validator.pk))
    for _ in range(2):
        assert client.post(address(dossier, "confier"), typed).status_code == 302
    dossier.refresh_from_db()
    assert dossier.assignee == party.validator
    assert told(dossier, EventKind.ASSIGNED) == [{"assignee": "Valentin Visa"}]
    client.post(address(dossier, "confier"), form(dossier, assignee=""))
    dossier.refresh_from_db()
    assert dossier.assignee is None


def test_who_does_not_instruct_it_is_not_put_in_charge(party: Party) -> None:
    dossier = make_dossier(party)
    for user in (party.elsewhere, party.depositor, party.advisor):
        typed = form(dossier, assignee=str(user.pk))
        assert as_(party.instructor).post(address(dossier, "confier"), typed).status_code == 422
        with pytest.raises(DossierRefused):
            desk.assign(dossier=dossier, actor=party.instructor, assignee=user)
    with pytest.raises(Http404):
        desk.assign(dossier=dossier, actor=party.elsewhere, assignee=party.elsewhere)


def test_a_closed_dossier_is_given_to_nobody(party: Party) -> None:
    dossier = make_dossier(party, State.REFUSED)
    with pytest.raises(DossierRefused):
        desk.assign(dossier=dossier, actor=party.instructor, assignee=party.validator)
    assert as_(party.instructor).get(address(dossier, "confier")).status_code == 302


def test_who_is_absent_is_replaced(party: Party) -> None:
    today = timezone.localdate()
    desk.declare_absence(actor=party.validator, substitute=party.instructor, starts_on=today, ends_on=today)
    dossier = make_dossier(party)
    desk.assign(dossier=dossier, actor=party.instructor, assignee=party.validator)
    dossier.refresh_from_db()
    assert dossier.assignee == party.instructor
    assert told(dossier, EventKind.ASSIGNED) == [{"assignee": "Inès Instruction", "instead_of": "Valentin Visa"}]


def test_leaving_hands_over_open_dossiers(party: Party) -> None:
    opened, closed = make_dossier(party, State.INSTRUCTION), make_dossier(party, State.ACCEPTED)
    day = timezone.localdate() + timedelta(days=3)
    typed = {"starts_on": day.isoformat(), "ends_on": day.isoformat(), "substitute": str(party.validator.pk)}
    response = as_(party.instructor).post("/instruction/absences/", typed | {"hand_over": "on"}, follow=True)
    assert "1 dossier confié à votre relais" in response.content.decode()
    opened.refresh_from_db()
    closed.refresh_from_db()
    assert (opened.assignee, closed.assignee) == (party.validator, party.instructor)
    again = as_(party.instructor).post("/instruction/absences/", typed)
    assert again.status_code == 422
    assert "Vous avez déjà déclaré une absence" in again.content.decode()
    absence = Absence.objects.get()
    assert as_(party.validator).post(f"/instruction/absences/{absence.pk}/annuler/").status_code == 404
    assert as_(party.instructor).post(f"/instruction/absences/{absence.pk}/annuler/").status_code == 302
    assert not Absence.objects.exists()


def test_another_service_receives_it_and_the_former_no_longer_sees_it(party: Party) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    urgent = Label.objects.create(territory=party.territory, name="Urgent")
    desk.set_labels(dossier=dossier, actor=party.instructor, labels=[urgent])
    client = as_(party.instructor)
    assert client.post(address(dossier, "transmettre"), form(dossier, service="departement-32")).status_code == 422
    typed = form(dossier, service="departement-32", reason="Le siège est dans le Gers.")
    for _ in range(2):
        assert client.post(address(dossier, "transmettre"), typed).status_code == 302
    detail = f"/instruction/{dossier.pk}/"
    assert client.get(detail).status_code == 404
    assert as_(party.elsewhere).get(detail).status_code == 200
    dossier.refresh_from_db()
    assert (dossier.assignee, list(dossier.labels.all())) == (None, [])
    assert told(dossier, EventKind.REASSIGNED) == [
        {"from": "Landes", "to": "Gers", "reason": "Le siège est dans le Gers."}
    ]


def test_reassigning_after_somebody_acted_keeps_the_text(party: Party) -> None:
    dossier = make_dossier(party)
    typed = form(dossier, service="departement-32", reason="Mon texte à garder.")
    as_(party.validator).post(address(dossier, "prendre"), form(dossier))
    response = as_(party.instructor).post(address(dossier, "transmettre"), typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Valentin Visa" in page
    assert "Mon texte à garder." in page


@pytest.mark.parametrize("service", ["", "commune-40001", "departement-40", "departement-999", "region-x", "\x00"])
def test_a_service_that_is_none_is_refused(party: Party, service: str) -> None:
    dossier = make_dossier(party)
    typed = form(dossier, service=service, reason="Un motif.")
    assert as_(party.instructor).post(address(dossier, "transmettre"), typed).status_code == 422
    dossier.refresh_from_db()
    assert dossier.routed_to == party.territory


def test_labels_are_of_the_service(party: Party) -> None:
    gers = Territory.objects.get(level="departement", code="32")
    urgent = Label.objects.create(territory=party.territory, name="Urgent")
    foreign = Label.objects.create(territory=gers, name="Du Gers")
    dossier = make_dossier(party)
    client = as_(party.instructor)
    shown = client.get(address(dossier, "etiquettes")).content.decode()
    assert "Du Gers" not in shown
    assert '<div class="fr-checkbox-group"><input type="checkbox" name="labels"' in shown
    assert client.post(address(dossier, "etiquettes"), form(dossier, labels=[str(foreign.pk)])).status_code == 422
    assert client.post(address(dossier, "etiquettes"), form(dossier, labels=[str(urgent.pk)])).status_code == 302
    assert told(dossier, EventKind.LABELLED) == [{"added": ["Urgent"], "removed": []}]
    for act in ("", "supprimer/"):
        assert as_(party.elsewhere).post(f"/instruction/etiquettes/{urgent.pk}/{act}").status_code == 404
    client.post(f"/instruction/etiquettes/{urgent.pk}/supprimer/")
    assert Label.objects.filter(pk=urgent.pk).exists(), "a dossier bears it"
    client.post(address(dossier, "etiquettes"), form(dossier))
    client.post(f"/instruction/etiquettes/{urgent.pk}/supprimer/")
    assert not Label.objects.filter(pk=urgent.pk).exists()


def test_labels_are_made_and_changed(party: Party) -> None:
    client = as_(party.instructor)
    assert client.post("/instruction/etiquettes/", {"name": "Urgent", "colour": "pink-tuile"}).status_code == 302
    label = Label.objects.get()
    assert (label.territory, label.name) == (party.territory, "Urgent")
    assert client.post("/instruction/etiquettes/", {"name": " urgent", "colour": "pink-tuile"}).status_code == 422
    assert client.post("/instruction/etiquettes/", {"name": "Autre", "colour": "rouge"}).status_code == 422
    client.post(f"/instruction/etiquettes/{label.pk}/", {"name": "Très urgent", "colour": "blue-cumulus"})
    label.refresh_from_db()
    assert label.name == "Très urgent"
    region = make_member("instructor", party.territory.region)
    typed = {"name": "Régional", "colour": "blue-cumulus", "territory": party.territory.region.key}  # type: ignore[union-attr]
    assert as_(region).post("/instruction/etiquettes/", typed).status_code == 302


def test_a_view_keeps_filters_under_a_name(party: Party) -> None:
    make_dossier(party)
    client = as_(party.instructor)
    response = client.post("/instruction/vues/", {"name": "À prendre", "query": "etat=depose&nimporte=1&tri=anciens"})
    assert response["Location"] == "/instruction/?etat=depose&tri=anciens"
    view = SavedView.objects.get()
    assert view.filters == {"etat": "depose", "tri": "anciens"}
    assert "À prendre</a>" in client.get("/instruction/").content.decode()
    client.post("/instruction/vues/", {"name": "À prendre", "query": "etat=accepte"})
    assert SavedView.objects.get().filters == {"etat": "accepte"}
    assert client.post("/instruction/vues/", {"name": "Vide", "query": "etat=nimporte"}).status_code == 422
    assert "À prendre</a>" not in as_(party.validator).get("/instruction/").content.decode()
    assert as_(party.validator).post(f"/instruction/vues/{view.pk}/supprimer/").status_code == 404
    assert client.post(f"/instruction/vues/{view.pk}/supprimer/").status_code == 302
    assert not SavedView.objects.exists()

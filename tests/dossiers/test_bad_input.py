"""The table of bad input of dossiers: where each row is tested, and the rows that belong to no part in particular."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dossiers.enums import Action, State
from dossiers.journal import faults
from dossiers.models import Dossier, DossierEvent, Message, Opinion
from portal.accounts.models import User
from portal.notifications.models import Notice
from tests.accounts.proofs import prove
from tests.dossiers.exchange.factories import confirm
from tests.dossiers.factories import Party, act, field, make_dossier, make_draft, make_party, make_type, tomorrow

ROOT = Path(__file__).resolve().parents[2]
#: Row by row, the tests that show it: « file::name ».
ROWS: dict[str, list[str]] = {
    "empty file; limit + 1 byte; no or lying Content-Length": [
        "tests/files/test_inspection.py::test_what_is_refused",
        "tests/files/test_uploads.py::test_a_length_that_lies_or_is_missing_stores_nothing",
        "tests/dossiers/pieces/test_hostile.py::test_the_limit_passes_and_one_byte_more_does_not",
        "tests/dossiers/pieces/test_hostile.py::test_a_length_that_lies_or_is_missing_stores_nothing",
    ],
    "x.pdf.exe, a.pdf%00.html, ../../etc/passwd, 300 characters, RTL override": [
        "tests/files/test_fuzz.py::test_names_as_they_become",
        "tests/files/test_download.py::test_the_header_is_well_formed_whatever_the_name",
        "tests/dossiers/pieces/test_hostile.py::test_an_odd_name_is_cleaned_and_is_never_a_key",
    ],
    "HTML or SVG renamed; polyglot; docm as docx; bombs; encrypted or truncated PDF": [
        "tests/dossiers/pieces/test_hostile.py::test_every_hostile_file_is_refused_in_time_and_logged_and_what_is_good_stays",
        "tests/files/test_measure.py::test_bombs_take_less_than_two_seconds_and_200_mb",
    ],
    "docx seen as zip": ["tests/files/test_inspection.py::test_what_is_taken"],
    "EICAR": [
        "tests/dossiers/pieces/test_antivirus.py::test_eicar_in_a_piece_is_out_of_reach_for_everybody",
        "tests/dossiers/pieces/test_antivirus.py::test_the_mail_is_neutral",
    ],
    "clamd down, slow, over limits": [
        "tests/dossiers/pieces/test_antivirus.py::test_away_or_slow_holds_readers_up_and_not_the_depositor",
        "tests/dossiers/pieces/test_antivirus.py::test_over_its_limits_is_never_clean",
        "tests/dossiers/pieces/test_antivirus.py::test_a_daemon_killed_in_mid_scan_leaves_the_file_waiting",
    ],
    "double click; back then resubmit": [
        "tests/dossiers/test_bad_input.py::test_pressed_twice_or_sent_again_by_going_back_it_is_done_once",
        "tests/dossiers/races/test_races.py::test_a_form_sent_twenty_times_acts_once",
    ],
    "two decisions at once; deposit against instruction": [
        "tests/dossiers/races/test_races.py::test_of_twenty_decisions_at_once_one_is_taken",
        "tests/dossiers/races/test_races.py::test_of_acts_that_exclude_each_other_one_is_done",
    ],
    "another territory's or organisation's dossier, piece, message, avis, export id": [
        "tests/dossiers/test_isolation.py::test_others_find_nothing_anywhere",
        "tests/dossiers/test_isolation.py::test_a_key_of_elsewhere_opens_nothing_of_the_api",
        "tests/dossiers/pieces/test_isolation.py::test_a_deposited_one_is_read_by_its_service_and_who_is_asked_for_an_avis",
    ],
    "forged transition; unknown or read-only field": [
        "tests/dossiers/test_transitions.py::test_who_does_what_where",
        "tests/dossiers/test_transitions.py::test_a_forged_version_is_a_conflict",
        "tests/dossiers/api/test_api.py::test_what_is_forged_is_refused",
        "tests/dossiers/test_bad_input.py::test_what_is_forged_is_never_an_error",
        "tests/dossiers/test_bad_input.py::test_what_is_no_field_of_ones_own_is_left_alone",
        "tests/dossiers/exchange/test_complements.py::test_nothing_but_the_field_that_is_asked_changes",
    ],
    "1e9, NaN, -1, 12,5, more than the enveloppe": [
        "tests/dossiers/instruction/test_decisions.py::test_what_is_wrong_is_said_and_kept",
        "tests/dossiers/instruction/test_decisions.py::test_an_amount_is_taken_from_the_enveloppe",
        "tests/dossiers/test_transitions.py::test_what_is_no_amount_is_said_beside_it",
        "tests/dossiers/test_bad_input.py::test_an_amount_that_is_asked_for_is_exact_or_an_error_of_its_field",
    ],
    "window closes or session ends mid-form": [
        "tests/dossiers/deposit/test_screens.py::test_a_window_that_closed_meanwhile_keeps_the_draft",
        "tests/dossiers/deposit/test_screens.py::test_a_session_that_ended_leads_to_the_sign_in_and_back",
        "tests/dossiers/test_bad_input.py::test_what_was_typed_when_the_session_ended_is_there_after_signing_in",
    ],
    "=HYPERLINK() in a name": [
        "tests/dossiers/fields/test_display.py",
        "tests/dossiers/figures/test_screens.py",
    ],
    "webhook to 127.0.0.1, 169.254.169.254, a redirect, DNS rebinding": [
        "tests/dossiers/api/test_webhooks.py::test_no_private_network_is_reached",
        "tests/dossiers/api/test_webhooks.py::test_a_name_that_changes_its_mind_is_asked_once",
        "tests/dossiers/api/test_webhooks.py::test_it_is_tried_again_later_and_later_with_the_same_name",
    ],
}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_tests(row: str) -> None:
    for each in ROWS[row]:
        path, _, name = each.partition("::")
        text = (ROOT / path).read_text()
        assert re.search(rf"def {name}\(", text) if name else "HYPERLINK" in text, each


@pytest.fixture
def party(db: None) -> Party:
    found = make_party()
    confirm(found.advisor)
    return found


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    prove(client, user)
    return client


ITEMS = [{"field": "nom", "question": "Lequel ?", "mandatory": True}]
REASON = {"reason": "Un motif."}


def proposed(party: Party, outcome: str) -> Dossier:
    dossier = make_dossier(party, State.INSTRUCTION, make_type(second_person=True))
    return act(Action.PROPOSE, dossier, party.instructor, outcome=State(outcome), reason="Un motif.")


def answered(party: Party) -> Dossier:
    dossier = make_dossier(party, State.INCOMPLETE)
    item = dossier.requests.get().items.get()
    body = {"_version": dossier.version, "nom": "Un nom précis", "_key": "avant"}
    path = f"/dossiers/{dossier.pk}/complements/{item.pk}/"
    assert signed_in(party.colleague).post(path, body).status_code == 302
    return Dossier.objects.get(pk=dossier.pk)


# Name: (what there is, by whom, address after the dossier's, what is typed, kind of the event).
FORMS: dict[str, tuple[Any, str, str, dict[str, Any], str]] = {
    "deposited": (make_draft, "depositor", "/dossiers/{}/formulaire/", {"_deposer": "1", "nom": "Un nom"}, "deposer"),
    "withdrawn": (make_dossier, "depositor", "/dossiers/{}/retirer/", REASON, "retirer"),
    "answered": (answered, "depositor", "/dossiers/{}/complements/transmettre/", {}, "repondre"),
    "taken": (make_dossier, "instructor", "/instruction/{}/prendre/", {}, "prendre"),
    "complements": (
        make_dossier,
        "instructor",
        "/dossiers/{}/instruction/complements/",
        {"q-nom": "Lequel ?", "m-nom": "on", "due_on": tomorrow(9).isoformat()},
        "demander_complements",
    ),
    "proposed": (
        lambda party: make_dossier(party, State.INSTRUCTION, make_type(second_person=True)),
        "instructor",
        "/instruction/{}/proposer/",
        {"outcome": "refuse"} | REASON,
        "proposer",
    ),
    "sent back": (
        lambda party: proposed(party, "refuse"),
        "validator",
        "/instruction/{}/renvoyer/",
        REASON,
        "renvoyer",
    ),
    "refused": (
        lambda party: make_dossier(party, State.INSTRUCTION),
        "instructor",
        "/instruction/{}/decider/",
        {"outcome": "refuse"} | REASON,
        "refuser",
    ),
    "signed": (lambda party: proposed(party, "refuse"), "validator", "/instruction/{}/signer/", {}, "refuser"),
    "reopened": (
        lambda party: make_dossier(party, State.REFUSED),
        "validator",
        "/instruction/{}/rouvrir/",
        REASON,
        "rouvrir",
    ),
    "a message": (make_dossier, "depositor", "/dossiers/{}/messages/", {"body": "Bonjour"}, "message"),
    "a note": (make_dossier, "instructor", "/dossiers/{}/instruction/notes/", {"body": "Bonjour"}, "note"),
    "an avis": (
        make_dossier,
        "instructor",
        "/dossiers/{}/instruction/avis/",
        {"emails": "avis@exemple.fr", "question": "Qu’en pensez-vous ?", "due_on": tomorrow(9).isoformat()},
        "avis_demande",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_pressed_twice_or_sent_again_by_going_back_it_is_done_once(party: Party, name: str) -> None:
    make, who, address, typed, kind = FORMS[name]
    dossier = make(party)
    client, path = signed_in(getattr(party, who)), address.format(dossier.pk)
    names = {"deposited": ("_version", "_key")}.get(name, ("version", "key"))
    body = dict(zip(names, (dossier.version, uuid.uuid4().hex), strict=True)) | typed
    first = client.post(path, body)
    assert first.status_code == 302, first.content.decode()[:3000]
    told = list(Notice.objects.order_by("pk").values_list("pk", flat=True))
    second = client.post(path, body)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    # Somebody acts, then the page of before is sent again.
    client_of_colleague = signed_in(party.colleague)
    client_of_colleague.post(f"/dossiers/{dossier.pk}/messages/", {"body": "Une suite", "key": uuid.uuid4().hex})
    then = Notice.objects.count()
    assert client.post(path, body).status_code == 302
    assert Notice.objects.count() == then
    assert DossierEvent.objects.filter(dossier=dossier, kind=kind, actor=getattr(party, who)).count() == 1
    assert set(told) <= set(Notice.objects.order_by("pk").values_list("pk", flat=True))
    assert Message.objects.filter(body="Bonjour").count() <= 1
    assert Opinion.objects.count() <= 1
    assert list(faults(Dossier.objects.get(pk=dossier.pk))) == []


FORGED = {
    "version": ["", "x", "-1", "9" * 40, "1e9", "\x00", "١"],
    "key": ["k" * 5000, "\x00", "é" * 64],
    "outcome": ["retire", "brouillon", "\x00", "accepte,refuse"],
    "reason": ["\x00", "x" * 20_000, "\ud800".encode("utf-8", "surrogatepass")],
    "amount": ["1e9", "NaN", "-1", "Infinity", "9" * 400, "١٢", "0x10"],
    "assignee": ["0", "-1", "x", "9" * 30, str(uuid.uuid4())],
    "service": ["0", "x", "9" * 30],
    "due_on": ["0000-00-00", "9999-12-31", "hier", "\x00"],
    "labels": ["0", "x", "9" * 30],
    "state": ["accepte"],
    "signing": ["on"],
    "_version": ["", "-1", "9" * 40],
    "_key": ["\x00"],
}
ADDRESSES = {
    "instructor": [
        *(f"/instruction/{{}}/{name}/" for name in ("prendre", "proposer", "decider", "signer", "renvoyer", "rouvrir")),
        *(f"/instruction/{{}}/{name}/" for name in ("confier", "transmettre", "etiquettes")),
        *(f"/dossiers/{{}}/instruction/{name}/" for name in ("complements", "messages", "notes", "avis")),
    ],
    "depositor": [
        f"/dossiers/{{}}/{name}/" for name in ("formulaire", "retirer", "messages", "complements/transmettre")
    ],
}


@pytest.mark.wide
@pytest.mark.parametrize("who", ADDRESSES)
def test_what_is_forged_is_never_an_error(party: Party, who: str) -> None:
    """Every form with each of its values forged, in a state where its act exists or not: refused, nothing done."""
    type_ = make_type(has_amount=True)
    dossier = make_dossier(party, State.INSTRUCTION, type_)
    client, before = signed_in(getattr(party, who)), (dossier.state, dossier.version)
    good = {"version": dossier.version, "reason": "Un motif.", "body": ""}
    for address in ADDRESSES[who]:
        for name, values in FORGED.items():
            for value in values:
                answer = client.post(address.format(dossier.pk), good | {"version": "0", name: value})
                assert answer.status_code < 500, (address, name, value)
    found = Dossier.objects.get(pk=dossier.pk)
    assert (found.state, found.version) == before
    assert list(faults(found)) == []


def test_what_is_no_field_of_ones_own_is_left_alone(party: Party) -> None:
    """Keys that the form does not have, explanations, what a condition hides, and columns of the dossier itself."""
    hidden = field("cache", "texte", condition={"field": "nom", "op": "egal", "value": "Jamais"})
    dossier = make_draft(party, make_type([field("aide", "explication"), hidden]))
    body = {"_version": dossier.version, "_key": "x", "nom": "Un nom", "aide": "x", "inconnu": "x", "cache": "x"}
    body |= {"state": "accepte", "number": "SUB-1", "organisation": "1", "_raw": "{}", "values": "{}", "_valeurs": "x"}
    assert signed_in(party.depositor).post(f"/dossiers/{dossier.pk}/formulaire/", body).status_code == 302
    found = Dossier.objects.get(pk=dossier.pk)
    assert (found.state, found.number, found.organisation) == (State.DRAFT, None, party.organisation)
    assert set(found.values) <= {"nom", "cache"}
    assert found.values["nom"] == "Un nom"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12,5", "12.50"),
        ("1 200,50 €", "1200.50"),
        ("1e9", None),
        ("NaN", None),
        ("-1", None),
        ("Infinity", None),
        ("12,345", None),
        ("9" * 40, None),
    ],
)
def test_an_amount_that_is_asked_for_is_exact_or_an_error_of_its_field(party: Party, typed: str, kept: str) -> None:
    dossier = make_draft(party, make_type([field("somme", "montant", role="montant-demande")]))
    body = {"_version": dossier.version, "_key": "x", "nom": "Un nom", "somme": typed}
    answer = signed_in(party.depositor).post(f"/dossiers/{dossier.pk}/formulaire/", body)
    found = Dossier.objects.get(pk=dossier.pk)
    if kept:
        assert (answer.status_code, str(found.amount_requested)) == (302, kept)
    else:
        assert (answer.status_code, found.amount_requested) == (422, None)
        assert "somme" in answer.context["form"].errors
        assert f'value="{typed}"' in answer.content.decode()


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(party: Party) -> None:
    dossier = make_draft(party, make_type([field("somme", "montant")]))
    path = f"/dossiers/{dossier.pk}/formulaire/"
    client = signed_in(party.depositor)
    client.session.flush()
    body = {"_version": dossier.version, "_key": "x", "nom": "Un texte tapé longuement", "somme": "douze"}
    answer = client.post(path, body | {"_deposer": "1"}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"?next={path}")
    assert "Votre session a pris fin. Connectez-vous : ce que vous avez saisi" in answer.content.decode()
    client.force_login(party.depositor)
    for _ in range(2):  # Looking at it saves nothing and loses nothing.
        page = client.get(path).content.decode()
        assert "Votre session avait pris fin" in page
        assert "Un texte tapé longuement" in page
        assert 'value="douze"' in page
    assert Dossier.objects.get(pk=dossier.pk).values == {"nom": "Un projet"}
    # A colleague saves: both are shown.
    colleague = signed_in(party.colleague)
    colleague.post(path, {"_version": dossier.version, "nom": "Celui du collègue"})
    page = client.get(path).content.decode()
    assert "Celui du collègue" in page
    assert "Un texte tapé longuement" in page
    # Somebody else who signs in there sees nothing of it.
    client.force_login(party.stranger)
    assert client.get(path).status_code == 404
    client = signed_in(party.depositor)
    assert "Votre session avait pris fin" not in client.get(path).content.decode()


def test_once_saved_what_was_kept_is_forgotten(party: Party) -> None:
    dossier = make_draft(party)
    path, client = f"/dossiers/{dossier.pk}/formulaire/", Client()
    client.post(path, {"_version": dossier.version, "nom": "Gardé"})
    client.force_login(party.depositor)
    assert "Gardé" in client.get(path).content.decode()
    assert client.post(path, {"_version": dossier.version, "nom": "Enregistré"}).status_code == 302
    page = client.get(path).content.decode()
    assert "Gardé" not in page
    assert "Enregistré" in page
    # What a script sends by itself is not kept: its page is still there.
    visitor = Client()
    visitor.post(path, {"_version": dossier.version, "nom": "Tout seul", "_auto": "1"})
    visitor.force_login(party.depositor)
    assert "Tout seul" not in visitor.get(path).content.decode()

"""The API: keys, scopes, reach, pages, acts; what is refused says why in JSON."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dossiers.api.tokens import Scope, create_token, revoke_token
from dossiers.enums import EventKind, State
from dossiers.models import ApiToken, Dossier, Envelope, Piece, PieceVersion
from dossiers.rules import DossierRefused
from portal.accounts.models import Membership
from portal.files.enums import ScanState
from portal.files.models import FileDownload, StoredFile
from portal.territories.models import Territory
from tests.dossiers.factories import Party, act, make_dossier, make_party, make_type
from tests.files.samples import make_file

pytestmark = pytest.mark.django_db
URL = "/api/dossiers/v1/dossiers/"


@pytest.fixture
def party() -> Party:
    return make_party()


def key_of(user, *scopes: Scope, **options: Any) -> str:
    options.setdefault("expires_at", timezone.now() + dt.timedelta(days=1))
    scopes = scopes or (Scope.READ, Scope.DECIDE)
    return create_token(actor=user, name="Un programme", scopes=scopes, **options)[1]


def get(client, path: str, key: str, **params: Any):
    return client.get(path, params, headers={"authorization": f"Bearer {key}"})


def post(client, dossier: Dossier, key: str, idempotency: str = "", **sent: Any):
    headers = {"authorization": f"Bearer {key}"}
    headers |= {"idempotency-key": idempotency} if idempotency else {}
    path = f"{URL}{dossier.pk}/transitions/"
    return client.post(path, json.dumps(sent), content_type="application/json", headers=headers)


class TestKeys:
    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer pin_x", "Basic pin_x", "Bearer " + "x" * 5000])
    def test_without_a_good_one_nothing_is_told(self, client, party, header):
        answer = client.get(URL, headers={"authorization": header})
        assert (answer.status_code, answer["WWW-Authenticate"][:6]) == (401, "Bearer")

    def test_a_session_is_no_key(self, client, party):
        client.force_login(party.instructor)
        assert client.get(URL).status_code == 401

    def test_the_secret_is_not_kept(self, party):
        secret = key_of(party.instructor)
        assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)

    @pytest.mark.parametrize("how", ["revoked", "expired", "disabled", "no longer instructs"])
    def test_what_ends_one(self, client, party, how):
        key = key_of(party.instructor)
        make_dossier(party)
        assert len(get(client, URL, key).json()["results"]) == 1
        if how == "revoked":
            revoke_token(token=ApiToken.objects.get(), actor=party.instructor)
        elif how == "expired":
            ApiToken.objects.update(expires_at=timezone.now())
        elif how == "disabled":
            party.instructor.is_active = False
            party.instructor.save()
        else:
            Membership.objects.filter(user=party.instructor).delete()
        answer = get(client, URL, key)
        assert answer.status_code == 401 or answer.json()["results"] == []

    def test_another_persons_is_not_ones_own_to_revoke(self, party):
        key_of(party.instructor)
        with pytest.raises(PermissionDenied):
            revoke_token(token=ApiToken.objects.get(), actor=party.validator)

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"scopes": []}, "scopes"),
            ({"scopes": ["dossiers:tout"]}, "scopes"),
            ({"expires_at": dt.timedelta(0)}, "expires_at"),
            ({"expires_at": dt.timedelta(days=900)}, "expires_at"),
        ],
    )
    def test_refusals(self, party, options, code):
        given = {"scopes": [Scope.READ], "expires_at": dt.timedelta(days=1)} | options
        given["expires_at"] += timezone.now()
        with pytest.raises(DossierRefused) as refused:
            create_token(actor=party.instructor, name="x", **given)
        assert refused.value.code == code

    def test_nobody_who_does_not_instruct_there_makes_one(self, party):
        with pytest.raises(PermissionDenied):
            key_of(party.depositor)
        with pytest.raises(PermissionDenied):
            key_of(party.instructor, territory=Territory.objects.get(level="departement", code="32"))

    def test_a_scope_is_a_limit(self, client, party):
        dossier = make_dossier(party)
        answer = post(client, dossier, key_of(party.instructor, Scope.READ), action="prendre", version=dossier.version)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope")


class TestReading:
    def test_one_reads_what_one_instructs(self, client, party):
        dossier, draft = make_dossier(party), make_dossier(party, State.DRAFT)
        assert [each["id"] for each in get(client, URL, key_of(party.instructor)).json()["results"]] == [
            str(dossier.pk)
        ]
        elsewhere = key_of(party.elsewhere)
        assert get(client, URL, elsewhere).json() == {"results": [], "next": None}
        for path in (f"{URL}{dossier.pk}/", f"{URL}{dossier.pk}/fichiers/{uuid.uuid4()}/", f"{URL}{uuid.uuid4()}/"):
            assert get(client, path, elsewhere).status_code == 404
        assert get(client, f"{URL}{draft.pk}/", key_of(party.instructor)).status_code == 404
        answer = post(client, dossier, elsewhere, action="prendre", version=dossier.version)
        assert (answer.status_code, Dossier.objects.get(pk=dossier.pk).state) == (404, State.DEPOSITED)

    def test_a_key_may_be_kept_to_a_territory(self, client, party):
        make_dossier(party)
        gers = Territory.objects.get(level="departement", code="32")
        assert get(client, URL, key_of(party.national, territory=gers)).json()["results"] == []
        assert len(get(client, URL, key_of(party.national, territory=party.territory)).json()["results"]) == 1

    def test_everything_of_one(self, client, party):
        dossier = make_dossier(party, "refuse", values={"nom": "Un musée"})
        found = get(client, f"{URL}{dossier.pk}/", key_of(party.instructor)).json()
        assert found["fields"][0] == {
            "key": "nom",
            "label": "Nom du projet",
            "kind": "texte",
            "value": "Un musée",
            "files": [],
        }
        assert [each["kind"] for each in found["events"]] == ["cree", "deposer", "prendre", "refuser"]
        assert (found["decisions"][0]["outcome"], found["number"]) == ("refuse", dossier.number)

    def test_pages_lead_through_all_once_whatever_changes(self, client, party):
        type_, key = make_type(), key_of(party.instructor)
        made = [make_dossier(party, type_=type_) for _ in range(5)]
        seen, cursor = [], ""
        while True:
            page = get(client, URL, key, limit=2, **({"cursor": cursor} if cursor else {})).json()
            seen += [each["id"] for each in page["results"]]
            if not (cursor := page["next"]):
                break
        assert seen == [str(each.pk) for each in made]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, client, party, count, django_assert_num_queries):
        type_, key = make_type(), key_of(party.instructor)
        for _ in range(count):
            make_dossier(party, type_=type_)
        get(client, URL, key)  # The first use of a key is noted.
        with django_assert_num_queries(3):
            get(client, URL, key)

    def test_filters(self, client, party):
        key, one, other = key_of(party.instructor), make_dossier(party), make_dossier(party, "refuse")

        def found(**params: Any) -> list[str]:
            return [each["id"] for each in get(client, URL, key, **params).json()["results"]]

        assert found(state="refuse") == [str(other.pk)]
        assert found(type=one.type.code) == [str(one.pk)]
        assert found(territory="region-75") == [str(one.pk), str(other.pk)]
        assert found(territory="departement-32") == []
        assert found(updated_since=other.updated_at.isoformat()) == [str(other.pk)]

    @pytest.mark.parametrize(
        "params",
        [
            {"limit": "0"},
            {"limit": "201"},
            {"limit": "²"},
            {"limit": "-1"},
            {"state": "parti"},
            {"territory": "40"},
            {"updated_since": "hier"},
            {"updated_since": "2026-02-30T00:00:00Z"},
            {"updated_since": "2026-02-03T00:00:00"},
            {"updated_since": "0001-01-01T00:00:00+14:00"},
            {"cursor": "x"},
            {"cursor": "é"},
            {"cursor": "AAAA"},
        ],
    )
    def test_what_is_not_understood_is_said(self, client, party, params):
        answer = get(client, URL, key_of(party.instructor), **params)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")

    def test_a_file_once_it_is_clean(self, client, party):
        dossier, key = make_dossier(party), key_of(party.instructor)
        stored = make_file(party.depositor, purpose="dossiers")
        piece = Piece.objects.create(dossier=dossier, field="statuts")
        PieceVersion.objects.create(piece=piece, number=1, file=stored)
        path = f"{URL}{dossier.pk}/fichiers/{stored.pk}/"
        for state, status in [(ScanState.PENDING, 404), (ScanState.INFECTED, 404), (ScanState.CLEAN, 200)]:
            StoredFile.objects.filter(pk=stored.pk).update(scan_state=state)
            answer = get(client, path, key)
            answer.close()
            assert answer.status_code == status
        assert answer["Content-Disposition"].startswith("attachment")
        assert FileDownload.objects.filter(user=party.instructor).count() == 1
        told = dossier.events.get(kind=EventKind.READ_INSIDE)
        assert (told.actor, told.data["file"]) == (party.instructor, str(stored.pk))


class TestActing:
    def test_an_act_sent_twice_is_done_once(self, client, party):
        dossier, key = make_dossier(party), key_of(party.instructor)
        for _ in range(2):
            answer = post(client, dossier, key, "abc", action="prendre", version=dossier.version)
            assert (answer.status_code, answer.json()["state"]) == (200, "en_instruction")
        assert dossier.events.filter(kind="prendre").count() == 1

    def test_a_conflict_names_who_did_what(self, client, party):
        dossier = make_dossier(party)
        act("prendre", dossier, party.validator)
        answer = post(client, dossier, key_of(party.instructor), action="prendre", version=dossier.version)
        assert answer.status_code == 409
        assert answer.json()["error"]["last_event"]["by"] == "Valentin Visa"

    def test_a_refusal_says_of_what(self, client, party):
        dossier = make_dossier(party, "en_instruction")
        answer = post(client, dossier, key_of(party.instructor), action="refuser", version=dossier.version)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["field"]) == (422, "reason", "reason")

    def test_money_and_days_come_as_texts(self, client, party):
        type_ = make_type(has_amount=True, uses_envelopes=True)
        year = timezone.localdate().year
        Envelope.objects.create(type=type_, territory=party.territory, year=year, ceiling=100)
        dossier, key = make_dossier(party, "en_instruction", type_), key_of(party.instructor)
        sent = {"action": "accepter", "version": dossier.version}
        assert post(client, dossier, key, **sent, amount=12.5).status_code == 400
        for wrong in ("NaN", "-1", "1e9", "101"):
            assert post(client, dossier, key, **sent, amount=wrong).status_code == 422
        assert post(client, dossier, key, **sent, amount="12.50").json()["amount_granted"] == "12.50"

    def test_complements(self, client, party):
        dossier = make_dossier(party)
        sent: dict[str, Any] = {"action": "demander_complements", "version": dossier.version}
        sent["items"] = [{"field": "nom", "question": "Lequel ?"}]
        key = key_of(party.instructor)
        assert post(client, dossier, key, **sent, due_on="demain").status_code == 400
        day = timezone.localdate() + dt.timedelta(days=9)
        assert post(client, dossier, key, **sent, due_on=day.isoformat()).json()["state"] == "a_completer"

    @pytest.mark.parametrize(
        "sent",
        [
            {"action": "deposer"},
            {"action": "valider"},
            {"action": None},
            {"action": ["prendre"]},
            {"action": "prendre", "version": "1"},
            {"action": "prendre", "version": True},
            {"action": "prendre", "assignee": 1},
            {"action": "prendre", "actor": 1},
            {"action": "refuser", "reason": 3},
        ],
    )
    def test_what_is_forged_is_refused(self, client, party, sent):
        dossier = make_dossier(party)
        answer = post(client, dossier, key_of(party.instructor), **{"version": dossier.version} | sent)
        assert answer.status_code == 400
        assert Dossier.objects.get(pk=dossier.pk).state == State.DEPOSITED

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"action": NaN}', b"[" * 100_000])
    def test_a_body_that_is_no_object_is_refused(self, client, party, body):
        dossier, key = make_dossier(party), key_of(party.instructor)
        path = f"{URL}{dossier.pk}/transitions/"
        answer = client.post(path, body, content_type="application/json", headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 400


def test_the_description_names_every_address(client):
    found = client.get("/api/dossiers/v1/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {
        "/dossiers/",
        "/dossiers/{id}/",
        "/dossiers/{id}/fichiers/{file}/",
        "/dossiers/{id}/transitions/",
    }
    sent = found["paths"]["/dossiers/{id}/transitions/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "deposer" not in sent["properties"]["action"]["enum"]
    assert "accepter" in sent["properties"]["action"]["enum"]

"""The end of dossiers: told of, binned, taken out, erased; never while open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dossiers.enums import Action, EventKind, State
from dossiers.exchange.messages import post_message
from dossiers.journal import faults
from dossiers.models import (
    Decision,
    Dossier,
    DossierDocument,
    DossierEvent,
    DossierInvitation,
    Envelope,
    Message,
    Piece,
    PieceVersion,
    Tombstone,
)
from dossiers.outputs.documents import draw_waiting
from dossiers.retention import rules, services
from dossiers.rules import DossierConflict
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from tests.dossiers.factories import Party, act, decide, field, make_dossier, make_draft, make_party, make_type
from tests.files.samples import make_file
from tests.security.planting.dossiers import invite_on

MONTHS = 12


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def aged(dossier: Dossier, days: int) -> Dossier:
    """As if its last change of state were so many days ago."""
    then = timezone.now() - timedelta(days=days)
    closed = {"closed_at": then} if dossier.closed_at is not None else {}
    Dossier.objects.filter(pk=dossier.pk).update(updated_at=then, **closed)
    return dossier


def type_of(**options: Any) -> Any:
    return make_type(retention_months=MONTHS, draft_months=MONTHS, **options)


def go_on(days: int) -> dict[str, int]:
    """What the job does so many days from now."""
    return services.run(timezone.now() + timedelta(days=days))


def state_of(dossier: Dossier) -> Any:
    return Dossier.objects.filter(pk=dossier.pk).values_list("retention_notice_at", "binned_at").first()


def test_from_the_notice_to_the_end(party: Party, commit: Any, mailoutbox: list[Any]) -> None:
    dossier = aged(make_dossier(party, State.REFUSED, type_of()), 400)
    code = dossier.decisions.get().code
    with commit():
        for _ in range(2):
            services.run()
    assert Notice.objects.filter(kind="dossier.retention").count() == 2, "both who deposit"
    assert {each.recipient for each in Notice.objects.filter(kind="instruction.retention")} == {party.instructor}
    assert Dossier.objects.get(pk=dossier.pk).binned_at is None
    go_on(29)
    assert Dossier.objects.get(pk=dossier.pk).binned_at is None, "a month's notice"
    for _ in range(2):
        go_on(30)
    assert dossier.events.filter(kind=EventKind.BINNED).count() == 1
    assert list(faults(Dossier.objects.get(pk=dossier.pk))) == []
    page = Client().get(f"/dossiers/verifier/{code}/")
    assert (page.status_code, "existe" in page.content.decode()) == (404, False)
    last = Dossier.objects.get(pk=dossier.pk)
    assert go_on(43)["erased"] == 0
    assert go_on(44)["erased"] == 1
    assert not Dossier.objects.filter(pk=dossier.pk).exists()
    stone = Tombstone.objects.get()
    assert (stone.number, stone.state, stone.last_event_hash) == (last.number, State.REFUSED, last.last_event_hash)
    assert code not in stone.codes
    gone = Client().get(f"/dossiers/verifier/{code}/")
    assert gone.status_code == 410
    assert "effacé" in gone.content.decode()
    assert last.number not in gone.content.decode()
    call_command("verify_log")


@pytest.mark.parametrize("state", [State.DEPOSITED, State.INSTRUCTION, State.INCOMPLETE])
def test_never_while_open(party: Party, state: State) -> None:
    dossier = aged(make_dossier(party, state, type_of()), 4000)
    for days in (0, 31, 60):
        assert go_on(days) == {"told": 0, "binned": 0, "erased": 0}
    assert state_of(dossier) == (None, None)


def test_reopened_meanwhile_it_stays_and_begins_anew(party: Party) -> None:
    dossier = aged(make_dossier(party, State.REFUSED, type_of()), 400)
    services.run()
    dossier = act(Action.REOPEN, dossier, party.validator, reason="Un recours.")
    go_on(31)
    assert state_of(dossier) == (None, None)
    decide(dossier, party, State.REFUSED)
    go_on(31)
    assert state_of(dossier) == (None, None), "closed again: a whole retention from now"


def test_a_draft_touched_in_time_stays(party: Party) -> None:
    old, touched = (aged(make_draft(party, type_of()), 400) for _ in range(2))
    services.run()
    Dossier.objects.filter(pk=touched.pk).update(updated_at=timezone.now())
    go_on(31)
    assert state_of(old)[1] is not None
    assert state_of(touched)[1] is None
    assert not Notice.objects.filter(kind="instruction.retention").exists(), "a draft is its organisation's own"
    go_on(46)
    assert not Dossier.objects.filter(pk=old.pk).exists()
    assert not Tombstone.objects.exists(), "it never had a number"


def test_nothing_of_it_is_left(party: Party) -> None:
    type_ = type_of(fields=[field("statuts", "piece", "Statuts")], has_amount=True, uses_envelopes=True)
    envelope = Envelope.objects.create(
        type=type_, territory=party.territory, year=timezone.localdate().year, ceiling=5000
    )
    dossier = make_draft(party, type_)
    piece = Piece.objects.create(dossier=dossier, field="statuts")
    PieceVersion.objects.create(piece=piece, number=1, file=make_file(party.depositor, purpose="dossiers"))
    dossier = act(Action.DEPOSIT, dossier, party.depositor)
    dossier = act(Action.TAKE, dossier, party.instructor)
    post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    invite_on(party.stranger, dossier)
    dossier = aged(decide(dossier, party, State.ACCEPTED), 400)
    draw_waiting()
    kept = make_dossier(party, State.ACCEPTED)
    services.run()
    go_on(31)
    go_on(46)
    assert [each.pk for each in Dossier.objects.all()] == [kept.pk]
    for model in (Decision, DossierDocument, DossierEvent, DossierInvitation, Message, Piece):
        assert not model.objects.exclude(dossier=kept).exists()
    envelope.refresh_from_db()
    assert envelope.committed == 1000, "what was granted stays granted"
    from portal.files.retention import delete_unused_files

    StoredFile.objects.update(touched_at=timezone.now() - timedelta(days=30))
    delete_unused_files()
    assert set(StoredFile.objects.values_list("pk", flat=True)) == set(
        DossierDocument.objects.filter(file__isnull=False).values_list("file", flat=True)
    )


def test_what_is_in_the_bin_is_nowhere_else(party: Party) -> None:
    dossier = aged(make_dossier(party, State.REFUSED, type_of(), values={"nom": "Introuvable"}), 400)
    services.run()
    go_on(31)
    invite_on(party.stranger, dossier)
    for user, paths in {
        party.depositor: (f"/dossiers/{dossier.pk}/", "/dossiers/"),
        party.stranger: (f"/dossiers/{dossier.pk}/", "/dossiers/", "/dossiers/corbeille/"),
        party.instructor: (f"/instruction/{dossier.pk}/", "/instruction/"),
        party.elsewhere: ("/instruction/corbeille/",),
    }.items():
        client = as_(user)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == (404 if str(dossier.pk) in path else 200)
            assert "Introuvable" not in answer.content.decode()
    for user, path in ((party.depositor, "/dossiers/corbeille/"), (party.instructor, "/instruction/corbeille/")):
        assert "Introuvable" in as_(user).get(path).content.decode()
    assert as_(party.depositor).get("/instruction/corbeille/").status_code == 404


def test_who_instructs_takes_it_out_for_six_months(party: Party) -> None:
    dossier = aged(make_dossier(party, State.REFUSED, type_of()), 400)
    services.run()
    go_on(31)
    path = f"/dossiers/corbeille/{dossier.pk}/reprendre/"
    for user in (party.depositor, party.reader, party.elsewhere, party.stranger):
        assert as_(user).post(path).status_code == 404
    assert as_(party.instructor).get(path).status_code == 405
    for _ in range(2):
        assert as_(party.instructor).post(path)["Location"] == f"/instruction/{dossier.pk}/"
    assert dossier.events.filter(kind=EventKind.RESTORED).count() == 1
    assert list(faults(Dossier.objects.get(pk=dossier.pk))) == []
    go_on(100)
    go_on(140)
    assert state_of(dossier) == (None, None)
    go_on(183 + 1)
    go_on(183 + 32)
    assert state_of(dossier)[1] is not None


def test_a_draft_is_thrown_away_and_taken_back(party: Party) -> None:
    draft = make_draft(party, type_of())
    client = as_(party.depositor)
    with pytest.raises(DossierConflict):
        services.bin_draft(dossier=draft, actor=party.depositor, version=99)
    for user in (party.reader, party.stranger, party.instructor):
        with pytest.raises(Http404):
            services.bin_draft(dossier=draft, actor=user, version=draft.version)
    answer = client.post(f"/dossiers/{draft.pk}/supprimer/", {"version": draft.version}, follow=True)
    assert "à la corbeille" in answer.content.decode()
    assert draft.label in client.get("/dossiers/corbeille/").content.decode()
    assert client.post(f"/dossiers/corbeille/{draft.pk}/reprendre/")["Location"] == f"/dossiers/{draft.pk}/"
    assert client.get(f"/dossiers/{draft.pk}/").status_code == 200
    draft.refresh_from_db()
    services.bin_draft(dossier=draft, actor=party.depositor, version=draft.version)
    go_on(14)
    assert not Dossier.objects.filter(pk=draft.pk).exists()
    assert client.post(f"/dossiers/corbeille/{draft.pk}/reprendre/").status_code == 404


def test_one_that_fails_holds_up_no_other(party: Party, monkeypatch: Any, caplog: Any) -> None:
    first, second = (make_draft(party, type_of()) for _ in range(2))
    for each in (first, second):
        services.bin_draft(dossier=each, actor=party.depositor, version=each.version)
    erase = services.erase

    def fragile(dossier: Dossier) -> None:
        if dossier.pk == first.pk:
            raise OSError
        erase(dossier)

    with monkeypatch.context() as patched:
        patched.setattr(services, "erase", fragile)
        assert go_on(15)["erased"] == 1
    assert Dossier.objects.get() == first
    assert go_on(15)["erased"] == 1


def test_the_bin_costs_the_same(party: Party, django_assert_num_queries: Any) -> None:
    def throw() -> None:
        draft = make_draft(party, type_of())
        services.bin_draft(dossier=draft, actor=party.depositor, version=draft.version)

    client = as_(party.depositor)
    throw()
    client.get("/dossiers/corbeille/")
    with django_assert_num_queries(11):
        client.get("/dossiers/corbeille/")
    throw()
    throw()
    with django_assert_num_queries(11):
        client.get("/dossiers/corbeille/")


@given(
    st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year > 60),
    st.integers(min_value=1, max_value=600),
)
def test_months_before_is_a_day_that_exists(moment: datetime, months: int) -> None:
    before = rules.months_before(moment, months)
    assert (moment.year * 12 + moment.month) - (before.year * 12 + before.month) == months
    assert before.day <= moment.day
    assert before.timetz() == moment.timetz()

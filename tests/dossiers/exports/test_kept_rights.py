"""Who lost a right after an export was made no longer has it; nothing of what was begun is left lying."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client

from dossiers.enums import EventKind
from dossiers.exports import archive, building, services
from dossiers.models import DossierEvent, DossierExport
from portal.accounts.models import Membership, User
from portal.territories.models import Territory
from tests.dossiers.factories import Party, make_dossier, make_party
from tests.factories import make_member

SCREEN = "/instruction/exports/"
GONE = "un service où vous n’instruisez plus"


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(user: User, address: str) -> int:
    response = as_(user).get(address)
    response.close()
    return response.status_code


def made(user: User, subject: str = "dossiers", kind: str = "xlsx") -> DossierExport:
    export = services.ask(actor=user, subject=subject, kind=kind, filters={})
    assert building.build(export.pk)
    export.refresh_from_db()
    return export


@pytest.mark.parametrize("subject", ["dossiers", "contacts"])
def test_a_service_lost_since_takes_the_export_along(party: Party, subject: str) -> None:
    make_dossier(party)
    person = make_member("instructor", party.territory)
    first = made(person, subject)
    assert first.services == [party.territory.pk]
    assert first.file is not None
    address = first.file.get_absolute_url()
    gers = Membership.objects.create(
        user=person, role="instructor", territory=Territory.objects.get(level="departement", code="32")
    )
    assert answer(person, address) == 200, "one service more takes nothing away"
    Membership.objects.filter(user=person).exclude(pk=gers.pk).delete()
    assert answer(person, address) == 404, "still an instructor, no longer of the Landes"
    screen = as_(person).get(SCREEN).content.decode()
    assert address not in screen
    assert GONE in screen
    second = made(person, subject)
    assert second.file is not None
    assert answer(person, second.file.get_absolute_url()) == 200


def test_a_région_s_instructor_keeps_what_its_départements_instruct(
    party: Party, nouvelle_aquitaine: Territory
) -> None:
    make_dossier(party)
    above = make_member("instructor", nouvelle_aquitaine)
    export = made(above)
    assert export.services == [party.territory.pk]
    assert export.file is not None
    assert answer(above, export.file.get_absolute_url()) == 200
    assert GONE not in as_(above).get(SCREEN).content.decode()


def test_an_archive_begun_again_is_one_event_a_dossier(party: Party, monkeypatch: Any) -> None:
    dossiers = [make_dossier(party), make_dossier(party)]
    export = services.ask(actor=party.instructor, subject="dossiers", kind="zip", filters={})
    with monkeypatch.context() as patched:
        patched.setattr(building, "store_own", _stopped)
        assert not building.build(export.pk)
    DossierExport.objects.update(leased_until=export.created_at)
    assert building.build(export.pk)
    told = DossierEvent.objects.filter(kind=EventKind.EXPORTED)
    assert sorted(told.values_list("dossier", flat=True)) == sorted(each.pk for each in dossiers)
    made(party.instructor, kind="zip")
    assert told.count() == 4, "another export is another event"


def _stopped(*args: Any, **kwargs: Any) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "zip"])
def test_nothing_of_it_stays_in_the_working_folder(party: Party, kind: str, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(building, "_WORK", tmp_path / "exports")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make_dossier(party)
    made(party.instructor, kind=kind)
    export = services.ask(actor=party.instructor, subject="dossiers", kind=kind, filters={})
    with monkeypatch.context() as patched:
        patched.setattr(building.Sheets, "add", _stopped)
        assert not building.build(export.pk)
    assert [each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*")] == ["exports"]


def test_what_a_killed_process_wrote_is_swept_up(tmp_path: Any, monkeypatch: Any, db: None) -> None:
    monkeypatch.setattr(building, "_WORK", tmp_path)
    for name, old in (("left", True), ("at-it", False)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "classeur.xlsx").write_bytes(b"PK")
        if old:
            os.utime(tmp_path / name, (0, 0))
    services.expire()
    assert [each.name for each in tmp_path.iterdir()] == ["at-it"]


def test_the_archive_takes_ten_thousand() -> None:
    assert building.MOST_IN_ARCHIVE >= 10_000
    assert archive.MOST_BYTES >= 4 * 1024**3

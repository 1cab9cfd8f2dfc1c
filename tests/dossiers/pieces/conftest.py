"""A dossier with fields for files, and the people around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dossiers.enums import Action, State
from dossiers.models import Dossier, DossierType, PieceVersion
from dossiers.pieces.services import add_file
from tests.dossiers.factories import Party, act, field, make_draft, make_party, make_type, tomorrow
from tests.files.samples import pdf, upload

PLAN, PHOTOS, ANY = "plan", "photos", "annexes"


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Path) -> None:
    """Every test has a private storage of its own."""
    settings.STORAGES = settings.STORAGES | {
        "private": settings.STORAGES["private"] | {"OPTIONS": {"location": tmp_path / "private"}}
    }


@pytest.fixture
def party(db: None) -> Party:
    return make_party()


@pytest.fixture
def type_(db: None) -> DossierType:
    """One PDF of 1 MB at the most; three pictures; ten of anything."""
    return make_type(
        [
            field(PLAN, "piece", "Plan de financement", options={"accept": ["pdf"], "limit_mb": 1, "max_files": 1}),
            field(PHOTOS, "piece", options={"accept": ["png", "jpg"], "max_files": 3}),
            field(ANY, "piece", options={"max_files": 10}),
        ]
    )


@pytest.fixture
def draft(party: Party, type_: DossierType) -> Dossier:
    return make_draft(party, type_)


def put(
    dossier: Dossier, actor: Any, key: str = ANY, name: str = "note.pdf", content: bytes | None = None
) -> PieceVersion:
    """A file in the dossier, through the service."""
    return add_file(dossier=dossier, actor=actor, field=key, upload=upload(name, pdf() if content is None else content))


def deposited(dossier: Dossier, party: Party) -> Dossier:
    return act(Action.DEPOSIT, dossier, party.depositor)


def incomplete(dossier: Dossier, party: Party, *keys: str) -> Dossier:
    """Deposited, and complements asked for on ``keys``."""
    dossier.refresh_from_db()
    if dossier.state == State.DRAFT:
        dossier = deposited(dossier, party)
    items = [{"field": key, "question": "Un autre, s’il vous plaît.", "mandatory": False} for key in keys]
    return act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(15), items=items)

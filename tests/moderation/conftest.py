from __future__ import annotations

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.territories.models import Space, Territory
from tests.factories import make_member
from tests.processes import processes  # noqa: F401


@pytest.fixture
def editor(landes_space: Space, landes: Territory) -> User:
    return make_member(Role.EDITOR, landes, first_name="Aïda", last_name="Landes")


@pytest.fixture
def colleague(landes_space: Space, landes: Territory) -> User:
    return make_member(Role.EDITOR, landes, first_name="Bruno", last_name="Landes")


@pytest.fixture
def regional(landes_space: Space, nouvelle_aquitaine: Territory) -> User:
    return make_member(Role.EDITOR, nouvelle_aquitaine, first_name="Rita", last_name="Région")


@pytest.fixture
def contributor(landes_space: Space, landes: Territory) -> User:
    return make_member(Role.CONTRIBUTOR, landes, first_name="Chloé", last_name="Médiation")

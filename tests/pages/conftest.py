"""People of the spaces."""

import pytest

from portal.accounts.enums import Role
from tests.factories import make_member


@pytest.fixture
def editor(client, landes_space, landes):
    user = make_member(Role.EDITOR, landes)
    client.force_login(user)
    return user

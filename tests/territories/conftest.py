"""The whole of France, loaded once a module and rolled back after it: the other tests keep their small baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from portal.territories.reference.files import DATA
from portal.territories.reference.load import load_reference


@pytest.fixture(scope="module")
def france(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Every test's own transaction nests in the one this fixture keeps open."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            load_reference(DATA)
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)

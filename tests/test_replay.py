"""What the fixtures replay is what their services write."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from portal.territories.models import Space, Territory

from .conftest import open_landes, opened_landes
from .replay import read, tables

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="rows are replayed on SQLite only"),
]


def keys_after(write) -> dict[str, set]:
    """The keys of every table after ``write``, which is undone."""
    with transaction.atomic():
        write()
        found = {table: set(read(table)) for table in tables()}
        transaction.set_rollback(True)
    return found


def test_the_same_rows():
    assert not Space.objects.filter(territory__code="40").exists()
    written = keys_after(open_landes)
    keys_after(opened_landes)  # Where it is the first use, the service runs.
    assert keys_after(opened_landes) == written


def test_what_was_prepared_before_is_kept(landes):
    keys_after(opened_landes)
    Territory.objects.filter(pk=landes.pk).update(name="Les Landes")
    from pages.services import open_territory_space

    open_territory_space(territory=Territory.objects.get(level="region", code="93"))
    opened_landes()
    assert Space.objects.filter(territory__code__in=["40", "75", "93"]).count() == 3
    assert Territory.objects.get(pk=landes.pk).name == "Les Landes"

"""Strict from the first day: warnings are errors, an undefined template variable fails, unordered querysets come back
shuffled, callbacks on commit run, nothing reaches the network."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models.query import QuerySet

from portal.territories.models import Space, Territory

from .baseline import load_baseline

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        load_baseline()
        # Transactional tests flush the database; this is what they get back.
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    yield
    for name in ("default", "pages", "renditions"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to anything but loopback (and local sockets) fail."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise RuntimeError(f"A test tried to reach {address[0]}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def shuffled_querysets(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A queryset without an order comes back shuffled, so that no test or code leans on the database's whim."""
    fetch_all = QuerySet._fetch_all

    def shuffled(self: QuerySet[Any]) -> None:
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and not self.ordered and isinstance(self._result_cache, list) and not self.query.is_sliced:
            random.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", shuffled)


@pytest.fixture
def landes() -> Territory:
    return Territory.objects.get(level="departement", code="40")


@pytest.fixture
def nouvelle_aquitaine() -> Territory:
    return Territory.objects.get(level="region", code="75")


@pytest.fixture
def nation() -> Territory:
    return Territory.objects.nation()


@pytest.fixture
def landes_space(db: None, landes: Territory, nouvelle_aquitaine: Territory) -> Space:
    """The open space of the Landes, beneath that of Nouvelle-Aquitaine."""
    from pages.services import open_territory_space

    open_territory_space(territory=nouvelle_aquitaine)
    return open_territory_space(territory=landes)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """``with commit():`` runs the callbacks on commit, as outside of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)

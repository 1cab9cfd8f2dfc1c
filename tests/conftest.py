"""Strict from the first day: warnings are errors, an undefined template variable fails, unordered querysets come back
shuffled, callbacks on commit run, nothing reaches the network."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import QuerySet

from portal.territories.models import Space, Territory

from . import template_database
from .baseline import load_baseline
from .replay import Replay

LOOPBACK = ("127.0.0.1", "::1", "localhost")


if connection.vendor == "sqlite":

    @pytest.fixture(scope="session")
    def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[Path]:
        """A database in memory, copied from a template: migrating takes longer than most tests together."""
        before = connection.settings_dict["NAME"]
        with django_db_blocker.unblock():
            connection.close()
            name = connection.creation._get_test_db_name()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

            def migrate() -> None:
                connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)

            template = template_database.load(migrate, load_baseline)
            remember_baseline()
            yield template
            connection.creation.destroy_test_db(before, verbosity=0)

else:

    @pytest.fixture(scope="session")
    def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
        with django_db_blocker.unblock():
            load_baseline()
            remember_baseline()


def remember_baseline() -> None:
    # Every process counts the same queries, whether it made the database or copied it.
    ContentType.objects.clear_cache()
    ContentType.objects.get_for_models(*apps.get_models(include_auto_created=True))
    # Transactional tests flush the database; this is what they get back.
    connection._test_serialized_contents = connection.creation.serialize_db_to_string()  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def addresses_of_production() -> None:
    """The addresses as they are without DEBUG, whichever test first asks for one (the demonstration's set it)."""
    import_module(settings.ROOT_URLCONF)


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    yield
    for name in ("default", "pages", "renditions"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def connection_survives_closed_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing a streamed response tells Django that the request is over: it would close the test's connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


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


def open_landes() -> None:
    from pages.services import open_territory_space

    for level, code in (("region", "75"), ("departement", "40")):
        open_territory_space(territory=Territory.objects.get(level=level, code=code))


opened_landes = Replay(open_landes)


@pytest.fixture
def landes_space(db: None) -> Space:
    """The open space of the Landes, beneath that of Nouvelle-Aquitaine."""
    opened_landes()
    return Space.objects.get(territory__level="departement", territory__code="40")


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """``with commit():`` runs the callbacks on commit, as outside of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)

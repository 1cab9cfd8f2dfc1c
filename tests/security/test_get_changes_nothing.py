"""Reading changes nothing: every address of the project is asked with GET, and the database is the same afterwards.

Software that reads mail, browsers that load ahead and robots follow links: what acts must take a POST.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult
from wagtail.models import Revision

from dossiers.models import Dossier
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories import make_member
from tests.surfaces import page_addresses

from .matrix import rows
from .planting.dossiers import invite_on
from .walk import World
from .world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("get")]

#: Tables that reading may write to, and why.
ALLOWED = {
    "django_session": "the session of who reads",
    "wagtailimages_rendition": "made from the image when first shown: the same whoever asks",
    "wagtailadmin_editingsession": "who has a page open, shown to the others that do; Wagtail's editor",
    "wagtailcore_pagesubscription": "an editor's own subscription to a page's comments, off until they turn it on",
    "files_filedownload": "the log of who was given which file: reading is what it notes",
    "newsletters_click": "that a link of a letter was followed: that is what its address is for (docs/campaigns.md)",
    "newsletters_delivery": "that a letter was opened or its links followed, of who agreed to be measured",
    "wagtailusers_userprofile": "an editor's preferences, a row of defaults at the first look",
}
_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+[\"`]?(\w+)", re.IGNORECASE)
#: Asked last: the only address that fails on purpose.
FAILS = "wagtailadmin_error_test"


def digest() -> dict[str, tuple[int, str]]:
    """Number of rows and a hash of all their values, table by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in ALLOWED or table.startswith(("sqlite_", "portal_search_")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


class Watch:
    """An execute wrapper that notes every write, but for those allowed.

    Without ``fruitless``, an update or a deletion that met no row counts for nothing.
    """

    def __init__(self, fruitless: bool = True) -> None:
        self.fruitless = fruitless
        self.writes: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        result = execute(sql, params, many, context)
        if found and found[2] not in ALLOWED and (self.fruitless or context["cursor"].rowcount):
            self.writes.append(f"{found[1]} {found[2]}")
        return result


def read_everything(client: Client, world: World) -> tuple[list[str], dict[str, set[int]]]:
    """What each GET wrote, put off until the commit or broke on, and the statuses of each named address."""
    found, statuses = [], {}
    paths = [(address.name or address.route, path) for address, path in world.walk() if address.name != FAILS]
    paths += [("page", path) for path in page_addresses()]
    for name, path in paths:
        watch, later = Watch(), len(connection.run_on_commit)
        with connection.execute_wrapper(watch):
            response = client.get(path)
            _ = b"".join(response.streaming_content) if response.streaming else response.content
            response.close()
        statuses.setdefault(name, set()).add(response.status_code)
        if response.status_code >= 500:
            found.append(f"{name} {path}: error {response.status_code}")
        if watch.writes:
            found.append(f"{name} {path}: {', '.join(sorted(set(watch.writes)))}")
        if len(connection.run_on_commit) > later:
            found.append(f"{name} {path}: something is done at the commit")
    return found, statuses


@pytest.fixture
def world(landes_space) -> World:
    world = build_world(landes_space)
    ContentType.objects.get_for_models(*[type(each) for each in (User(), Revision(), Session())])
    return world


def person(who: str, landes: Any, nation: Any) -> User | None:
    if who == "editor":
        return make_member(Role.EDITOR, landes)
    if who == "national administrator":
        return make_member(Role.ADMIN_NATIONAL, nation)
    if who == "superuser":
        return User.objects.create_superuser(email="root@exemple.fr", password="une phrase de passe")
    return None


SIGNED_IN = ("editor", "national administrator", "superuser")


@pytest.mark.parametrize(
    "who",
    ["anonymous", *(pytest.param(who, marks=pytest.mark.wide) for who in SIGNED_IN)],
)  # fmt: skip
def test_reading_changes_nothing(world, landes, nation, mailoutbox, who):
    client = Client(raise_request_exception=False)
    if user := person(who, landes, nation):
        # As sign-up leaves it; allauth adds it where it is missing, at the first look.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        client.force_login(user)
    if who == "superuser":
        invite_on(user, Dossier.objects.get(pk=world.values["dossier_id"]))
    tasks, before = DBTaskResult.objects.count(), digest()
    found, statuses = read_everything(client, world)
    assert found == [], "\n".join(found)
    after = digest()
    assert {table for table in before if before[table] != after.get(table)} == set()
    assert DBTaskResult.objects.count() == tasks
    assert mailoutbox == []
    # What came after a screen that signs out would have been asked by a visitor.
    assert ("_auth_user_id" in client.session) == (who != "anonymous")
    if who == "superuser":
        # The arguments lead somewhere, or this walk proves nothing.
        missing = {name for name, seen in statuses.items() if seen <= {400, 404}}
        # Recovery codes are asked for a moment after a sign-in, dossiers are their parties': see the matrix.
        expected = {row.name for row in rows() if 404 in row.get or row.personal or who not in row.let_in("get", "own")}
        assert missing <= expected

"""The permission matrix: every address x everybody x own and other territory, asked with GET and with POST.

The rows are in :mod:`tests.security.rows`. By default everything that is refused to visitors and editors is
tried, and a part of the rest; ``make wide`` tries every cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client

from portal.accounts.enums import Role
from tests.surfaces import addresses

from .matrix import ANONYMOUS, HOME, PERSON, SIGN_IN, SUPERUSER, WHO, Answer, Row, by_name
from .people import Scene, scene, write_scene
from .test_get_changes_nothing import Watch

REFUSALS: tuple[Answer, ...] = (HOME, SIGN_IN, 403, 404)
#: What says that there is nothing to get or to send, whoever asks.
NOTHING: tuple[Answer, ...] = (404, 405)


@cache
def table() -> dict[str, Row]:
    return by_name()


def name_of(address: object) -> str:
    return address.name or address.route  # type: ignore[attr-defined, no-any-return]


def test_every_address_has_a_row_and_every_row_an_address():
    known, asked = set(table()), {name_of(each) for each in addresses()}
    assert sorted(asked - known) == [], "say in tests/security/rows/ who may ask for these"
    assert sorted(known - asked) == [], "these rows are of no address"


def test_visitors_are_let_in_by_name_only():
    """What a visitor may ask for says so with « everybody »: no other rule lets them in."""
    for row in table().values():
        for method, rule in (("get", row.rule), ("post", row.post_rule)):
            assert (ANONYMOUS in row.let_in(method, "own")) == (rule == "everybody")


@dataclass(frozen=True)
class Cell:
    row: Row
    method: str
    path: str
    where: str

    def wrong(self, who: str, found: Answer) -> str:
        """What is wrong with an answer; empty when nothing is."""
        answers = self.row.answers(self.method)
        if who in self.row.let_in(self.method, self.where):
            expected = answers
        elif who == ANONYMOUS:
            expected = (SIGN_IN, 404)
        elif who in self.row.let_in(self.method, "own") and not self.path.startswith("/admin/"):
            # Whoever has such things of their own does not learn that this one exists.
            expected = (404,)
        else:
            expected = REFUSALS
        if found in expected or (found in answers and found in NOTHING):
            return ""
        return f"{who} {self.method} {self.path} ({self.row.name}): {found}, not {expected}"


def cells(scene: Scene, who: str) -> Iterator[Cell]:
    seen = set()
    for where in ("own", "other", "mine"):
        world = scene.world(where, who)
        for address in addresses():
            row = table()[name_of(address)]
            if where == "mine" and not (row.personal and who in scene.mine):
                continue
            for path in world.paths(address):
                # What has no territory is one object in both worlds: not asked for twice.
                if path not in seen:
                    seen.add(path)
                    yield from (Cell(row, method, path, where) for method in ("get", "post"))


def ask(client: Client, cell: Cell, scene: Scene) -> tuple[Answer, list[str]]:
    """The answer and what was written; everything is as before afterwards."""
    watch, world = Watch(fruitless=False), scene.world(cell.where, ANONYMOUS)
    body = world.bodies.get(cell.row.name, {}) if cell.method == "post" else {}
    # What counts attempts is of no interest here.
    caches["default"].clear()
    with transaction.atomic(), connection.execute_wrapper(watch):
        response = getattr(client, cell.method)(cell.path, body)
        if response.streaming:
            b"".join(response.streaming_content)
        response.close()
        transaction.set_rollback(True)
    return answer_of(response), watch.writes


def answer_of(response: object) -> Answer:
    status: int = response.status_code  # type: ignore[attr-defined]
    if status == 302:
        url: str = response.url  # type: ignore[attr-defined]
        if url.startswith(("/compte/login/", "/admin/login/")):
            return SIGN_IN
        if url == "/admin/":
            return HOME
    return status


def faults(scene: Scene, who: str, chosen: Iterator[Cell]) -> list[str]:
    client, found = scene.client(who), []
    for cell in chosen:
        answer, writes = ask(client, cell, scene)
        if wrong := cell.wrong(who, answer):
            found.append(wrong)
        elif writes and who not in cell.row.let_in(cell.method, cell.where):
            found.append(f"{who} {cell.method} {cell.path} ({cell.row.name}): refused, yet {', '.join(writes)}")
        if "logout" in cell.path:
            client = scene.client(who)
    return found


@pytest.fixture
def planted(db: None) -> Scene:
    write_scene()
    return scene


#: Those who are asked about everything that is refused to them; the others meet one cell in this many.
IN_FULL = (ANONYMOUS, Role.EDITOR)
ONE_IN = 6


@pytest.mark.xdist_group("matrix")
@pytest.mark.parametrize("who", WHO)
def test_who_has_no_right_is_refused(planted, who):
    refused = [cell for cell in cells(planted, who) if who not in cell.row.let_in(cell.method, cell.where)]
    if who not in IN_FULL:
        refused = refused[WHO.index(who) % ONE_IN :: ONE_IN]
    found = faults(planted, who, iter(refused))
    assert found == [], "\n".join(found)
    assert refused or who == SUPERUSER


@pytest.mark.xdist_group("matrix")
@pytest.mark.parametrize("who", [ANONYMOUS, PERSON])
def test_what_is_public_is_open(planted, who):
    found = faults(planted, who, (c for c in cells(planted, who) if who in c.row.let_in(c.method, c.where)))
    assert found == [], "\n".join(found)


@pytest.mark.wide
@pytest.mark.parametrize("who", WHO)
def test_the_whole_matrix(planted, who):
    found = faults(planted, who, cells(planted, who))
    assert found == [], "\n".join(found)

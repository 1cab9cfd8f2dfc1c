"""Two people, two workers or two timers at the same moment, in processes of their own, on the engine of the tests."""

from __future__ import annotations

import pytest

from newsletters.models import Subscriber
from portal.territories.models import Territory
from tests.processes import Processes

pytestmark = pytest.mark.wide
ADDRESS = "camille@exemple.fr"


def errors(found: list) -> list:
    return [each for each in found if str(each).startswith("error")]


@pytest.mark.django_db
def test_the_racers_start_from_the_tests_database():
    """What the processes copy (and, marked so, what makes pytest-django create it where this file runs alone)."""
    assert Territory.objects.filter(level="departement", code="40").exists()
    assert not Subscriber.objects.exists()


# --- Spaces ----------------------------------------------------------------------------------------------------------
def test_a_space_opened_twice_at_once_is_one_space(processes: Processes):
    first, second = processes.race(*[("open_space", "departement-40")] * 2)
    assert first == second
    state = processes.do("state_of_spaces")
    assert state["open"].count("departement-40") == 1
    assert (state["pages"], state["collections"], state["facts"]) == ([], [], [])


def test_spaces_side_by_side_and_above_open_at_once(processes: Processes):
    keys = ["departement-40", "departement-47", "region-75", "departement-32"]
    found = processes.race(*[("open_space", key) for key in keys])
    assert errors(found) == []
    assert len(set(found)) == len(keys)
    state = processes.do("state_of_spaces")
    assert set(keys) <= set(state["open"])
    assert len(set(state["addresses"])) == len(state["addresses"])
    assert len(set(state["sections"][1:])) <= 2  # Those with a space beneath have that one more, at most.
    assert (state["pages"], state["collections"], state["facts"]) == ([], [], [])
    # Nested as their territories are, whoever came first.
    for slug in ("landes", "lot-et-garonne"):
        assert any(address.endswith(f"/territoires/nouvelle-aquitaine/{slug}/") for address in state["addresses"])


def test_a_space_closed_twice_at_once_is_closed(processes: Processes):
    processes.do("open_space", "region-75")
    processes.do("open_space", "departement-40")
    assert errors(processes.race(*[("close_space", "region-75")] * 2)) == []
    state = processes.do("state_of_spaces")
    assert "region-75" not in state["open"]
    assert "departement-40" in state["open"]
    assert (state["pages"], state["collections"], state["facts"]) == ([], [], [])


# --- Subscriptions ---------------------------------------------------------------------------------------------------
def ask(processes: Processes) -> tuple[str, dict]:
    body = {"adresse": ADDRESS, "liste": processes.do("a_list"), "accord": "on"}
    return "post", {"path": "/lettres/abonnement/", "body": body}


def test_a_form_sent_twice_at_once_is_one_subscriber_and_one_message(processes: Processes):
    assert processes.race(*[ask(processes)] * 4) == [302] * 4
    processes.do("work", "w")
    state = processes.do("state_of_subscriptions")
    assert (state["subscribers"], state["subscriptions"]) == (1, ["pending"])
    assert state["events"] == ["requested"]
    assert len(processes.mails) == 1


def test_a_subscription_confirmed_twice_at_once_is_confirmed_once(processes: Processes):
    processes.do(*ask(processes))
    link = {"path": processes.do("confirmation_link"), "body": {}}
    assert sorted(processes.race(*[("post", link)] * 3)) == [200, 410, 410]
    state = processes.do("state_of_subscriptions")
    assert (state["subscribers"], state["subscriptions"]) == (1, ["active"])
    assert state["events"] == ["given", "requested"]


# --- Accounts --------------------------------------------------------------------------------------------------------
def test_an_account_asked_for_twice_at_once_is_one_account(processes: Processes):
    body = {
        "first_name": "Camille",
        "last_name": "Exemple",
        "email": ADDRESS,
        "password1": "trois mots suffisent",
        "password2": "trois mots suffisent",
        "terms": "on",
        "telephone": "",
    }
    before = processes.do("count_users")
    found = processes.race(*[("post", {"path": "/compte/signup/", "body": body})] * 3)
    assert processes.do("count_users") == before + 1
    assert found == [302] * 3


def test_the_last_two_administrators_do_not_remove_each_other(processes: Processes):
    first, second = processes.do("two_administrators")
    found = processes.race(("revoke", first), ("revoke", second))
    assert processes.do("count_administrators") == 1
    assert len(errors(found)) == 1
    assert "GrantError" in errors(found)[0]


# --- Jobs ------------------------------------------------------------------------------------------------------------
def test_two_ticks_at_once_run_a_job_once(processes: Processes):
    assert processes.race(*[("tick", str(processes.folder))] * 3) == ["done"] * 3
    assert (processes.folder / "ticks").read_text().split() == ["x"]


def test_workers_side_by_side_do_each_task_once(processes: Processes):
    count = 60
    processes.do("enqueue_lines", {"folder": str(processes.folder), "count": count})
    assert errors(processes.race(*[("work", f"worker-{number}") for number in range(3)])) == []
    processes.do("work", "the last")
    lines = (processes.folder / "lines").read_text().split()
    assert sorted(map(int, lines)) == list(range(count))


def test_pages_are_published_while_workers_write(processes: Processes):
    processes.do("open_space", "departement-40")
    found = processes.race(("publish", ["a", 8]), ("publish", ["b", 8]), ("work", "first"), ("work", "second"))
    assert errors(found) == []
    processes.do("work", "the last")
    state = processes.do("state_of_publication")
    assert (state["live"], state["facts"], state["unfinished"]) == (16, 0, 0)
    assert state["tasks"] > 0


# --- Files -----------------------------------------------------------------------------------------------------------
def test_a_file_that_a_form_keeps_is_not_deleted_as_unused(processes: Processes):
    files = processes.do("old_files", 60)
    # From both ends at once, so that they meet.
    found = processes.race(("delete_unused_files", None), ("keep_files", files[::-1]), ("delete_unused_files", None))
    assert errors(found) == []
    deleted, kept, more = found
    assert sorted(kept) == sorted(processes.do("files_that_open"))
    assert deleted + more + len(kept) == len(files)

"""Workers killed at random, connections cut: nobody is written to twice, nobody is forgotten.

Five thousand people, real processes, a real SMTP server. After each run: everyone in the snapshot was sent their copy
or is shown as uncertain, no address received two, and no more are uncertain than were in hand at a kill.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.newsletters.fake_provider import FakeProvider, anymail_settings
from tests.newsletters.fake_provider import running as provider
from tests.processes import Processes

from .sinks import Sink, running

pytestmark = pytest.mark.wide
PEOPLE, BATCH, KILLS = 5_000, 20, 20


def start_worker(processes: Processes) -> subprocess.Popen[bytes]:
    return processes.start("manage.py", "send_letters", "--forever")


def use(processes: Processes, port: int, batch: int = BATCH) -> None:
    processes.env["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    processes.env["LETTER_BATCH"] = str(batch)


def finish(processes: Processes, campaign: int) -> dict:
    """Let what is left be sent by one worker that nobody kills."""
    processes.do("let_leases_end")
    for _ in range(3):
        processes.manage("send_letters")
        state = processes.do("state_of_campaign", campaign)
        if state["campaign"] == "finished":
            return state
        processes.do("let_leases_end")
    raise AssertionError(f"never finished: {state['states']}\n{processes.log()}")


def use_provider(processes: Processes, fake: FakeProvider) -> None:
    processes.env |= {"EMAIL_PROVIDER": "mailjet", "ANYMAIL": json.dumps(anymail_settings(fake.port))}
    processes.env["LETTER_BATCH"] = str(BATCH)


def kill_at_random(processes: Processes, workers: int, received: Callable[[], Counter[str]]) -> int:
    """SIGKILL again and again while ``workers`` send, each time after something was sent; how many were killed."""
    chance = random.Random(workers)
    alive = [start_worker(processes) for _ in range(workers)]
    killed, before = 0, 0
    end = time.monotonic() + 60
    while (sent := sum(received().values())) < PEOPLE * 0.9 and killed < KILLS and time.monotonic() < end:
        if sent > before:
            # At any moment of a batch.
            time.sleep(chance.random() * 0.05)
            victim = alive.pop(chance.randrange(len(alive)))
            victim.kill()
            victim.wait()
            killed += 1
            before = sum(received().values())
            alive.append(start_worker(processes))
        time.sleep(0.01)
    for each in alive:
        each.terminate()
        each.wait(60)
    return killed


def check(state: dict, received: Counter[str], *, killed: int) -> None:
    assert len(state["snapshot"]) == PEOPLE
    assert [address for address, count in received.items() if count > 1] == [], "nobody receives two"
    assert set(received) <= set(state["snapshot"])
    assert set(state["sent"]) | set(state["unknown"]) == set(state["snapshot"]), "nobody is forgotten"
    assert set(state["sent"]) <= set(received), "what is said to be sent was received"
    assert len(state["unknown"]) <= killed * BATCH


@pytest.mark.parametrize("workers", [2, 4, 8])
def test_killed_at_random(processes: Processes, workers: int):
    sink = Sink()
    with running(sink) as port:
        use(processes, port)
        campaign = processes.do("a_campaign", PEOPLE)
        killed = kill_at_random(processes, workers, lambda: sink.received)
        state = finish(processes, campaign)
    assert killed == KILLS, f"only {killed} kills: {processes.log()}"
    check(state, sink.received, killed=killed)


def test_killed_at_random_with_a_provider(processes: Processes):
    """The same by a provider's interface, many copies a call, which now and then refuses or says nothing."""
    fake = FakeProvider(choices=["ok"] * 18 + ["500", "lost"], random=random.Random(4))

    def received() -> Counter[str]:
        with fake.lock:
            return Counter(one.address for one in fake.accepted)

    with provider(fake):
        use_provider(processes, fake)
        campaign = processes.do("a_campaign", PEOPLE)
        killed = kill_at_random(processes, 4, received)
        fake.choices = []
        state = finish(processes, campaign)
    assert killed == KILLS, f"only {killed} kills: {processes.log()}"
    counts = received()
    assert [address for address, count in counts.items() if count > 1] == [], "nobody receives two"
    assert set(state["sent"]) | set(state["unknown"]) == set(state["snapshot"]), "nobody is forgotten"
    assert set(state["sent"]) <= set(counts)


def test_the_database_goes_away(processes: Processes):
    """Connections cut again and again while four workers send: what they know is written when it is back."""
    sink = Sink()
    with running(sink) as port:
        use(processes, port)
        campaign = processes.do("a_campaign", PEOPLE)
        alive = [start_worker(processes) for _ in range(4)]
        cuts = 0
        while sum(sink.received.values()) < PEOPLE * 0.9 and cuts < 12:
            cuts += bool(processes.do("cut_connections"))
            assert all(each.poll() is None for each in alive), processes.log()
        for each in alive:
            each.terminate()
            each.wait(60)
        state = finish(processes, campaign)
    assert cuts >= 2
    check(state, sink.received, killed=0)
    assert state["states"] == {"accepted": PEOPLE}, "a worker that lives forgets nothing"


def test_the_server_goes_away(processes: Processes):
    """The mail server is stopped in the middle of the send and comes back: each copy in hand at most is uncertain."""
    sink = Sink()
    with running(sink) as port:
        use(processes, port)
        campaign = processes.do("a_campaign", PEOPLE)
        alive = [start_worker(processes) for _ in range(3)]
        while sum(sink.received.values()) < PEOPLE // 3:
            time.sleep(0.01)
    with running(sink) as port:
        # Another port: workers that come later find it there.
        for each in alive:
            each.kill()
            each.wait()
        use(processes, port)
        state = finish(processes, campaign)
    check(state, sink.received, killed=3)

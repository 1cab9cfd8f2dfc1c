"""What comes back: each message of the corpus does exactly what it should, and nothing that is damaged does harm."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletters.bounces import arf, dsn
from newsletters.bounces.receive import Received, receive
from newsletters.bounces.report import parse, tags_of
from newsletters.bounces.verp import return_path, unsubscribe_address
from newsletters.enums import DeliveryState, EventKind
from newsletters.models import Delivery, DeliveryEvent, Subscription, Suppression
from newsletters.sending import snapshot
from tests.processes import Processes

from ..sending.factories import make_campaign
from .corpus import Case, complaints, standard, words

ALL: list[Case] = [*standard.CASES, *words.CASES, *complaints.CASES]


@pytest.fixture
def copy(landes_space, settings) -> Delivery:
    settings.BOUNCE_ADDRESS = "rebonds@exemple.fr"
    settings.UNSUBSCRIBE_ADDRESS = "quitter@exemple.fr"
    campaign = make_campaign(landes_space, 2)
    snapshot.take(campaign.pk, timezone.now())
    campaign.deliveries.update(state=DeliveryState.ACCEPTED, sent_at=timezone.now(), code="250")
    return campaign.deliveries.order_by("pk").first()


def data_of(case: Case, copy: Delivery) -> bytes:
    return case.data(copy.address, return_path(copy.pk, copy.subscription_id), copy.message_id)


def test_the_corpus_is_large_enough():
    assert len({case.name for case in ALL}) == len(ALL) >= 60 + 20


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_each_message_does_what_it_should(copy, case):
    data = data_of(case, copy)
    received = receive(data)
    events = list(DeliveryEvent.objects.order_by("-kind").values_list("delivery", "kind", "code"))
    if not case.kind:
        assert events == []
        assert received in (Received.NOTHING, Received.NOT_OURS)
    else:
        assert (copy.pk, case.kind, case.code) in events
        assert received == Received.NOTED
        assert receive(data) in (Received.KNOWN, Received.NOTED)
        assert DeliveryEvent.objects.count() == len(events), "the same message again changes nothing"
    excluded = case.kind in (EventKind.HARD_BOUNCE, EventKind.COMPLAINED)
    assert Suppression.objects.count() == excluded
    left = Subscription.objects.exclude(state="active").order_by("pk").values_list("subscriber__address", flat=True)
    assert list(left) == ([copy.address] if excluded or case.kind == EventKind.UNSUBSCRIBED else [])
    assert not DeliveryEvent.objects.filter(detail__contains="@").exists(), "what servers say is kept without addresses"


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_of_a_copy_that_is_not_ours_nothing_happens(copy, case):
    forged = return_path(copy.pk, copy.subscription_id).replace("@", "a@")[-70:]
    receive(case.data(copy.address, f"rebonds+{forged}", "<autre@exemple.fr>"))
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["To", "Delivered-To", "X-Original-To", "Envelope-To", "envelope"])
def test_the_signed_address_is_found_wherever_servers_leave_it(copy, where):
    address = return_path(copy.pk, copy.subscription_id)
    head = b"" if where == "envelope" else f"{where}: <{address.upper()}>\r\n".encode()
    data = head + b"From: MAILER-DAEMON\r\nSubject: failure notice\r\n\r\n550 5.1.1 user unknown"
    assert receive(data, address if where == "envelope" else "") == Received.NOTED
    assert Suppression.objects.count() == 1


@pytest.mark.django_db
def test_a_message_unsubscribes(copy):
    address = unsubscribe_address(copy.pk, copy.subscription_id)
    data = f"From: {copy.address}\r\nTo: {address}\r\nSubject: desabonnement\r\n\r\n".encode()
    assert receive(data) == Received.LEFT
    assert receive(data) == Received.LEFT
    copy.refresh_from_db()
    assert copy.unsubscribed_at is not None
    assert Subscription.objects.active().count() == 1


@pytest.mark.django_db
def test_a_forged_wish_to_leave(copy):
    address = unsubscribe_address(copy.pk, copy.subscription_id).replace("quitter+", "quitter+a")
    assert receive(f"To: {address}\r\n\r\n".encode()) == Received.NOTHING
    # What opens one door does not open another.
    receive(f"To: {return_path(copy.pk, copy.subscription_id).replace('rebonds', 'quitter')}\r\n\r\n".encode())
    assert Subscription.objects.active().count() == 2


# --- Damage -----------------------------------------------------------------------------------------------------------
def read_anything(data: bytes) -> None:
    """Nothing raises; and what is read is small enough to be kept."""
    message = parse(data)
    tags_of(message, "")
    for report in [*dsn.read(message), *arf.read(message)]:
        assert len(report.detail) <= 300
        assert "@" not in report.detail


@given(st.binary(max_size=3000))
def test_any_bytes_are_read(data):
    read_anything(data)


@given(case=st.sampled_from(ALL), seed=st.integers(0, 10_000))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_damaged_messages_are_read(case, seed):
    read_anything(damaged(case, seed))


def damaged(case: Case, seed: int) -> bytes:
    """A message with bytes lost, doubled, swapped or cut off."""
    chance = random.Random(seed)
    data = bytearray(case.data("p0@exemple.fr", "rebonds+abc@exemple.fr", "<x@exemple.fr>"))
    for _ in range(chance.randrange(1, 12)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                del data[place : place + chance.randrange(40)]
            case 1:
                data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(8)))
            case 2:
                data[place:place] = data[: chance.randrange(200)]
            case _:
                data = data[: max(place, 1)]
    return bytes(data)


@pytest.mark.wide
@pytest.mark.django_db
def test_thousands_of_damaged_messages_never_exclude_another(copy):
    """However damaged: only the copy whose address is in the message may be excluded, never the other one."""
    for seed in range(2_000):
        case = ALL[seed % len(ALL)]
        receive(
            damaged(case, seed).replace(b"rebonds+abc@exemple.fr", return_path(copy.pk, copy.subscription_id).encode())
        )
    other = Delivery.objects.exclude(pk=copy.pk).get()
    assert other.state == DeliveryState.ACCEPTED
    assert Subscription.objects.get(pk=other.subscription_id).state == "active"


@pytest.mark.django_db
def test_what_no_database_takes_is_left_out(copy):
    """NUL and broken characters, in what the server says."""
    data = data_of(standard.CASES[0], copy)
    data = data.replace(b"User unknown", b"User unknown\x00 \xff\xed\xa0\x80 \x00")
    assert receive(data.replace(b"5.1.1\r\n", b"5.1.1\x00\r\n")) == Received.NOTED
    event = DeliveryEvent.objects.get()
    assert event.kind == EventKind.HARD_BOUNCE
    assert "\x00" not in event.detail + event.code


def test_a_huge_message_is_read_in_part():
    read_anything(standard.CASES[0].data("a@exemple.fr", "b@exemple.fr", "<c@d>") + b"x" * 5_000_000)


# --- The command ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_command_deals_with_what_is_piped(copy, monkeypatch):
    data = data_of(standard.CASES[0], copy)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    out = io.StringIO()
    call_command("receive_bounce", stdout=out)
    assert out.getvalue().strip() == "noted"


@pytest.mark.wide
def test_the_mail_server_keeps_what_cannot_be_written(processes: Processes):
    """Without a database the command ends as sysexits.h asks: try again later."""
    env = processes.env | {"DATABASE_URL": f"sqlite:///{processes.folder / 'absent' / 'x.sqlite3'}"}
    case = standard.CASES[0].data("a@exemple.fr", "b@exemple.fr", "<c@exemple.fr>")
    done = subprocess.run([sys.executable, "manage.py", "receive_bounce"], input=case, env=env, capture_output=True)
    assert done.returncode == os.EX_TEMPFAIL, done.stderr

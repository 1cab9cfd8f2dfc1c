"""A process killed with SIGKILL while it sends: everybody is told once, by as many processes as there are."""

from __future__ import annotations

import re
import signal
import time

import pytest

from tests.processes import DEADLINE, Processes, processes

__all__ = ["processes"]

pytestmark = [pytest.mark.xdist_group("sigkill"), pytest.mark.wide]

MAKE = """
from portal.accounts.models import User
from portal.notifications.models import Notice
from django.utils import timezone
for number in range({count}):
    person = User.objects.create(email=f"personne{{number}}@exemple.fr", password="!")
    Notice.objects.create(recipient=person, kind="files.infected", event="e", subject="Un fichier",
                          mail="waiting", frequency="instant", due_at=timezone.now())
"""
# Slow enough to be killed in the middle.
SEND = """
import time
from portal.core import mail
write = mail.FolderBackend.send_messages
def slow(self, messages):
    found = write(self, messages)
    time.sleep(0.05)
    return found
mail.FolderBackend.send_messages = slow
from portal.notifications.delivery import send_due
send_due()
"""
LATER = """
import datetime as dt
from django.utils import timezone
from portal.notifications.delivery import send_due
send_due(timezone.now() + dt.timedelta(minutes=6))
send_due(timezone.now() + dt.timedelta(days=2))
from portal.notifications.models import Notice
assert not Notice.objects.exclude(mail="sent").exists(), list(Notice.objects.values_list("mail", flat=True))
"""


def wait_for_mails(running: Processes, count: int) -> None:
    end = time.monotonic() + DEADLINE
    while len(running.mails) < count:
        assert time.monotonic() < end, running.log()
        time.sleep(0.02)


@pytest.mark.django_db
def test_the_tests_database_is_there(landes):
    """Marked so, what makes pytest-django create it where this file runs alone on PostgreSQL."""
    assert landes.name == "Landes"


def test_killed_in_the_middle_everybody_is_told_once(processes: Processes):
    """Two processes at once, both killed; then one that ends the work. One mail a person, but for the one or two that a
    process was handing over: these are told again in a digest, never by the same mail."""
    count = 40
    processes.manage("shell", "-v0", "-c", MAKE.format(count=count))
    senders = [processes.manage("shell", "-v0", "-c", SEND, wait=False) for _ in range(2)]
    wait_for_mails(processes, 8)
    for sender in senders:
        sender.send_signal(signal.SIGKILL)
        sender.wait(DEADLINE)
    assert len(processes.mails) < count
    processes.manage("shell", "-v0", "-c", LATER)
    mails = processes.mails
    told = [re.search(r"^To: (\S+)$", text, re.MULTILINE)[1] for text in mails]
    assert set(told) == {f"personne{number}@exemple.fr" for number in range(count)}
    assert len(told) <= count + 2
    identifiers = [re.search(r"^Message-ID: (\S+)$", text, re.MULTILINE)[1] for text in mails]
    at_once = [name for name, text in zip(identifiers, mails, strict=True) if "Subject: Un fichier" in text]
    assert len(at_once) == len(set(at_once))

"""The mailbox is read by IMAP and POP3, emptied of what was dealt with, and read again after a loss."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import OperationalError

from newsletters.bounces import receive
from newsletters.bounces.mailbox import MailboxError, read_mailbox
from newsletters.bounces.verp import return_path
from newsletters.models import Delivery, DeliveryEvent, Suppression

from .corpus import standard, words
from .servers import Imap, Mailbox, Pop, serving
from .test_receive import copy as copy
from .test_receive import data_of

pytestmark = pytest.mark.django_db
KINDS = [(Imap, "imap"), (Pop, "pop3")]


def box_of(copy: Delivery, **fields: Any) -> Mailbox:
    cases = [standard.CASES[0], words.CASES[0], words.CASES[-4], standard.CASES[4]]
    return Mailbox({number: data_of(case, copy) for number, case in enumerate(cases, 7)}, **fields)


@pytest.mark.parametrize(("kind", "scheme"), KINDS)
def test_what_was_dealt_with_is_removed(copy, settings, kind, scheme):
    box = box_of(copy)
    with serving(kind, box) as port:
        settings.BOUNCE_MAILBOX_URL = f"{scheme}://rebonds%40exemple.fr:secret@127.0.0.1:{port}/INBOX"
        found = read_mailbox()
        assert sum(found.values()) == 4
        assert box.messages == {}
        assert read_mailbox() == {}
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(("kind", "scheme"), KINDS)
def test_a_connection_lost_in_the_middle_is_caught_up(copy, settings, kind, scheme):
    box = box_of(copy, dies_after=2)
    with serving(kind, box) as port:
        settings.BOUNCE_MAILBOX_URL = f"{scheme}://rebonds:secret@127.0.0.1:{port}"
        with pytest.raises(MailboxError):
            read_mailbox()
        box.dies_after = None
        read_mailbox()
    assert box.messages == {}
    seen = DeliveryEvent.objects.count()
    assert seen == len(set(DeliveryEvent.objects.order_by("pk").values_list("source", "key")))
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(("kind", "scheme"), KINDS)
def test_a_database_that_is_away_loses_no_message(copy, settings, monkeypatch, kind, scheme):
    box = box_of(copy)

    def away(**kwargs: Any) -> bool:
        raise OperationalError("the server closed the connection")

    with serving(kind, box) as port:
        settings.BOUNCE_MAILBOX_URL = f"{scheme}://rebonds:secret@127.0.0.1:{port}"
        with monkeypatch.context() as patched:
            patched.setattr(receive, "note_event", away)
            with pytest.raises(OperationalError):
                read_mailbox()
        assert len(box.messages) == 4
        assert box.deleted == set()
        read_mailbox()
    assert box.messages == {}
    assert Suppression.objects.count() == 1


def test_a_message_that_the_server_does_not_give_is_not_removed(copy, settings):
    box = box_of(copy)
    box.withheld.add(8)
    with serving(Imap, box) as port:
        settings.BOUNCE_MAILBOX_URL = f"imap://rebonds:secret@127.0.0.1:{port}"
        assert sum(read_mailbox().values()) == 3
    assert list(box.messages) == [8]


def test_a_line_that_pop3_finds_too_long_keeps_no_message_waiting(copy, settings):
    long = b"Subject: x\r\n\r\n" + b"y" * 100_000 + b"\r\n." + b"z" * 5000
    box = Mailbox({1: long, 2: data_of(standard.CASES[0], copy)})
    with serving(Pop, box) as port:
        settings.BOUNCE_MAILBOX_URL = f"pop3://rebonds:secret@127.0.0.1:{port}"
        assert sum(read_mailbox().values()) == 2
    assert box.messages == {}
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(("kind", "scheme"), KINDS)
def test_a_wrong_password_says_so_without_it(copy, settings, kind, scheme):
    with serving(kind, box_of(copy)) as port:
        settings.BOUNCE_MAILBOX_URL = f"{scheme}://rebonds:faux-mot@127.0.0.1:{port}"
        with pytest.raises(MailboxError) as error:
            read_mailbox()
    assert "faux-mot" not in str(error.value)
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "imaps:///INBOX", "imap", "pop3://"])
def test_an_address_that_is_none(settings, url):
    settings.BOUNCE_MAILBOX_URL = url
    with pytest.raises(MailboxError):
        read_mailbox()


def test_nobody_there(settings):
    settings.BOUNCE_MAILBOX_URL = "imap://a:b@127.0.0.1:9"
    with pytest.raises(MailboxError):
        read_mailbox()


def test_without_a_mailbox_nothing_is_read(settings):
    settings.BOUNCE_MAILBOX_URL = ""
    assert read_mailbox() == {}


def test_logs_name_nobody(copy, settings, caplog):
    with serving(Imap, box_of(copy)) as port, caplog.at_level(logging.DEBUG, logger="newsletters"):
        settings.BOUNCE_MAILBOX_URL = f"imap://rebonds:secret@127.0.0.1:{port}"
        read_mailbox()
    assert "Returned messages: " in caplog.text
    assert copy.address not in caplog.text
    assert return_path(copy.pk, copy.subscription_id) not in caplog.text

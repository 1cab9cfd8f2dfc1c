"""Copies handed to providers over real HTTP: what each person gets, and what an answer or its absence means."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time

import pytest

from newsletters.sending import marks, tokens
from newsletters.sending.headers import unsubscribe_url
from newsletters.sending.tokens import Purpose
from newsletters.sending.transports import Result, TransportAwayError, get_transport
from tests.newsletters.fake_provider import anymail_settings

from .conftest import make_compiled, make_copy

ALL = ["brevo", "mailjet", "postmark", "mailgun", "resend"]
WITHOUT_KEY = ["mailjet", "postmark", "mailgun"]
WITH_KEY = ["brevo", "resend"]


def drain(answers):
    """(results by delivery, the reason for which the transport is away)."""
    found = {}
    try:
        for outcome in answers:
            assert outcome.delivery not in found
            found[outcome.delivery] = outcome
    except TransportAwayError as error:
        return found, str(error) or "away"
    return found, ""


def results(found):
    return {key: outcome.result for key, outcome in found.items()}


@pytest.mark.parametrize("name", ALL)
def test_one_call_and_to_each_their_own(transport, provider, name):
    letter, copies = make_compiled(), [make_copy(number) for number in range(7)]
    found, away = drain(transport(name).send(letter, copies))
    assert away == ""
    assert set(results(found).values()) == {Result.ACCEPTED}
    assert len(provider.requests) == 1
    assert provider.received == {copy.address: 1 for copy in copies}
    for copy in copies:
        got = provider.of(copy.address)
        subject, html, text = letter.fill(copy)
        assert (got.subject, got.html, got.text) == (subject, html, text)
        assert "\ue000" not in got.html
        assert "{{" not in got.html
        assert "%recipient" not in got.html
        assert tokens.read(Purpose.EVENT, got.metadata["delivery"]) == (copy.subscription, copy.delivery)
        headers = {key.lower(): value for key, value in got.headers.items()}
        assert headers["list-unsubscribe"].startswith(f"<{unsubscribe_url(copy.subscription, copy.delivery)}>")
        assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert ".listes." in headers["list-id"]
        assert headers["precedence"] == "bulk"
        assert "from" not in headers
        assert "subject" not in headers
        assert "reply-to" not in headers
        others = [other.address for other in copies if other != copy]
        assert not any(other in f"{got.html}{got.text}{headers}" for other in others)
        assert ("/o/" in got.html) == copy.tracking
        if name in ("mailgun", "postmark"):
            assert headers["message-id"] == copy.message_id
    numbers = {key: outcome.provider_id for key, outcome in found.items()}
    if name == "mailgun":  # One number for all of a batch recognises nobody's copy.
        assert set(numbers.values()) == {""}
    else:
        assert numbers == {copy.delivery: provider.of(copy.address).number for copy in copies}


def test_brevo_request(transport, provider):
    drain(transport("brevo").send(make_compiled(), [make_copy(1), make_copy(2)]))
    path, headers, body = provider.requests[0]
    assert path == "/brevo/smtp/email"
    assert headers["api-key"] == "x"
    assert body["sender"]["name"] == "Lettre des Landes « 40 »"
    assert body["tags"] == ["campagne1"]
    assert [version["to"] for version in body["messageVersions"]] == [
        [{"email": "p1@exemple.fr"}], [{"email": "p2@exemple.fr"}]
    ]  # fmt: skip
    assert "to" not in body
    assert "cc" not in body
    assert "bcc" not in body
    assert body["htmlContent"].startswith("{% autoescape off %}<!doctype html>")
    values = body["messageVersions"][0]["params"].values()
    assert "Zoé <1> & d’Artagnan" in values
    assert "Zo&#233; &lt;1&gt; &amp; d&#8217;Artagnan" in values


def test_mailjet_request(transport, provider):
    drain(transport("mailjet").send(make_compiled(), [make_copy(1, list_id=6), make_copy(2, list_id=6)]))
    path, _, body = provider.requests[0]
    assert path == "/mailjet/send"
    assert body["Globals"]["ReplyTo"] == {"Email": "equipe@exemple.fr"}
    assert (body["Globals"]["TrackOpens"], body["Globals"]["TrackClicks"]) == ("disabled", "disabled")
    assert "TemplateLanguage" not in body["Globals"]
    assert "HTMLPart" not in body["Globals"]
    assert [message["To"][0]["Email"] for message in body["Messages"]] == ["p1@exemple.fr", "p2@exemple.fr"]


def test_postmark_and_mailgun_requests_do_not_measure(transport, provider):
    drain(transport("postmark").send(make_compiled(), [make_copy(1), make_copy(2)]))
    drain(transport("mailgun").send(make_compiled(), [make_copy(1), make_copy(2)]))
    (path, headers, rows), (other, _, form) = provider.requests
    assert path == "/postmark/email/batch"
    assert headers["X-Postmark-Server-Token"] == "x"
    assert all(row["TrackOpens"] is False and row["TrackLinks"] == "None" for row in rows)
    assert all({"Name": "X-PM-KeepID", "Value": "true"} in row["Headers"] for row in rows)
    assert other == "/mailgun/mg.exemple.fr/messages"
    assert form["o:tracking-opens"] == ["no"]
    assert form["o:tracking-clicks"] == ["no"]


@pytest.mark.parametrize("name", ["brevo", "mailgun"])
def test_what_looks_like_the_providers_language_is_not_obeyed(transport, provider, name):
    hostile = "{{ contact.EMAIL }} {% if x %} %recipient.v0% %unsubscribe_url%"
    letter = make_compiled(subject=f"A {hostile}", html=f"<p>{hostile}</p>", text=hostile)
    copies = [make_copy(number, values={"nom": hostile}) for number in (1, 2)]
    found, _ = drain(transport(name).send(letter, copies))
    assert len(found) == 2
    got = provider.of("p1@exemple.fr")
    trap = r"\{\{|\{%" if name == "brevo" else r"%recipient|%unsubscribe"
    for part in (got.subject, got.html, got.text):
        assert not re.search(trap, part)


def test_a_subject_with_a_name_goes_one_by_one_where_it_cannot_be_merged(transport, provider):
    letter = make_compiled(subject=f"Bonjour {marks.variable('nom')}")
    found, _ = drain(transport("brevo").send(letter, [make_copy(1), make_copy(2)]))
    assert set(results(found).values()) == {Result.ACCEPTED}
    assert len(provider.requests) == 2
    assert provider.of("p2@exemple.fr").subject == "Bonjour Zoé <2> & d’Artagnan"
    assert "List-Unsubscribe" in provider.of("p2@exemple.fr").headers


def test_batches_are_within_limits_and_of_one_list(transport, provider, settings):
    settings.LETTER_BATCH = 100
    one = transport("mailjet")
    assert one.size == 50
    copies = [make_copy(number, list_id=5 if number < 3 else 6) for number in range(5)]
    drain(one.send(make_compiled(), copies))
    assert [len(body["Messages"]) for _, _, body in provider.requests] == [3, 2]
    provider.requests.clear()
    heavy = make_compiled(html="<p>" + "x" * 900_000 + "</p>")
    drain(one.send(heavy, [make_copy(number) for number in range(5)]))
    assert [len(body["Messages"]) for _, _, body in provider.requests] == [2, 2, 1]


@pytest.mark.parametrize("name", ["mailjet", "postmark"])
def test_half_a_batch_is_told_person_by_person(transport, provider, name):
    provider.modes.append("half")
    copies = [make_copy(number) for number in range(6)]
    found, away = drain(transport(name).send(make_compiled(), copies))
    assert away == ""
    for number, copy in enumerate(copies):
        assert found[copy.delivery].result == (Result.FAILED if number % 2 else Result.ACCEPTED)
        assert provider.received[copy.address] == 1 - number % 2


@pytest.mark.parametrize("name", ["brevo", "mailgun", "resend"])
def test_one_bad_address_does_not_keep_the_others(transport, provider, name):
    provider.bad = {"p5@exemple.fr"}
    copies = [make_copy(number) for number in range(20)]
    found, away = drain(transport(name).send(make_compiled(), copies))
    assert away == ""
    assert len(found) == 20
    failed = [key for key, outcome in found.items() if outcome.result == Result.FAILED]
    assert failed == [1005]
    assert "@" not in found[1005].detail
    assert provider.received == {copy.address: 1 for copy in copies if copy.address != "p5@exemple.fr"}


def test_all_refused_alike_is_not_the_peoples_fault(transport, provider):
    copies = [make_copy(number) for number in range(12)]
    provider.bad = {copy.address for copy in copies}
    found, away = drain(transport("brevo").send(make_compiled(), copies))
    assert found == {}
    assert away.startswith("400")


@pytest.mark.parametrize("name", ALL)
def test_an_error_of_the_server_is_tried_again_later(transport, provider, name):
    provider.modes.append("500")
    found, away = drain(transport(name).send(make_compiled(), [make_copy(1), make_copy(2)]))
    assert set(results(found).values()) == {Result.RETRY}
    assert away
    assert {outcome.code for outcome in found.values()} == {"500"}
    assert "@" not in found[1001].detail
    assert not provider.received


def test_too_many_requests_wait_as_told(transport, provider):
    provider.modes.append("429")
    started = time.monotonic()
    found, away = drain(transport("mailjet").send(make_compiled(), [make_copy(1)]))
    assert set(results(found).values()) == {Result.ACCEPTED}
    assert away == ""
    assert time.monotonic() - started >= 1
    assert provider.received == {"p1@exemple.fr": 1}


def test_a_long_wait_puts_the_batch_back_and_is_kept(transport, provider):
    provider.modes.append("503")
    provider.retry_after = "3600"
    one = transport("brevo")
    found, away = drain(one.send(make_compiled(), [make_copy(1)]))
    assert found == {}
    assert away.startswith("503")
    assert drain(one.send(make_compiled(), [make_copy(1)])) == ({}, "the provider said when to come back")
    assert len(provider.requests) == 1
    assert not provider.received


@pytest.mark.parametrize("mode", ["lost", "cut", "late", "hang", "gateway", "garbage"])
@pytest.mark.parametrize("name", WITHOUT_KEY)
def test_without_an_answer_nothing_is_sent_again(transport, provider, name, mode):
    provider.modes.append(mode)
    one = transport(name, REQUESTS_TIMEOUT=0.3)
    copies = [make_copy(number) for number in range(4)]
    found, away = drain(one.send(make_compiled(), copies))
    assert results(found) == {copy.delivery: Result.UNKNOWN for copy in copies}
    assert len(provider.requests) == 1
    # A gateway's word, or an answer that cannot be read, says nothing of the next call; neither does silence.
    assert away
    assert all(count == 1 for count in provider.received.values())


@pytest.mark.parametrize("mode", ["lost", "cut", "late"])
@pytest.mark.parametrize("name", WITH_KEY)
def test_with_a_key_the_same_request_is_made_again_and_sends_once(transport, provider, name, mode, monkeypatch):
    monkeypatch.setattr("newsletters.sending.esp.SAME_KEY_DELAY", 0.01)
    provider.modes.append(mode)
    one = transport(name, REQUESTS_TIMEOUT=0.3)
    copies = [make_copy(number) for number in range(4)]
    found, away = drain(one.send(make_compiled(), copies))
    assert set(results(found).values()) == {Result.ACCEPTED}
    assert away == ""
    assert len(provider.requests) == 2
    assert provider.received == {copy.address: 1 for copy in copies}
    first, second = (body for _, _, body in provider.requests)
    assert first == second


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_key_does_not_make_a_silent_provider_certain(transport, provider, name, monkeypatch):
    monkeypatch.setattr("newsletters.sending.esp.SAME_KEY_DELAY", 0.01)
    provider.modes.extend(["lost", "500"])
    found, away = drain(transport(name).send(make_compiled(), [make_copy(1)]))
    assert set(results(found).values()) == {Result.UNKNOWN}
    assert away
    assert provider.received == {"p1@exemple.fr": 1}


@pytest.mark.parametrize("name", ALL)
def test_nobody_there_is_away(settings, name):
    settings.EMAIL_PROVIDER, settings.ANYMAIL = name, anymail_settings(9)
    one = get_transport()
    found, away = drain(one.send(make_compiled(), [make_copy(1)]))
    assert found == {}
    assert away
    one.close()


def test_a_refused_account_is_away(transport, provider):
    provider.modes.append("refuse")
    found, away = drain(transport("brevo").send(make_compiled(), [make_copy(1)]))
    assert found == {}
    assert away.startswith("401")


def test_as_a_process_it_logs_what_it_takes(tmp_path, settings):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.newsletters.fake_provider", "--port", "0", "--log", str(log)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", anymail_settings(port)
        one = get_transport()
        drain(one.send(make_compiled(), [make_copy(1), make_copy(2)]))
        one.close()
        rows = [json.loads(line) for line in log.read_text().splitlines()]
        assert [row["address"] for row in rows] == ["p1@exemple.fr", "p2@exemple.fr"]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()

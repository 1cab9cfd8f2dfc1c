"""The relay's dialogue: what it answers, when it goes away, and what is certain then."""

from __future__ import annotations

import threading
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from newsletters.sending.smtp import SMTPTransport
from newsletters.sending.transports import Outcome, Result, TransportAwayError

from .sinks import Sink, running, scripted, transport_to
from .test_merge import make_compiled, make_copy, parts


def copies(count: int, first: int = 1) -> list[Any]:
    return [
        make_copy(delivery=number, address=f"p{number}@exemple.fr", message_id=f"<{number}@exemple.fr>")
        for number in range(first, first + count)
    ]


def send(transport: SMTPTransport, batch: list[Any]) -> tuple[list[Outcome], bool]:
    """(outcomes, whether the transport went away)."""
    found: list[Outcome] = []
    try:
        for outcome in transport.send(make_compiled(), batch):
            found.append(outcome)
    except TransportAwayError:
        return found, True
    finally:
        transport.close()
    return found, False


def results(outcomes: list[Outcome]) -> list[tuple[int, str]]:
    return [(each.delivery, str(each.result)) for each in outcomes]


def test_each_copy_arrives_once_and_whole():
    sink = Sink()
    with running(sink) as port:
        found, away = send(transport_to(port), copies(25))
    assert not away
    assert results(found) == [(number, "accepted") for number in range(1, 26)]
    assert sink.received == {f"p{number}@exemple.fr": 1 for number in range(1, 26)}
    sender, recipient, data = sink.messages[0]
    assert sender == "ne-pas-repondre@exemple.fr"
    # aiosmtpd takes the doubled dots out again: what it kept is what we made.
    assert data == make_compiled().render(
        make_copy(delivery=1, address=recipient, message_id="<1@exemple.fr>"), _date(data)
    )
    text, _ = parts(data)
    assert ".Une ligne qui commence par un point" in text


def _date(data: bytes) -> int:
    return int(parsedate_to_datetime(message_from_bytes(data)["Date"]).timestamp())


def test_a_connection_serves_batch_after_batch():
    sink = Sink()
    with running(sink) as port:
        transport = transport_to(port)
        letter = make_compiled()
        for first in (1, 11, 21):
            assert len(list(transport.send(letter, copies(10, first)))) == 10
        transport.close()
    assert sum(sink.received.values()) == 30


def test_refused_addresses_keep_no_other_waiting():
    answers = {"p2@exemple.fr": "550 5.1.1 <p2@exemple.fr> unknown", "p3@exemple.fr": "451 4.3.2 come back"}
    sink = Sink(answers.get)
    with running(sink) as port:
        found, away = send(transport_to(port), copies(5))
    assert not away
    assert results(found) == [(1, "accepted"), (2, "failed"), (3, "retry"), (4, "accepted"), (5, "accepted")]
    assert (found[1].code, found[2].code) == ("550 5.1.1", "451 4.3.2")
    assert "@" not in found[1].detail, "what a server says is kept without addresses"
    assert set(sink.received) == {"p1@exemple.fr", "p4@exemple.fr", "p5@exemple.fr"}


def test_nobody_there():
    with scripted() as port:
        pass
    assert send(transport_to(port), copies(2)) == ([], True)


# --- Servers that follow a script: what each line does is what some real one was seen to do. ------------------------
def greet(file: Any, *extensions: str) -> None:
    file.write(b"220 ici\r\n")
    file.readline()
    lines = ["ici", *extensions]
    for number, line in enumerate(lines):
        file.write(f"250{' ' if number == len(lines) - 1 else '-'}{line}\r\n".encode())


def take_envelope(file: Any) -> None:
    for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
        file.readline()
        file.write(answer)


def take_data(file: Any) -> None:
    while file.readline() not in (b".\r\n", b""):
        pass


def polite(file: Any, extensions: tuple[str, ...] = (), count: int = 100) -> None:
    greet(file, *extensions)
    for _ in range(count):
        line = file.readline()
        if not line or line.upper().startswith(b"QUIT"):
            return
        file.write(b"250 ok\r\n")
        file.readline()
        file.write(b"250 ok\r\n")
        file.readline()
        file.write(b"354 go\r\n")
        take_data(file)
        file.write(b"250 taken\r\n")


def test_a_server_without_pipelining():
    with scripted(polite) as port:
        found, away = send(transport_to(port), copies(4))
    assert (results(found), away) == ([(number, "accepted") for number in range(1, 5)], False)


def test_closed_before_data_is_tried_again_elsewhere():
    """A server that restarts between two messages: nothing is lost, nothing is uncertain."""

    def one_message_then_gone(file: Any) -> None:
        greet(file, "PIPELINING")
        take_envelope(file)
        take_data(file)
        file.write(b"250 taken\r\n")

    with scripted(one_message_then_gone, polite) as port:
        found, away = send(transport_to(port), copies(3))
    assert (results(found), away) == ([(1, "accepted"), (2, "accepted"), (3, "accepted")], False)


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)])
def test_closed_after_the_dot_is_uncertain(extensions: tuple[str, ...]):
    def takes_without_a_word(file: Any) -> None:
        greet(file, *extensions)
        take_envelope(file)
        take_data(file)

    with scripted(takes_without_a_word, polite) as port:
        found, away = send(transport_to(port), copies(3))
    assert results(found) == [(1, "unknown")]
    assert away, "the others were not handed over: they wait"


def test_closed_in_the_middle_of_the_message():
    """The whole message was given to the socket: whether the server read its end, nobody can say."""

    def closes_mid_data(file: Any) -> None:
        greet(file, "PIPELINING")
        take_envelope(file)
        file.readline()

    with scripted(closes_mid_data) as port:
        found, away = send(transport_to(port), copies(2))
    assert (results(found), away) == ([(1, "unknown")], True)


def test_no_answer_after_the_dot(monkeypatch):
    monkeypatch.setattr("newsletters.sending.smtp.ANSWER_TIMEOUT", 0.3)
    gone = threading.Event()

    def silent(file: Any) -> None:
        greet(file, "PIPELINING")
        take_envelope(file)
        take_data(file)
        gone.wait(5)

    with scripted(silent) as port:
        found, away = send(transport_to(port, timeout=0.3), copies(2))
        gone.set()
    assert (results(found), away) == ([(1, "unknown")], True)


def test_the_server_says_that_it_closes():
    """421 in the place of an answer: the message was not taken, and comes again on another connection."""

    def closing(file: Any) -> None:
        greet(file, "PIPELINING")
        take_envelope(file)
        take_data(file)
        file.write(b"421 4.3.2 bye\r\n")

    with scripted(closing, polite) as port:
        found, away = send(transport_to(port), copies(2))
    assert (results(found), away) == ([(1, "accepted"), (2, "accepted")], False)


def test_refused_after_the_data():
    def refuses(file: Any) -> None:
        greet(file)
        take_envelope(file)
        take_data(file)
        file.write(b"554 5.7.1 no\r\n")
        take_envelope(file)
        take_data(file)
        file.write(b"452 4.2.2 full\r\n")

    with scripted(refuses) as port:
        found, _ = send(transport_to(port), copies(2))
    assert results(found) == [(1, "failed"), (2, "retry")]


def test_data_taken_without_a_recipient_is_ended_empty():
    """RFC 2920, 3.1: a server may answer 354 though the only recipient was refused."""
    seen: list[bytes] = []

    def odd(file: Any) -> None:
        greet(file, "PIPELINING")
        for answer in (b"250 ok\r\n", b"550 5.1.1 no\r\n", b"354 go\r\n"):
            file.readline()
            file.write(answer)
        seen.append(file.readline())
        file.write(b"554 no recipients\r\n")
        seen.append(file.readline())
        file.write(b"250 reset\r\n")
        take_envelope(file)
        take_data(file)
        file.write(b"250 taken\r\n")

    with scripted(odd) as port:
        found, _ = send(transport_to(port), copies(2))
    assert seen == [b".\r\n", b"RSET\r\n"]
    assert results(found) == [(1, "failed"), (2, "accepted")]


def test_what_is_not_smtp():
    def web(file: Any) -> None:
        file.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with scripted(web, web, web) as port:
        assert send(transport_to(port), copies(1)) == ([], True)


def test_left_in_the_middle_nothing_more_is_sent():
    sink = Sink()
    with running(sink) as port:
        transport = transport_to(port)
        answers = iter(transport.send(make_compiled(), copies(5)))
        assert next(answers).delivery == 1
        answers.close()  # type: ignore[attr-defined]
        assert next(iter(transport.send(make_compiled(), copies(1, 9)))).result == Result.ACCEPTED
        transport.close()
    assert set(sink.received) == {"p1@exemple.fr", "p9@exemple.fr"}

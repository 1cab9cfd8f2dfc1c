"""What strangers may send to the mailbox of returns: nothing stops the reading, nothing excludes who did no wrong."""

from __future__ import annotations

import datetime as dt
import ipaddress
import signal
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from newsletters.bounces.classify import classify
from newsletters.bounces.mailbox import MailboxError, read_mailbox
from newsletters.bounces.receive import receive
from newsletters.bounces.report import MOST_BYTES
from newsletters.bounces.verp import return_path
from newsletters.enums import EventKind
from newsletters.models import DeliveryEvent

from .corpus import standard
from .servers import Imap, Mailbox, Pop, serving
from .test_receive import copy as copy
from .test_receive import data_of

HEAD = b"From: MAILER-DAEMON@mx.exemple.net\r\nSubject: Undelivered Mail\r\n"
STATUS = (
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.fr\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; "
)
TOKEN = b"a" * 45
NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000))
HOSTILE = {
    "dashes": HEAD + b"\r\n" + b"-" * MOST_BYTES,
    "no space": HEAD + b"\r\n" + b"x" * (MOST_BYTES - 200) + b"\r\nReceived: x\r\n",
    "diagnostic": HEAD + STATUS + b"x" * MOST_BYTES,
    "many tokens": b"To: a+" + (TOKEN + b"@+") * 20_000 + b"\r\n" + HEAD + b"\r\nx",
    "messages in messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000,
    "parts in parts": HEAD + NESTED,
}


@pytest.fixture
def limit() -> Iterator[None]:
    """Ten seconds: a search that takes time by the square of what strangers write takes hours."""

    def late(*args: object) -> None:
        raise TimeoutError("the reading of a message took more than ten seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 10)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_no_message_stops_the_reading(limit, name):
    receive(HOSTILE[name])
    assert not DeliveryEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("is_signed", [True, False])
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"", b"550 5.1.1 user unknown\x00"),
        (b"", b"550 5.1.1 user unknown\r\nMessage-ID: <a\x00b@exemple.fr>"),
        (b"Content-Type: text/plain; charset=unicode_escape\r\n", b"550 5.1.1 user unknown \\ud800"),
        (b"Content-Type: text/plain; charset*=a\x00b'fr'utf-8\r\n", b"550 5.1.1 user unknown"),
        (b"X-Failed-Recipients: \x00\r\n", b"550 5.1.1 user unknown"),
    ],
)
def test_what_a_database_does_not_take_is_left_out(copy, headers, body, is_signed):
    to = return_path(copy.pk, copy.subscription_id) if is_signed else "autre@exemple.fr"
    receive(b"To: " + to.encode() + b"\r\n" + HEAD + headers + b"\r\n" + body)
    assert DeliveryEvent.objects.count() == int(is_signed)


@pytest.mark.parametrize(
    "said",
    [
        "550 sender domain does not exist",
        "550-Verification failed for <lettre@exemple.fr>\n550-550 No such user here\n550 Sender verify failed",
        "553 sorry, your envelope sender domain must exist: domain not found",
        "550 Your host name was not found in reverse DNS",
        "550 HELO: host unknown",
        "550 The mailbox no longer accepts mail from your network",
        "550 user account disabled for this sender",
        "550 Invalid address in From header",
        "554 5.6.0 address header invalid",
        "501 5.1.7 invalid address",
        "553 5.1.8 domain does not exist",
    ],
)
def test_a_refusal_of_the_sender_is_not_the_persons(said):
    assert classify("", said)[0] == EventKind.REJECTED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "scheme"), [(Imap, "imaps"), (Pop, "pop3s")])
def test_the_password_goes_to_a_server_that_is_vouched_for_only(copy, settings, monkeypatch, certificate, kind, scheme):
    box = Mailbox({1: data_of(standard.CASES[0], copy)})
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serving(kind, box, tls) as port:
        settings.BOUNCE_MAILBOX_URL = f"{scheme}://rebonds:secret@127.0.0.1:{port}"
        with pytest.raises(MailboxError, match="SSLCertVerificationError"):
            read_mailbox()
        assert (box.read, len(box.messages)) == (0, 1)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert read_mailbox() == {"noted": 1}
    assert box.messages == {}

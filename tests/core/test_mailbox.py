"""The demonstration's mailbox: real messages, in DEBUG only."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEBUG = True
    settings.MAIL_DIR = tmp_path / "mail"
    settings.ROOT_URLCONF = "tests.core.debug_urls"
    return settings.MAIL_DIR


def send(subject="Bienvenue à tous", html="<p>Bonjour <b>vous</b></p><script>alert(1)</script>"):
    message = EmailMultiAlternatives(subject, "Bonjour vous", "portail@exemple.fr", ["a@exemple.fr"])
    if html:
        message.attach_alternative(html, "text/html")
    assert get_connection("portal.core.mail.FolderBackend").send_messages([message]) == 1


def test_a_message_is_listed_and_read(client, folder):
    send()
    name = next(folder.glob("*.eml")).stem
    listed = client.get("/courrier/").content.decode()
    assert "Bienvenue à tous" in listed
    assert f"/courrier/{name}/" in listed
    read = client.get(f"/courrier/{name}/").content.decode()
    assert "Bonjour vous" in read
    assert 'sandbox="allow-popups"' in read
    assert "alert(1)" not in read


def test_the_html_part_can_run_nothing(client, folder):
    send()
    response = client.get(f"/courrier/{next(folder.glob('*.eml')).stem}/html/")
    assert "Bonjour <b>vous</b>" in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_an_empty_mailbox_says_so(client, folder):
    assert "Aucun message" in client.get("/courrier/").content.decode()


def test_a_message_without_html_or_subject_is_read(client, folder):
    send(subject="", html="")
    name = next(folder.glob("*.eml")).stem
    assert "(sans objet)" in client.get(f"/courrier/{name}/").content.decode()


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "0" * 20, "zz", "%00"])
def test_no_other_file_is_read(client, folder, name):
    folder.parent.joinpath("secret.eml").write_text("Subject: secret\n\nsecret")
    assert client.get(f"/courrier/{name}/").status_code == 404


def test_there_is_no_mailbox_without_debug(client, folder, settings):
    send()
    settings.DEBUG = False
    assert client.get("/courrier/").status_code == 404


@pytest.mark.parametrize(
    ("header", "shown"),
    [("Date: Sun, 22 Nov 2026 20:16:02 -0000\n", "22 novembre 2026 à 21:16"), ("", "a@exemple.fr, ")],
)
def test_the_date_is_said_in_french_and_may_be_missing(client, folder, header, shown):
    folder.mkdir(parents=True)
    (folder / "20261122-2016.eml").write_text(f"{header}From: p@exemple.fr\nTo: a@exemple.fr\nSubject: x\n\nBonjour")
    for address in ("/courrier/", "/courrier/20261122-2016/"):
        assert client.get(address).status_code == 200
    assert shown in client.get("/courrier/20261122-2016/").content.decode()

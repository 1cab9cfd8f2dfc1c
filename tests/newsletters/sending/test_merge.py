"""A copy is a message that others can read: parsed by the standard library, checked line by line."""

from __future__ import annotations

import html as entities
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletters.enums import Visibility
from newsletters.models import MailingList
from newsletters.sending import marks, tokens
from newsletters.sending.merge import CompiledLetter, Copy, Source, base36
from newsletters.sending.mime import MAX_LINE
from newsletters.sending.tokens import Purpose, Ref

from .letters import LINKS, SUBJECT, TEXT, make_html

NOW = 1_780_000_000


def make_list(**fields: object) -> MailingList:
    defaults = {"pk": 7, "name": "La lettre : « Landes »", "slug": "lettre-landes", "reply_to": "equipe@exemple.fr"}
    return MailingList(**defaults | fields)


def make_compiled(
    one: MailingList | None = None, *, subject: str = SUBJECT, text: str = TEXT, html: str = ""
) -> CompiledLetter:
    return CompiledLetter(Source("c" * 16, subject, html or make_html(), text, LINKS), {7: one or make_list()})


def make_copy(**fields: object) -> Copy:
    values = {"nom": "Zoé Noël", "organisation": "Mairie <A & B>", "territoire": "Landes", "liste": "La lettre"}
    defaults = {
        "delivery": 41,
        "subscription": 12,
        "address": "zoe@exemple.fr",
        "list_id": 7,
        "message_id": "<abc@exemple.fr>",
        "values": values,
    }
    return Copy(**defaults | fields)


def parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def parts(data: bytes) -> tuple[str, str]:
    """(text, html) as mail software decodes them."""
    text, html = parsed(data).iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def check_lines(data: bytes) -> None:
    """RFC 5322, 2.1.1 and 2.3: CRLF alone ends lines, none is longer than 998, none begins with a bare dot."""
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert not any(line.startswith(b".") for line in lines)
    assert data.isascii()


def test_the_headers_of_a_copy():
    data = make_compiled().render(make_copy(), NOW)
    check_lines(data)
    message = parsed(data)
    leave = f"http://testserver/lettres/quitter/{tokens.make(Purpose.UNSUBSCRIBE, 12, 41)}/"
    assert {name: message[name] for name in message if name not in ("Date", "Content-Type", "From")} == {
        "MIME-Version": "1.0",
        "Subject": SUBJECT,
        "List-Id": "La lettre : « Landes » <lettre-landes.listes.testserver>",
        "List-Help": "<http://testserver/lettres/abonnement/>",
        "List-Owner": "<mailto:equipe@exemple.fr>",
        "List-Post": "NO",
        "Precedence": "bulk",
        "Feedback-ID": f"{'c' * 16}:7:lettre:testserver",
        "Content-Language": "fr",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Subscribe": "<http://testserver/lettres/abonnement/?liste=lettre-landes>",
        "List-Archive": "<http://testserver/lettres/liste/lettre-landes/>",
        "Reply-To": "equipe@exemple.fr",
        "To": "zoe@exemple.fr",
        "Message-ID": "<abc@exemple.fr>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    [sender] = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("La lettre : « Landes »", "ne-pas-repondre@exemple.fr")
    assert message["Date"].datetime.timestamp() == NOW


def test_both_ways_out_where_mail_can_come_back(settings):
    settings.BOUNCE_ADDRESS = "rebonds@exemple.fr"
    settings.UNSUBSCRIBE_ADDRESS = "quitter@exemple.fr"
    data = make_compiled().render(make_copy(), NOW)
    check_lines(data)
    https, mailto = parsed(data)["List-Unsubscribe"].split(", ")
    assert https.startswith("<http://testserver/lettres/quitter/")
    local = re.fullmatch(r"<mailto:[a-z]+\+([a-z2-7]+)@exemple\.fr\?subject=desabonnement>", mailto)
    assert local is not None
    assert tokens.read_local(Purpose.UNSUBSCRIBE, local[1]) == Ref(12, 41)


def test_a_private_list_says_nothing_of_archives():
    message = parsed(make_compiled(make_list(visibility=Visibility.PRIVATE)).render(make_copy(), NOW))
    assert message["List-Archive"] is None
    assert message["List-Subscribe"] is None


def test_the_words_of_the_person_are_escaped_where_they_stand():
    text, html = parts(make_compiled().render(make_copy(), NOW))
    assert text.startswith("Bonjour Zoé Noël,\n\n.Une ligne qui commence par un point\n")
    assert "Vous recevez « La lettre »." in text
    assert "<p>Bonjour Zo&#233; No&#235;l, de Mairie &lt;A &amp; B&gt;.</p>" in html
    assert f'href="http://testserver/l/{base36(102)}/{tokens.make(Purpose.CLICK, 12, 41)}/"' in html
    assert f"http://testserver/l/{base36(101)}/{tokens.make(Purpose.CLICK, 12, 41)}/\n" in text
    assert f'href="http://testserver/lettres/preferences/{tokens.make(Purpose.PREFERENCES, 12, 41)}/"' in html
    assert marks.START not in text + html


def test_what_is_missing_has_its_default():
    text, html = parts(make_compiled().render(make_copy(values={}), NOW))
    assert text.startswith("Bonjour à vous,\n")
    assert "<p>Bonjour &#224; vous, de .</p>" in html


def test_the_picture_is_for_who_agreed():
    _, without = parts(make_compiled().render(make_copy(), NOW))
    _, with_it = parts(make_compiled().render(make_copy(tracking=True), NOW))
    assert "<img" not in without
    assert f'<img src="http://testserver/o/{tokens.make(Purpose.OPEN, 12, 41)}.gif"' in with_it


def test_a_subject_with_a_name():
    compiled = make_compiled(subject=f"{marks.variable('nom', 'Vous')} : c’est l’été")
    assert parsed(compiled.render(make_copy(), NOW))["Subject"] == "Zoé Noël : c’est l’été"
    assert parsed(compiled.render(make_copy(values={}), NOW))["Subject"] == "Vous : c’est l’été"


def test_filling_gives_the_same_words_as_rendering():
    compiled, copy = make_compiled(), make_copy(tracking=True)
    filled = compiled.fill(copy)
    text, html = parts(compiled.render(copy, NOW))
    assert filled.subject == SUBJECT
    assert filled.text.strip() == text.strip()
    assert "".join(entities.unescape(filled.html).split()) == "".join(entities.unescape(html).split())


@given(
    name=st.text(max_size=150),
    organisation=st.text(alphabet=".=\r\n\x00<>\"'&é\u2028 a", max_size=200),
    address=st.from_regex(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,60}@[a-z]{1,20}\.fr", fullmatch=True),
)
def test_no_word_breaks_the_message(name: str, organisation: str, address: str):
    """Header injection, dots, line ends, long words: the message stays what it is."""
    compiled = make_compiled(subject=f"Pour {marks.variable('nom')} :")
    data = compiled.render(
        make_copy(address=address, values={"nom": name, "organisation": organisation, "liste": name}), NOW
    )
    check_lines(data)
    message = parsed(data)
    assert len(message.keys()) == 20
    assert message["Message-ID"] == "<abc@exemple.fr>"
    text, html = parts(data)
    assert text.count("Se désabonner : http") == 1
    assert html.count("<p>") == 2
    quoted = data.split(b"quoted-printable\r\n\r\n")[1].split(b"\r\n--=_")[0]
    assert max(map(len, quoted.split(b"\r\n"))) <= MAX_LINE


@given(text=st.text(max_size=400), html=st.text(max_size=2000))
def test_any_letter_is_encoded_within_its_lines(text: str, html: str):
    text, html = marks.strip_marks(text), marks.strip_marks(html).replace("\x00", "")
    data = make_compiled(text=text or " ", html=html + " " + "mot " * 400).render(make_copy(), NOW)
    lines = data.split(b"\r\n")
    assert not any(b"\n" in line or line.startswith(b".") for line in lines)
    decoded, _ = parts(data)
    assert decoded.rstrip("\n") == (text or " ").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def test_tokens_are_bound_to_their_purpose_and_whole():
    token = tokens.make(Purpose.CLICK, 12, 41)
    assert len(token) == 38
    assert tokens.read(Purpose.CLICK, token) == Ref(12, 41)
    for forged in (token[:-1], token + "A", "B" + token[1:], "", "é" * 38, token.swapcase()):
        with pytest.raises(tokens.BadTokenError):
            tokens.read(Purpose.CLICK, forged)
    with pytest.raises(tokens.BadTokenError):
        tokens.read(Purpose.UNSUBSCRIBE, token)
    local = tokens.make_local(Purpose.BOUNCE, 12, 41)
    assert tokens.read_local(Purpose.BOUNCE, local.upper()) == Ref(12, 41)
    with pytest.raises(tokens.BadTokenError):
        tokens.read_local(Purpose.BOUNCE, local[:-2])


@given(st.text(max_size=60))
def test_any_token_is_read_or_refused(token: str):
    for read in (tokens.read, tokens.read_local):
        try:
            read(Purpose.CLICK, token)
        except tokens.BadTokenError:
            continue

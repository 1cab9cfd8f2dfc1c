from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from newsletters.models import MailingList
from newsletters.sending.esp import ProviderTransport
from newsletters.sending.merge import CompiledLetter, Copy, Source
from tests.newsletters.fake_provider import FakeProvider, anymail_settings, running
from tests.newsletters.sending.letters import LINKS, SUBJECT, TEXT, make_html


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running(FakeProvider()) as one:
        yield one


@pytest.fixture
def transport(provider: FakeProvider, settings: Any) -> Iterator[Callable[..., ProviderTransport]]:
    """``transport("brevo")``: to the fake provider, over real HTTP."""
    made: list[ProviderTransport] = []

    def make(name: str, **more: Any) -> ProviderTransport:
        settings.EMAIL_PROVIDER = name
        settings.ANYMAIL = anymail_settings(provider.port, **more)
        made.append(ProviderTransport())
        return made[-1]

    yield make
    for one in made:
        one.close()


def make_lists() -> dict[int, MailingList]:
    return {
        5: MailingList(pk=5, name="Lettre des Landes « 40 »", slug="landes", visibility="public"),
        6: MailingList(pk=6, name="Médiateurs", slug="mediateurs", visibility="private", reply_to="equipe@exemple.fr"),
    }


def make_compiled(**fields: Any) -> CompiledLetter:
    values: dict[str, Any] = {
        "key": "campagne1", "subject": SUBJECT, "html": make_html(), "text": TEXT, "links": LINKS
    }  # fmt: skip
    return CompiledLetter(Source(**values | fields), make_lists())


def make_copy(number: int, **fields: Any) -> Copy:
    values: dict[str, Any] = {
        "delivery": 1000 + number,
        "subscription": 2000 + number,
        "address": f"p{number}@exemple.fr",
        "list_id": 5,
        "message_id": f"<message{number}@portail.exemple.fr>",
        "values": {"nom": f"Zoé <{number}> & d’Artagnan", "organisation": "", "territoire": "", "liste": "Lettre"},
        "tracking": number % 2 == 0,
    }
    return Copy(**values | fields)

from __future__ import annotations

import re

import pytest

from newsletters.models import MailingList


@pytest.fixture
def landes_list(landes_space, landes):
    return MailingList.objects.get(territory=landes)


@pytest.fixture
def link():
    """The path of the first link of that kind in a message's text."""

    def link(message, name):
        return re.search(rf"https?://[^/\s]+(/lettres/{name}/\S+)", message.body).group(1)

    return link

"""The screens of who deposits take as many queries for three things as for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dossiers.enums import State
from dossiers.exchange import messages
from tests.dossiers.factories import Party, field, make_dossier, make_draft, make_party, make_type

NUMBERS = pytest.mark.parametrize("number", [1, 3])


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


@pytest.fixture
def client(party: Party) -> Client:
    client = Client()
    client.force_login(party.depositor)
    return client


def ask(client: Client, address: str, queries: int, count: DjangoAssertNumQueries) -> str:
    client.get(address)  # Content types and sites are cached for the process.
    with count(queries):
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@NUMBERS
def test_the_list(party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for rank in range(number):
        dossier = make_dossier(party, State.INSTRUCTION, make_type(), values={"nom": f"Projet {rank}"})
        messages.post_message(dossier=dossier, actor=party.instructor, body="Bonjour")
    page = ask(client, "/dossiers/", 12, django_assert_num_queries)
    assert all(f"Projet {rank}" in page for rank in range(number))


@NUMBERS
def test_types(party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    types = [make_type() for _ in range(number)]
    page = ask(client, "/dossiers/types/", 9, django_assert_num_queries)
    assert all(each.title in page for each in types)
    ask(client, f"/dossiers/types/{types[0].code}/", 13, django_assert_num_queries)


@NUMBERS
def test_a_dossier(
    party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fields = [field(f"champ-{rank}", "texte") for rank in range(number)]
    values = {each["key"]: f"Réponse {each['key']}" for each in fields}
    dossier = make_dossier(party, State.INSTRUCTION, make_type(fields), values=values)
    for rank in range(number):
        messages.post_message(dossier=dossier, actor=party.instructor, body=f"Message {rank}")
    page = ask(client, f"/dossiers/{dossier.pk}/", 20, django_assert_num_queries)
    assert all(f"Réponse champ-{rank}" in page for rank in range(number))


@NUMBERS
def test_a_form(party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fields = [field(f"champ-{rank}", "texte") for rank in range(number)]
    draft = make_draft(party, make_type(fields))
    page = ask(client, f"/dossiers/{draft.pk}/formulaire/", 11, django_assert_num_queries)
    assert all(f"Champ-{rank}" in page for rank in range(number))

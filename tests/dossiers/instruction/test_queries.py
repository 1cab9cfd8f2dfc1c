"""The screens of who instructs take as many queries for three things as for one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dossiers.enums import BatchAct, State
from dossiers.exchange import messages
from dossiers.models import Absence, Batch, BatchItem, Label, SavedView
from tests.dossiers.factories import Party, field, make_dossier, make_party, make_type
from tests.factories import make_user

NUMBERS = pytest.mark.parametrize("number", [1, 3])


@pytest.fixture
def party(landes_space: Any) -> Party:
    return make_party()


@pytest.fixture
def client(party: Party) -> Client:
    client = Client()
    client.force_login(party.instructor)
    return client


def ask(client: Client, address: str, queries: int, count: DjangoAssertNumQueries) -> str:
    client.get(address)  # Content types and sites are cached for the process.
    with count(queries):
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@NUMBERS
def test_a_dossier(
    party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fields = [field(f"champ-{rank}", "texte") for rank in range(number)]
    values = {each["key"]: f"Réponse {each['key']}" for each in fields}
    dossier = make_dossier(party, State.INSTRUCTION, make_type(fields), values=values)
    for rank in range(number):
        dossier.labels.add(Label.objects.create(territory=party.territory, name=f"Étiquette {rank}"))
        messages.post_message(dossier=dossier, actor=party.depositor, body=f"Message {rank}")
    page = ask(client, f"/instruction/{dossier.pk}/", 27, django_assert_num_queries)
    assert all(f"Réponse champ-{rank}" in page and f"Étiquette {rank}" in page for rank in range(number))


@NUMBERS
def test_labels(party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dossier = make_dossier(party, State.INSTRUCTION)
    for rank in range(number):
        dossier.labels.add(Label.objects.create(territory=party.territory, name=f"Étiquette {rank}"))
    page = ask(client, "/instruction/etiquettes/", 11, django_assert_num_queries)
    assert all(f"Étiquette {rank}" in page for rank in range(number))
    ask(client, f"/instruction/{dossier.pk}/etiquettes/", 15, django_assert_num_queries)


@NUMBERS
def test_absences(party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    today = timezone.localdate()
    for rank in range(number):
        substitute = make_user(first_name="Remplaçante", last_name=f"Numéro {rank}")
        day = today + timedelta(days=10 * rank)
        Absence.objects.create(user=party.instructor, substitute=substitute, starts_on=day, ends_on=day)
    page = ask(client, "/instruction/absences/", 13, django_assert_num_queries)
    assert all(f"Numéro {rank}" in page for rank in range(number))


@NUMBERS
def test_saved_views(
    party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_dossier(party)
    for rank in range(number):
        SavedView.objects.create(user=party.instructor, name=f"Vue {rank}", filters={"etat": "ouverts"})
    for address, queries in (("/instruction/vues/?etat=ouverts", 15), ("/instruction/?etat=ouverts", 19)):
        page = ask(client, address, queries, django_assert_num_queries)
        assert all(f"Vue {rank}" in page for rank in range(number))


@NUMBERS
def test_a_batch(party: Party, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    now = timezone.now()
    batch = Batch.objects.create(
        requested_by=party.instructor, key=uuid.uuid4().hex, act=BatchAct.TAKE, finished_at=now
    )
    type_ = make_type()
    dossiers = [make_dossier(party, type_=type_, values={"nom": f"Projet {rank}"}) for rank in range(number)]
    for rank, dossier in enumerate(dossiers):
        BatchItem.objects.create(batch=batch, position=rank + 1, dossier=dossier, version=1, done_at=now)
    page = ask(client, f"/instruction/lots/{batch.pk}/", 12, django_assert_num_queries)
    assert all(f"Projet {rank}" in page for rank in range(number))
    chosen = "&".join(f"d={each.pk}:{each.version}" for each in dossiers)
    ask(client, f"/instruction/lots/?acte={BatchAct.TAKE}&{chosen}", 11, django_assert_num_queries)

"""Enveloppes, rules of territories and national axes in the administration."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import DossierType, Envelope, NationalAxis, TerritoryRule
from portal.territories.models import Territory
from tests.dossiers.factories import make_type
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Client:
    client = Client()
    client.force_login(make_member("admin_national", Territory.objects.nation()))
    return client


def landes() -> Territory:
    return Territory.objects.get(level="departement", code="40")


def make_envelope(type_: DossierType, **fields: Any) -> Envelope:
    return Envelope.objects.create(type=type_, territory=landes(), year=2026, **fields)


def edit(envelope: Envelope) -> str:
    return reverse("dossiers_envelope_modeladmin_edit", args=[envelope.pk])


def test_an_envelope_is_opened_for_a_departement(national) -> None:
    type_, address = make_type(), reverse("dossiers_envelope_modeladmin_create")
    data = {"type": type_.pk, "territory": "departement-40", "year": "2026", "ceiling": "100000"}
    assert national.post(address, data).status_code == 302
    made = Envelope.objects.get()
    assert (made.territory, made.ceiling, made.committed) == (landes(), Decimal(100000), 0)
    assert "year" in national.post(address, data | {"year": "3"}).context["form"].errors
    # The same one twice.
    assert national.post(address, data).context["form"].errors
    assert Envelope.objects.count() == 1


def test_a_ceiling_is_never_below_what_is_granted(national) -> None:
    made = make_envelope(make_type(), ceiling=1000, committed=600)
    answer = national.post(edit(made), {"ceiling": "500", "committed": "0"})
    assert "déjà accordés" in str(answer.context["form"].errors["ceiling"])
    other = make_type()
    posted = {"ceiling": "700", "committed": "0", "type": other.pk, "territory": "departement-32", "year": "2030"}
    assert national.post(edit(made), posted).status_code == 302
    made.refresh_from_db()
    assert (made.ceiling, made.committed, made.year, made.territory) == (700, 600, 2026, landes())
    assert made.type != other


def test_rules_are_those_of_departements(national) -> None:
    type_, address = make_type(), reverse("dossiers_territoryrule_modeladmin_create")
    data = {"type": type_.pk, "territory": "departement-40", "min_shared_axes": "2"}
    refused = national.post(address, data | {"territory": "region-75"})
    assert "Choisissez un département" in str(refused.context["form"].errors["territory"])
    assert national.post(address, data).status_code == 302
    rule = TerritoryRule.objects.get()
    assert (rule.territory, rule.min_shared_axes) == (landes(), 2)
    national.post(reverse("dossiers_territoryrule_modeladmin_delete", args=[rule.pk]))
    assert not TerritoryRule.objects.exists()


def test_national_axes_are_edited(national) -> None:
    address = reverse("dossiers_nationalaxis_modeladmin_create")
    assert national.post(address, {"title": "Former", "order": "1"}).status_code == 302
    assert "title" in national.post(address, {"title": "Former", "order": "2"}).context["form"].errors
    made = NationalAxis.objects.get(title="Former")
    national.post(reverse("dossiers_nationalaxis_modeladmin_edit", args=[made.pk]), {"title": "Équiper", "order": "3"})
    made.refresh_from_db()
    assert (made.title, made.order) == ("Équiper", 3)


@pytest.mark.parametrize("model", ["dossiertype", "envelope", "territoryrule", "nationalaxis"])
def test_lists_ask_as_much_for_one_row_as_for_three(model, national) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def more(number: int) -> None:
        type_ = make_type()
        make_envelope(type_, ceiling=10)
        TerritoryRule.objects.create(type=type_, territory=landes(), min_shared_axes=1)
        NationalAxis.objects.create(title=f"Axe {number}")

    address = reverse(f"dossiers_{model}_modeladmin_index")
    more(1)
    national.get(address)
    with CaptureQueriesContext(connection) as one:
        national.get(address)
    more(2)
    more(3)
    with CaptureQueriesContext(connection) as three:
        assert national.get(address).status_code == 200
    assert len(one) == len(three)

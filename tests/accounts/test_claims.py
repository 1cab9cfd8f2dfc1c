"""Organisations that people typed: who may confirm them, and what follows."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Profile
from portal.accounts.profile.claims import ClaimError, join_claim, make_claimed
from portal.territories.models import Territory
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db


def claim(place, name="Le Nouveau Bus", siret=""):
    user = make_user(territory=place)
    return Profile.objects.create(user=user, organisation_name=name, organisation_siret=siret)


@pytest.fixture
def editor(client, landes):
    user = make_member(Role.EDITOR, landes)
    client.force_login(user)
    return user


def settle(client, claim, action, **data):
    return client.post(reverse("organisation-claims"), {"profil": claim.pk, "action": action} | data)


def test_one_is_made_for_all_who_typed_it_within_reach(client, editor, landes):
    dax = Territory.objects.get(level="commune", code="40088")
    mine, same = claim(landes), claim(dax, "le nouveau bus")
    far = claim(Territory.objects.get(level="commune", code="84007"))
    html = client.get(reverse("organisation-claims")).content.decode()
    assert html.count("Indiquée par") == 2
    settle(client, mine, "make", nature="roi")
    assert not Organisation.objects.exists()
    settle(client, mine, "make", nature="association")
    made = Organisation.objects.get()
    assert (made.name, made.territory) == ("Le Nouveau Bus", landes)
    for each, expected in ((mine, made), (same, made), (far, None)):
        each.refresh_from_db()
        assert each.organisation == expected
    assert far.organisation_name == "Le Nouveau Bus"
    assert not mine.user.memberships.exists()
    # Settled twice.
    assert settle(client, mine, "make", nature="association").status_code == 404
    with pytest.raises(ClaimError):
        make_claimed(actor=editor, claim=mine, kind="association")


def test_one_is_joined_or_set_aside(client, editor, landes):
    known = Organisation.objects.create(name="Le Bus", kind="association", territory=landes, siret="1" * 14)
    joined, aside = claim(landes), claim(landes, "Moi-même", "1" * 14)
    for typed in ("", "Atlantide"):
        settle(client, joined, "join", organisation=typed)
        joined.refresh_from_db()
        assert joined.organisation is None
    settle(client, joined, "join", organisation="le bus")
    settle(client, aside, "make", nature="association")
    assert Organisation.objects.count() == 1  # Its SIRET is taken.
    settle(client, aside, "aside")
    joined.refresh_from_db()
    aside.refresh_from_db()
    assert (joined.organisation, joined.organisation_name) == (known, "")
    assert (aside.organisation, aside.organisation_name) == (None, "")


def test_out_of_reach_is_not_there(client, editor):
    far = claim(Territory.objects.get(level="commune", code="84007"))
    assert settle(client, far, "aside").status_code == 404
    assert settle(client, far, "aside", profil="x").status_code == 404
    with pytest.raises(ClaimError):
        join_claim(actor=editor, claim=far, organisation=Organisation(name="X"))
    far.refresh_from_db()
    assert far.organisation_name == "Le Nouveau Bus"


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.INSTRUCTOR, Role.SENDER])
def test_it_is_for_those_who_keep_organisations(client, landes, role):
    client.force_login(make_member(role, landes))
    assert client.get(reverse("organisation-claims")).status_code == 403
    assert settle(client, claim(landes), "aside").status_code == 403

"""A person's own data of dossiers: what they have of it, what erasing leaves."""

import pytest
from django.utils import timezone

from dossiers.models import DossierInvitation, Opinion
from dossiers.personal_data import erased, exported
from tests.dossiers.factories import make_dossier, make_party, tomorrow
from tests.security.planting.dossiers import invite_on

pytestmark = pytest.mark.django_db


def test_one_has_what_one_did_and_not_what_others_wrote():
    party = make_party()
    make_dossier(party, "refuse")
    invite_on(party.stranger, make_dossier(party))
    assert [each["Acte"] for each in exported(party.instructor)] == ["Pris en instruction", "Dossier refusé"]
    assert [each["Invitation à"] for each in exported(party.stranger)] == ["modifier"]
    assert list(exported(party.reader)) == []


def test_erasing_takes_addresses_and_invitations_and_leaves_the_proof():
    party = make_party()
    dossier = make_dossier(party, "en_instruction")
    invite_on(party.stranger, dossier)
    invite_on(party.elsewhere, dossier)
    Opinion.objects.create(
        dossier=dossier,
        email=party.stranger.email.upper(),
        question="?",
        due_on=tomorrow(),
        due_at=timezone.now(),
        asked_by=party.instructor,
    )
    erased(party.stranger)
    assert [each.user for each in DossierInvitation.objects.all()] == [party.elsewhere]
    assert Opinion.objects.get().email == ""
    events = list(dossier.events.values_list("actor_label", flat=True))
    erased(party.instructor)
    assert list(dossier.events.values_list("actor_label", flat=True)) == events

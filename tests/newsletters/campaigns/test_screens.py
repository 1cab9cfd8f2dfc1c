"""Who sees which sending, and how little of it: rights by territory and role, on every screen and every POST."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsletters.enums import CampaignState, DeliveryState
from newsletters.models import Campaign, Delivery, LetterSettings, SendingSwitch
from tests.accounts.proofs import prove
from tests.factories import make_member
from tests.newsletters.letters.factories import block
from tests.newsletters.letters.factories import make_letter as write_letter

from .conftest import signed_in
from .factories import make_campaign, make_copy

pytestmark = pytest.mark.django_db
#: The screens of one sending, for its whole team; then those of who sends.
TEAM = ("campaign", "campaign_progress", "campaign_figures", "campaign_letter", "campaign_letter_html",
        "campaign_cancel", "campaign_send_back")  # fmt: skip
SENDERS = ("campaign_unknown",)
INDEXES = ("newsletters_campaign_modeladmin_index", "campaign_choose", "list_statistics", "territory_statistics")
POSTS = ("campaign_act", "campaign_cancel", "campaign_send_back", "campaign_send", "campaign_unknown",
         "campaign_export", "campaign_figures_export", "campaign_change")  # fmt: skip
SECRET = "adresse-plantee"


def letter_with_text(space, **fields):
    letter = write_letter(space, block("text", "<p>Bonjour à toutes et à tous.</p>"), **fields)
    letter.save_revision()
    return letter


@pytest.fixture
def campaign(landes_space):
    one = make_campaign(landes_space, CampaignState.RUNNING, links=1)
    make_copy(one, f"{SECRET}@exemple.fr", state=DeliveryState.UNKNOWN)
    make_copy(one, f"{SECRET}-2@exemple.fr")
    return one


def refused(response) -> bool:
    """403, or led back to the administration's home or to the sign-in."""
    return response.status_code == 403 or (
        response.status_code == 302 and response["Location"].split("?")[0] in ("/admin/", "/admin/login/")
    )


def test_a_territory_s_team_sees_its_sendings_and_no_others(campaign, vaucluse_space):
    theirs = make_campaign(vaucluse_space, CampaignState.RUNNING, subject="Secret du Vaucluse")
    copy = make_copy(theirs, f"{SECRET}-v@exemple.fr", state=DeliveryState.UNKNOWN)
    for role in ("editor", "sender"):
        client = signed_in(make_member(role, campaign.territory))
        for name in TEAM:
            assert client.get(reverse(name, args=[campaign.uuid])).status_code == 200, (role, name)
            assert client.get(reverse(name, args=[theirs.uuid])).status_code == 404, (role, name)
        for name in INDEXES:
            page = client.get(reverse(name))
            assert page.status_code == 200, (role, name)
            assert "Vaucluse" not in page.content.decode(), (role, name)
        assert client.get(reverse("campaign_prepare", args=[theirs.letter_id])).status_code == 404
        assert client.get(reverse("campaign_prepare", args=[campaign.letter_id])).status_code == 200, role
        for name in POSTS:
            body = {"action": "pause", "version": theirs.version, "reason": "x", "when": "now", "envoyer": "1",
                    "copies": [copy.pk], "decision": "sent", "format": "csv"}  # fmt: skip
            answer = client.post(reverse(name, args=[theirs.uuid]), body)
            assert answer.status_code == 404 or (role == "editor" and refused(answer)), (role, name)
    theirs.refresh_from_db()
    assert (theirs.state, theirs.version) == (CampaignState.RUNNING, 1)
    copy.refresh_from_db()
    assert copy.state == DeliveryState.UNKNOWN


def test_who_writes_and_does_not_send_sees_sums_and_no_address(campaign, editor):
    copy = campaign.deliveries.order_by("pk")[0]
    seen = ""
    for name in TEAM:
        seen += editor.get(reverse(name, args=[campaign.uuid])).content.decode()
    for path in (
        reverse("campaign_unknown", args=[campaign.uuid]),
        reverse("campaign_send", args=[campaign.uuid]),
        reverse("campaign_copy", args=[copy.pk]),
        reverse("newsletters_delivery_modeladmin_index"),
        reverse("campaign_emergency"),
    ):
        answer = editor.get(path)
        assert refused(answer), path
        seen += answer.content.decode()
    prove(editor, editor.user)
    export = editor.post(reverse("campaign_export", args=[campaign.uuid]), {"format": "csv"})
    assert refused(export)
    figures = editor.post(reverse("campaign_figures_export", args=[campaign.uuid]), {"format": "csv"})
    assert figures.status_code == 200
    seen += export.content.decode() + figures.content.decode()
    assert SECRET not in seen
    assert "2" in seen
    # Its acts are refused, not its sight.
    for body in ({"action": "pause"}, {"action": "approve"}, {"action": "resume"}, {"action": "unschedule"}):
        editor.post(reverse("campaign_act", args=[campaign.uuid]), body | {"version": 1})
    editor.post(reverse("campaign_cancel", args=[campaign.uuid]), {"version": 1, "reason": "Pour voir"})
    editor.post(reverse("campaign_emergency"), {"reason": "Pour voir", "arreter": "1"})
    campaign.refresh_from_db()
    assert (campaign.state, campaign.version) == (CampaignState.RUNNING, 1)
    assert not SendingSwitch.objects.exclude(stopped_at=None).exists()


@pytest.mark.parametrize("role", ["instructor", "contributor"])
def test_other_roles_see_nothing(campaign, landes, role):
    client = signed_in(make_member(role, landes))
    names = [reverse(name, args=[campaign.uuid]) for name in (*TEAM, *SENDERS)] + [reverse(name) for name in INDEXES]
    for path in names:
        answer = client.get(path)
        assert refused(answer), path
        assert SECRET not in answer.content.decode()
    assert Client().get(names[0]).status_code == 302


def test_rights_flow_down_and_not_up(campaign, nouvelle_aquitaine, landes):
    above = signed_in(make_member("sender", nouvelle_aquitaine))
    assert SECRET in above.get(reverse("campaign_unknown", args=[campaign.uuid])).content.decode()
    Campaign.objects.filter(pk=campaign.pk).update(territory=nouvelle_aquitaine)
    beneath = signed_in(make_member("sender", landes))
    assert beneath.get(reverse("campaign", args=[campaign.uuid])).status_code == 404


def test_the_log_is_that_of_one_s_territories(campaign, sender, vaucluse_space):
    theirs = make_copy(make_campaign(vaucluse_space, subject="Vaucluse caché"), "du-vaucluse@exemple.fr")
    index = reverse("newsletters_delivery_modeladmin_index")
    page = sender.get(index).content.decode()
    assert f"{SECRET}@exemple.fr" in page
    assert "vaucluse" not in page.lower()
    assert "du-vaucluse@" not in sender.get(index, {"q": "du-vaucluse"}).content.decode()
    assert "du-vaucluse" not in sender.get(index, {"envoi": theirs.campaign_id}).content.decode()
    found = sender.get(index, {"q": f"{SECRET}-2", "state": "accepted", "envoi": campaign.pk}).content.decode()
    assert f"{SECRET}-2@exemple.fr" in found
    assert f"{SECRET}@exemple.fr" not in found
    for bad in ("x", "9" * 40, "-1", "é"):
        assert sender.get(index, {"envoi": bad}).status_code in (200, 302)
    assert sender.get(reverse("campaign_copy", args=[theirs.pk])).status_code == 404
    mine = campaign.deliveries.order_by("pk")[0]
    assert mine.message_id.strip("<>") in sender.get(reverse("campaign_copy", args=[mine.pk])).content.decode()


def test_a_person_s_history_is_that_of_one_s_territories(campaign, sender, landes_space, vaucluse_space):
    first = campaign.deliveries.order_by("pk")[0]
    for space, subject in ((landes_space, "Une autre des Landes"), (vaucluse_space, "Une du Vaucluse")):
        other = make_campaign(space, subject=subject)
        copy = make_copy(other)
        Delivery.objects.filter(pk=copy.pk).update(subscriber=first.subscriber, address=first.address)
    page = sender.get(reverse("campaign_copy", args=[first.pk])).content.decode()
    assert "Une autre des Landes" in page
    assert "Vaucluse" not in page


def cost(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)


@pytest.mark.parametrize("name", [*TEAM[:3], *SENDERS])
def test_a_screen_costs_the_same_with_one_copy_three_or_two_hundred(landes_space, sender, name):
    campaign = make_campaign(landes_space, CampaignState.RUNNING, links=1)
    path, costs = reverse(name, args=[campaign.uuid]), []
    for number in (1, 2, 197):
        copies = [
            Delivery(campaign=campaign, list=campaign.lists.get(), address=f"{number}-{n}@exemple.fr",
                     message_id=f"<{number}-{n}>", state=DeliveryState.UNKNOWN, due_at=timezone.now())
            for n in range(number)
        ]  # fmt: skip
        Delivery.objects.bulk_create(copies)
        cost(sender, path)
        costs.append(cost(sender, path))
    assert costs[0] == costs[1] == costs[2]


@pytest.mark.parametrize("name", [*INDEXES, "newsletters_delivery_modeladmin_index"])
def test_a_list_costs_the_same_with_one_sending_or_three(landes_space, sender, name):
    costs = []
    for number in (1, 2):
        for _ in range(number):
            make_copy(make_campaign(landes_space))
        cost(sender, reverse(name))
        costs.append(cost(sender, reverse(name)))
    assert costs[0] == costs[1]


def test_a_sending_in_preparation_says_what_is_missing_and_who_approves(landes_space, editor, landes):
    other = make_member("sender", landes, first_name="Paule", last_name="Approbation")
    campaign = make_campaign(landes_space, CampaignState.DRAFT, letter=letter_with_text(landes_space, preheader=""))
    page = editor.get(reverse("campaign", args=[campaign.uuid])).content.decode()
    assert "Le texte d’aperçu est vide" in page
    assert "Envoyer ou programmer" not in page
    assert str(other) not in page  # Few people: nobody has to approve.
    LetterSettings.objects.create(territory=landes, approval_threshold=0)
    page = editor.get(reverse("campaign", args=[campaign.uuid])).content.decode()
    assert "Paule Approbation" in page
    assert "Demander l’approbation" in page


def test_what_is_wrong_in_the_letter_forbids_to_send_it(landes_space, sender):
    campaign = make_campaign(landes_space, CampaignState.DRAFT)
    page = sender.get(reverse("campaign", args=[campaign.uuid])).content.decode()
    assert "La lettre n’a pas de contenu." in page
    assert "Envoyer ou programmer" not in page


def test_a_letter_has_the_button_of_its_sending(landes_space, editor, landes):
    letter = letter_with_text(landes_space)
    path = reverse("campaign_prepare", args=[letter.pk])
    assert path in editor.get(reverse("wagtailadmin_pages:edit", args=[letter.pk])).content.decode()
    assert path in editor.get(reverse("wagtailadmin_explore", args=[letter.get_parent().pk])).content.decode()

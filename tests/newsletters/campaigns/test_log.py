"""The log of copies as a file; the figures of a sending, of lists and of territories on their screens."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from newsletters.enums import DeliveryState
from newsletters.models import Campaign, Click, DeliveryEvent, MailingList
from newsletters.services import erase
from newsletters.statistics.summaries import renew_summaries
from newsletters.statistics.territories import territories_of
from tests.accounts.proofs import prove
from tests.factories import make_member

from .conftest import signed_in
from .factories import make_campaign, make_copy

pytestmark = pytest.mark.django_db


def logged(action):
    return ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Campaign), action=f"newsletters.campaign.{action}"
    )


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def campaign(landes_space):
    one = make_campaign(landes_space, links=2, subject="=Lettre; de l’été")
    now = timezone.now()
    make_copy(one, "mesuree@exemple.fr", tracking=True, opened_at=now, clicked_at=now)
    make_copy(one, "discrete@exemple.fr", opened_at=now)
    make_copy(one, "=cmd@exemple.fr", state=DeliveryState.FAILED, code="550 5.1.1", detail="=HYPERLINK(1)")
    make_copy(one, "partie@exemple.fr", state=DeliveryState.SKIPPED, skip_reason="unsubscribed")
    return one


def export(client, campaign, kind="csv", name="campaign_export"):
    return client.post(reverse(name, args=[campaign.uuid]), {"format": kind})


def test_the_log_is_exported_after_a_proof_and_noted(sender, campaign):
    asked = export(sender, campaign)
    assert asked.status_code == 302
    assert not logged("export").exists()
    prove(sender, sender.user)
    rows = rows_of(export(sender, campaign))
    assert [row[0] for row in rows[1:]] == [
        "mesuree@exemple.fr", "discrete@exemple.fr", "'=cmd@exemple.fr", "partie@exemple.fr"
    ]  # fmt: skip
    assert all(rows[1][11:13])
    assert rows[2][11:13] == ["", ""]  # Opened, by who did not agree to be measured: not said.
    assert rows[3][5:7] == ["550 5.1.1", "'=HYPERLINK(1)"]
    assert rows[4][2:4] == ["Non envoyé", "Désabonné entre-temps"]
    entry = logged("export").get()
    assert (entry.user, entry.data["copies"]) == (sender.user, 4)
    assert "@" not in json.dumps(entry.data)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "exe"])
def test_the_log_in_other_formats(sender, campaign, kind):
    prove(sender, sender.user)
    answer = export(sender, campaign, kind)
    name = answer["Content-Disposition"]
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert [row[0].value for row in sheet.rows][1] == "mesuree@exemple.fr"
    else:
        assert name.endswith('.ods"' if kind == "ods" else '.csv"')
    assert "journal-lettre-de-lete-" in name


def test_the_figures_are_exported_without_an_address(editor, campaign):
    answer = export(editor, campaign, name="campaign_figures_export")
    rows = {row[0]: row[1:] for row in rows_of(answer)}
    assert rows["Envoyés"] == ["2", "2"]
    assert rows["Non envoyés : Désabonné entre-temps"] == ["1"]
    assert "exemple.fr/1" in answer.content.decode()
    assert "@" not in answer.content.decode()
    assert logged("figures").get().user == editor.user


def test_the_screen_says_of_whom_openings_are_known(editor, campaign):
    for _ in range(3):
        Click.objects.create(link=campaign.links.get(position=1), at=timezone.now())
    page = editor.get(reverse("campaign_figures", args=[campaign.uuid])).content.decode()
    assert "Sans leur accord, rien n’est mesuré" in page
    measured = page[page.index("Personnes qui acceptent la mesure") :]
    assert "<td>1" in measured[:200]
    assert "100,0\u00a0%" in measured
    assert "3 clics, sans savoir de qui" in page
    assert "75,0" not in page
    assert page.count('<svg class="nl-chart"') == 1
    assert 'role="img" aria-labelledby="moments-titre moments-texte"' in page
    assert " style=" not in page[page.index("nl-screen") :]
    assert "@exemple.fr" not in page[page.index("nl-screen") :]


def test_what_was_heard_of_a_copy(sender, campaign):
    copy = campaign.deliveries.get(address="discrete@exemple.fr")
    DeliveryEvent.objects.create(delivery=copy, kind="soft_bounce", source="dsn", key="1", code="4.2.2",
                                 detail="Mailbox full", at=timezone.now())  # fmt: skip
    page = sender.get(reverse("campaign_copy", args=[copy.pk])).content.decode()
    assert "Revenu : temporairement (4.2.2 Mailbox full)" in page
    assert "Ouvert" not in page


def test_an_erased_person_is_no_hash_on_the_screens(sender, campaign):
    copy = campaign.deliveries.get(address="discrete@exemple.fr")
    erase(subscriber=copy.subscriber)
    copy.refresh_from_db()
    prove(sender, sender.user)
    seen = sender.get(reverse("newsletters_delivery_modeladmin_index")).content.decode()
    seen += sender.get(reverse("campaign_copy", args=[copy.pk])).content.decode()
    seen += export(sender, campaign).content.decode()
    assert seen.count("Données effacées") >= 3
    assert "discrete@" not in seen
    assert copy.address not in seen


def test_a_list_over_time_is_one_s_own(editor, landes, landes_space, vaucluse_space):
    mine = MailingList.objects.get(territory=landes)
    theirs = MailingList.objects.get(territory=vaucluse_space.territory)
    page = editor.get(reverse("list_statistics"), {"liste": mine.pk}).content.decode()
    assert f'value="{mine.pk}" selected' in page
    for wrong in (theirs.pk, "x", 10**20):
        answer = editor.get(reverse("list_statistics"), {"liste": wrong})
        assert answer.status_code == 200
        assert "Vaucluse" not in answer.content.decode()


def test_territories_beside_each_other(landes_space, vaucluse_space, nation, editor):
    for space, number in ((landes_space, 1), (vaucluse_space, 3)):
        one = make_campaign(space, links=1)
        for _ in range(number):
            make_copy(one)
        Click.objects.create(link=one.links.get(), at=timezone.now())
    old = make_campaign(vaucluse_space, started_at=timezone.now() - timedelta(days=400))
    make_copy(old)
    path = reverse("territory_statistics")
    national = signed_in(make_member("admin_national", nation))
    assert "Aucune lettre n’est partie" in national.get(path).content.decode()
    renew_summaries()
    page = national.get(path).content.decode()
    cells = page[page.index("<tbody>") :]
    assert cells.index("Vaucluse") < cells.index("Landes")
    assert "<td>3</td>" in cells
    assert "33,3" in cells
    assert "100,0" in cells
    own = editor.get(path).content.decode()
    assert "Landes" in own
    assert "Vaucluse" not in own


@pytest.mark.parametrize("number", [1, 3])
def test_territories_cost_the_same(landes_space, sender, number, django_assert_num_queries):
    for _ in range(number):
        make_copy(make_campaign(landes_space))
    renew_summaries()
    with django_assert_num_queries(4):
        found, _ = territories_of(sender.user)
    assert found[0].campaigns == number

"""From preparing to the end: each act by who may, once, with its proof, and a clear word for who comes second."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletters.enums import CampaignState, DeliveryState
from newsletters.models import Campaign, LetterSettings, MailingList, Segment, SendingSwitch
from portal.notifications.models import Notice
from tests.accounts.proofs import prove
from tests.factories import make_member

from .conftest import signed_in
from .factories import list_of, make_campaign, make_copy, make_subscription
from .test_screens import letter_with_text

pytestmark = pytest.mark.django_db


def to(name, campaign):
    return reverse(f"campaign_{name}" if name else "campaign", args=[campaign.uuid])


def told(client, campaign):
    """What the next screen says above."""
    return client.get(to("", campaign)).content.decode()


@pytest.fixture
def letter(landes_space):
    return letter_with_text(landes_space)


@pytest.fixture
def people(landes_space, landes):
    for number in range(3):
        make_subscription(list_of(landes), f"p{number}@exemple.fr")


@pytest.fixture
def draft(landes_space, letter, people):
    return make_campaign(landes_space, CampaignState.DRAFT, letter=letter, subject="")


def options(**fields):
    return {"time_zone": "Europe/Paris", "error_percent": "10"} | fields


def test_preparing_counts_each_person_once_and_keeps_what_was_chosen(editor, letter, people, landes):
    other = MailingList.objects.create(territory=landes, name="Coordinateurs", slug="coordinateurs")
    make_subscription(other, "p0@exemple.fr")
    make_subscription(other, "seule@exemple.fr")
    part = Segment.objects.create(territory=landes, name="Toute la liste", conditions={})
    part.lists.set([other])
    path = reverse("campaign_prepare", args=[letter.pk])
    body = options(lists=[list_of(landes).pk, other.pk], segments=[part.pk], per_hour="1200", window_start="09:00",
                   window_end="18:00", weekdays_only="on")  # fmt: skip
    counted = editor.post(path, body | {"compter": "1"})
    assert counted.status_code == 200
    assert "<strong>4</strong> personnes recevraient" in counted.content.decode()
    assert f'value="{other.pk}" checked' in counted.content.decode()
    assert not Campaign.objects.exists()
    fragment = editor.post(path, body | {"compter": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>4</strong>" in fragment
    assert "<form" not in fragment
    editor.post(path, body)
    made = Campaign.objects.get()
    assert set(made.lists.all()) == {list_of(landes), other}
    assert list(made.segments.all()) == [part]
    assert (made.per_hour, made.window_start, made.weekdays_only) == (1200, dt.time(9), True)
    assert made.created_by == editor.user


def test_lists_of_others_cannot_be_chosen_by_a_forged_post(editor, letter, people, vaucluse_space):
    theirs = list_of(vaucluse_space.territory)
    make_subscription(theirs, "du-vaucluse@exemple.fr")
    part = Segment.objects.create(territory=vaucluse_space.territory, name="Segment du Vaucluse", conditions={})
    part.lists.set([theirs])
    path = reverse("campaign_prepare", args=[letter.pk])
    assert "Vaucluse" not in editor.get(path).content.decode()
    for forged in ({"lists": [theirs.pk]}, {"segments": [part.pk]}):
        refused = editor.post(path, options(**forged))
        assert refused.status_code == 422
        assert "n’est pas ou plus à votre portée" in refused.content.decode()
        counted = editor.post(path, options(**forged) | {"compter": "1"})
        assert "<strong>0</strong> personne" in counted.content.decode()
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"per_hour": "-1"}, "supérieure ou égale à 1"),
        ({"error_percent": "0"}, "supérieure ou égale à 1"),
        ({"window_start": "09:00"}, "une heure de début et une heure de fin"),
        ({"window_start": "18:00", "window_end": "09:00"}, "une heure de début et une heure de fin"),
        ({"window_start": "25:00"}, "heure valide"),
        ({"time_zone": "Mars/Olympus"}, "Sélectionnez un choix valide"),
    ],
)
def test_bad_options_are_said_beside_their_field(editor, letter, people, landes, fields, said):
    answer = editor.post(
        reverse("campaign_prepare", args=[letter.pk]), options(lists=[list_of(landes).pk], per_day="777", **fields)
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="777"' in answer.content.decode()
    assert not Campaign.objects.exists()


def test_the_second_to_change_is_told_and_loses_nothing(editor, sender, draft, landes):
    body = options(lists=[list_of(landes).pk], version=draft.version)
    editor.post(to("change", draft), body | {"per_hour": "111"})
    second = sender.post(to("change", draft), body | {"per_hour": "222"})
    assert second.status_code == 422
    page = second.content.decode()
    assert "Quelqu’un a modifié cet envoi entre-temps" in page
    assert 'value="222"' in page
    draft.refresh_from_db()
    assert draft.per_hour == 111
    # What they typed is still there, with the version they now saw.
    assert f'name="version" value="{draft.version}"' in page
    sender.post(to("change", draft), body | {"per_hour": "222", "version": draft.version})
    draft.refresh_from_db()
    assert draft.per_hour == 222


def send(client, campaign, **fields):
    return client.post(to("send", campaign), {"when": "now", "version": campaign.version, "envoyer": "1"} | fields)


def test_sending_says_first_to_how_many_from_whom_until_when(sender, draft, landes):
    Campaign.objects.filter(pk=draft.pk).update(per_minute=1)
    MailingList.objects.filter(pk=list_of(landes).pk).update(sender_name="Hub", sender_address="hub@exemple.fr")
    assert "Tout de suite" in sender.get(to("send", draft)).content.decode()
    page = sender.post(to("send", draft), {"when": "now", "version": draft.version}).content.decode()
    assert "<strong>3</strong> personnes vont recevoir" in page
    assert "Hub &lt;hub@exemple.fr&gt;" in page
    ends = (timezone.now() + dt.timedelta(minutes=3)).astimezone(ZoneInfo("Europe/Paris"))
    assert any(f"{ends + dt.timedelta(minutes=m):%H:%M}" in page for m in (-1, 0, 1))
    draft.refresh_from_db()
    assert draft.state == CampaignState.DRAFT


def test_sending_asks_for_a_recent_proof(sender, draft):
    answer = send(sender, draft)
    assert answer.status_code == 302
    assert "/compte/" in answer["Location"]
    draft.refresh_from_db()
    assert draft.state == CampaignState.DRAFT
    prove(sender, sender.user)
    assert send(sender, draft)["Location"] == to("", draft)
    draft.refresh_from_db()
    assert draft.state == CampaignState.SCHEDULED
    assert "Bonjour à toutes" in draft.html


def test_two_people_press_send_and_the_second_is_told(sender, draft, landes):
    other = signed_in(make_member("sender", landes))
    for client in (sender, other):
        prove(client, client.user)
        assert send(client, draft).status_code == 302
    assert "Quelqu’un a modifié cet envoi entre-temps" in told(other, draft)
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (CampaignState.SCHEDULED, 2)
    assert "Programmé" in other.get(to("send", draft), follow=True).content.decode()


def test_a_date_is_in_the_zone_of_the_sending(sender, draft):
    Campaign.objects.filter(pk=draft.pk).update(time_zone="Indian/Reunion")
    day = timezone.localdate() + dt.timedelta(days=2)
    prove(sender, sender.user)
    send(sender, draft, when="at", at=f"{day:%Y-%m-%d}T09:00")
    draft.refresh_from_db()
    assert draft.scheduled_at == dt.datetime.combine(day, dt.time(9), tzinfo=ZoneInfo("Indian/Reunion"))
    assert "9:00" in told(sender, draft).replace("09:00", "9:00")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("", "Donnez la date et l’heure"),
        ("demain", "Écrivez une date et une heure"),
        ("2020-01-01T09:00", "Cette date est passée"),
        ("2027-03-28T02:30", "les horloges changent"),
        ("2030-01-01T09:00", "un an à l’avance"),
    ],
)
def test_a_date_that_cannot_be_is_said(sender, draft, at, said):
    prove(sender, sender.user)
    answer = send(sender, draft, when="at", at=at)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == CampaignState.DRAFT


def test_a_list_of_another_territory_is_not_sent_to_by_who_sends_here(sender, draft, nouvelle_aquitaine):
    """An editor of the region chose its list; who sends for the Landes alone may not let it go."""
    draft.lists.add(list_of(nouvelle_aquitaine))
    prove(sender, sender.user)
    assert send(sender, draft).status_code in (302, 403)
    draft.refresh_from_db()
    assert draft.state == CampaignState.DRAFT
    assert "Envoyer ou programmer" not in told(sender, draft)


def test_above_the_threshold_a_second_person_approves(editor, sender, draft, landes):
    LetterSettings.objects.create(territory=landes, approval_threshold=2)
    prove(sender, sender.user)
    refused = send(sender, draft)
    assert refused.status_code == 422
    assert "Une seconde personne doit d’abord approuver" in refused.content.decode()
    editor.post(to("act", draft), {"action": "request", "version": draft.version})
    draft.refresh_from_db()
    assert draft.requested_by == editor.user
    notice = Notice.objects.get(recipient=sender.user)
    assert notice.kind == "letters.approval"
    assert notice.url == to("", draft)
    page = told(sender, draft)
    assert "Approuver" in page
    assert "La lettre telle qu’elle part" in page
    assert "Bonjour à toutes" in sender.get(to("letter_html", draft)).content.decode()
    # Without a proof it waits; who asked may not.
    prove(sender, sender.user, age=10_000)
    assert "/compte/" in sender.post(to("act", draft), {"action": "approve", "version": draft.version})["Location"]
    editor.post(to("act", draft), {"action": "approve", "version": draft.version})
    draft.refresh_from_db()
    assert draft.approved_at is None
    prove(sender, sender.user)
    sender.post(to("act", draft), {"action": "approve", "version": draft.version})
    draft.refresh_from_db()
    assert draft.approved_by == sender.user
    assert Notice.objects.filter(recipient=editor.user, kind="letters.approved").exists()
    send(sender, draft)
    draft.refresh_from_db()
    assert draft.state == CampaignState.SCHEDULED


def test_what_is_sent_back_says_why(editor, sender, draft):
    editor.post(to("act", draft), {"action": "request", "version": draft.version})
    draft.refresh_from_db()
    sender.post(to("send_back", draft), {"reason": "Le lien du bas.", "version": draft.version})
    draft.refresh_from_db()
    assert draft.requested_at is None
    notice = Notice.objects.get(recipient=editor.user)
    assert notice.kind == "letters.sent_back"
    assert "Le lien du bas." in notice.text
    assert "Le lien du bas." in told(editor, draft)
    assert sender.post(to("send_back", draft), {"reason": "", "version": draft.version}).status_code == 422


def test_a_letter_changed_since_the_approval_is_asked_for_again(editor, sender, draft, letter):
    editor.post(to("act", draft), {"action": "request", "version": draft.version})
    letter.title = "Un autre titre"
    letter.save_revision()
    page = told(sender, draft)
    assert "La lettre a changé depuis" in page
    assert ">Approuver<" not in page


def test_pausing_resuming_and_cancelling(sender, landes_space):
    campaign = make_campaign(landes_space, CampaignState.RUNNING)
    make_copy(campaign, state=DeliveryState.WAITING)
    page = told(sender, campaign)
    assert "Mettre en pause" in page
    assert 'hx-trigger="every 4s"' in page
    for action, state in (("pause", "paused"), ("resume", "running"), ("pause", "paused")):
        campaign.refresh_from_db()
        sender.post(to("act", campaign), {"action": action, "version": campaign.version})
        campaign.refresh_from_db()
        assert campaign.state == state
    assert "Mis en pause par une personne" in told(sender, campaign)
    sender.post(to("cancel", campaign), {"version": campaign.version, "reason": "Erreur de date"})
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CANCELLED
    assert "Erreur de date" in told(sender, campaign)
    sender.post(to("act", campaign), {"action": "resume", "version": campaign.version})
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CANCELLED


@pytest.mark.parametrize("version", ["0", "x", "9" * 30, "-1", ""])
def test_a_version_that_is_none_changes_nothing(sender, landes_space, version):
    campaign = make_campaign(landes_space, CampaignState.RUNNING)
    sender.post(to("act", campaign), {"action": "pause", "version": version})
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING
    sender.post(to("act", campaign), {"action": "explode", "version": campaign.version})
    assert "Cette action n’existe pas" in told(sender, campaign)


def test_progress_is_followed_and_the_screen_comes_anew_when_the_state_changes(sender, landes_space):
    campaign = make_campaign(landes_space, CampaignState.RUNNING)
    for number in range(4):
        make_copy(campaign, state=DeliveryState.WAITING if number else DeliveryState.ACCEPTED,
                  sent_at=None if number else timezone.now())  # fmt: skip
    answer = sender.get(to("progress", campaign), {"version": campaign.version})
    assert "HX-Refresh" not in answer
    page = answer.content.decode()
    assert "<strong>25&nbsp;%</strong> — 1 copie sur 4" in page
    assert "fin prévue le" in page
    assert sender.get(to("progress", campaign), {"version": 7})["HX-Refresh"] == "true"


def test_uncertain_copies_are_settled_by_a_person(sender, landes_space):
    campaign = make_campaign(landes_space, CampaignState.FINISHED)
    copies = [make_copy(campaign, f"u{n}@exemple.fr", state=DeliveryState.UNKNOWN) for n in range(3)]
    sure = make_copy(campaign, "sure@exemple.fr")
    page = sender.get(to("unknown", campaign)).content.decode()
    assert "u0@exemple.fr" in page
    assert "sure@exemple.fr" not in page

    def settle(*chosen, **fields):
        return sender.post(to("unknown", campaign), {"copies": [one.pk for one in chosen]} | fields)

    assert settle(decision="sent").status_code == 422
    assert settle(sure, decision="not_sent").status_code == 422
    assert settle(copies[0]).status_code == 422
    again = settle(copies[2], decision="resend")
    assert again.status_code == 422
    assert "Cochez cette case" in again.content.decode()
    settle(copies[0], decision="sent")
    settle(copies[1], decision="not_sent")
    settle(copies[2], decision="resend", twice="on")
    states = [type(one).objects.get(pk=one.pk).state for one in (*copies, sure)]
    assert states == ["accepted", "failed", "waiting", "accepted"]
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING
    assert "Aucune copie n’est incertaine" in sender.get(to("unknown", campaign)).content.decode()


def test_the_emergency_stop_is_the_national_team_s_and_is_told_everywhere(nation, sender, landes_space):
    campaign = make_campaign(landes_space, CampaignState.RUNNING)
    national = signed_in(make_member("admin_national", nation))
    path = reverse("campaign_emergency")
    assert "<strong>1</strong> envoi est en cours" in national.get(path).content.decode()
    assert national.post(path, {"reason": "", "arreter": "1"}).status_code == 422
    national.post(path, {"reason": "Lettre erronée", "arreter": "1"})
    assert SendingSwitch.objects.get().stopped_by == national.user
    assert "Tous les envois sont arrêtés" in told(sender, campaign)
    sender.post(path, {"reprendre": "1"})
    assert SendingSwitch.objects.get().stopped_at is not None
    national.post(path, {"reprendre": "1"})
    assert SendingSwitch.objects.get().stopped_at is None
    assert "Tous les envois sont arrêtés" not in told(sender, campaign)

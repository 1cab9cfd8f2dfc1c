"""Addresses stay with the team of their territory, whatever the screen, the address or the POST."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletters import services
from newsletters.enums import SubscriptionState
from newsletters.models import ConsentEvent, LetterSettings, MailingList, Subscriber, Subscription, Suppression
from pages.services import open_territory_space
from portal.accounts.models import Membership
from portal.territories.models import Territory
from tests.factories import make_member

pytestmark = pytest.mark.django_db

MODELS = ["mailinglist", "subscriber", "subscription", "consentevent", "suppression"]


def url(model, action="index", *args):
    return reverse(f"newsletters_{model}_modeladmin_{action}", args=args)


@pytest.fixture
def vaucluse(landes_space):
    territory = Territory.objects.get(level="departement", code="84")
    open_territory_space(territory=territory)
    return territory


def subscriber(territory, address, name=""):
    """A person subscribed to the list of ``territory``, with the proof."""
    one = MailingList.objects.get(territory=territory, is_default=True)
    person = Subscriber.objects.create(address=address, name=name)
    subscription = Subscription.objects.create(
        list=one, subscriber=person, state=SubscriptionState.ACTIVE, confirmed_at=timezone.now()
    )
    event = ConsentEvent.objects.create(
        subscriber=person, list=one, purpose="letter", action="given", source="form", fingerprint="f" * 64
    )
    return {"mailinglist": one, "subscriber": person, "subscription": subscription, "consentevent": event}


@pytest.fixture
def both(landes, vaucluse):
    return subscriber(landes, "des-landes@exemple.fr", "Camille"), subscriber(
        vaucluse, "du-vaucluse@exemple.fr", "Dominique"
    )


@pytest.mark.parametrize("role", ["editor", "sender"])
def test_the_team_of_a_territory_sees_its_addresses_and_no_others(client, both, landes, role):
    ours, theirs = both
    client.force_login(make_member(role, landes))
    for model in MODELS[:4]:
        page = client.get(url(model))
        assert page.status_code == 200, model
        assert "vaucluse" not in page.content.decode().lower(), model
        assert client.get(url(model, "inspect", ours[model].pk)).status_code == 200, model
        refused = client.get(url(model, "inspect", theirs[model].pk))
        assert refused.status_code in (302, 403), model
        assert "du-vaucluse" not in refused.content.decode()
    assert "des-landes@exemple.fr" in client.get(url("subscriber")).content.decode()
    found = client.get(url("subscriber"), {"q": "du-vaucluse"}).content.decode()
    assert "Dominique" not in found


@pytest.mark.parametrize("role", ["instructor", "contributor"])
def test_other_roles_see_no_address(client, both, landes, role):
    client.force_login(make_member(role, landes))
    for model in MODELS:
        response = client.get(url(model))
        assert response.status_code in (302, 403), model
        assert "des-landes" not in response.content.decode()


def test_rights_flow_down_from_the_region_and_not_up(client, both, nouvelle_aquitaine, landes):
    client.force_login(make_member("sender", nouvelle_aquitaine))
    assert "des-landes@exemple.fr" in client.get(url("subscriber")).content.decode()
    services.subscribe(
        address="de-la-region@exemple.fr", lists=MailingList.objects.filter(territory=nouvelle_aquitaine)
    )
    client.force_login(make_member("sender", landes))
    assert "de-la-region" not in client.get(url("subscriber")).content.decode()


def test_a_membership_that_ended_gives_nothing(client, both, landes):
    user = make_member("sender", landes)
    Membership.objects.filter(user=user).update(expires_on=timezone.localdate() - timezone.timedelta(days=1))
    client.force_login(user)
    assert client.get(url("subscriber")).status_code in (302, 403)


def test_exclusions_are_for_the_national_team(client, both, nation, landes):
    services.suppress(address="exclue@exemple.fr", reason="complaint")
    suppression = Suppression.objects.get()
    client.force_login(make_member("sender", landes))
    assert client.get(url("suppression")).status_code in (302, 403)
    assert client.get(url("suppression", "inspect", suppression.pk)).status_code in (302, 403)
    client.force_login(make_member("admin_national", nation))
    page = client.get(url("suppression"))
    assert page.status_code == 200
    assert suppression.fingerprint in page.content.decode()
    assert "exclue@exemple.fr" not in page.content.decode()


@pytest.mark.parametrize("model", MODELS[1:])
def test_nothing_but_lists_is_written_here_even_by_the_national_team(client, both, nation, model):
    services.suppress(address="exclue@exemple.fr", reason="complaint")
    target = both[0].get(model) or Suppression.objects.get()
    client.force_login(make_member("admin_national", nation))
    before = type(target).objects.count()
    for address in (url(model, "create"), url(model, "edit", target.pk), url(model, "delete", target.pk)):
        # 422: what the team may do for one person has a form of its own, which this is not.
        assert client.post(address, {"address": "autre@exemple.fr", "state": "active"}).status_code in (302, 403, 422)
    target.refresh_from_db()
    assert type(target).objects.count() == before


def form(territory, **fields):
    return {
        "territory": territory.pk,
        "name": "Lettre des coordinateurs",
        "slug": "lettre-des-coordinateurs",
        "description": "",
        "visibility": "private",
        "opt_in": "double",
        "frequency": "monthly",
        "sender_name": "",
        "sender_address": "",
        "archived_at": "",
    } | fields


def test_a_sender_makes_and_changes_lists_of_their_territory_only(client, both, landes, vaucluse):
    client.force_login(make_member("sender", landes))
    client.post(url("mailinglist", "create"), form(landes))
    made = MailingList.objects.get(slug="lettre-des-coordinateurs")
    assert made.territory == landes
    client.post(url("mailinglist", "edit", made.pk), form(landes, name="Lettre renommée"))
    made.refresh_from_db()
    assert made.name == "Lettre renommée"

    refused = client.post(url("mailinglist", "create"), form(vaucluse, slug="forgee"))
    assert "Vous ne gérez pas les listes de ce territoire." in refused.content.decode()
    theirs = both[1]["mailinglist"]
    assert client.post(url("mailinglist", "edit", theirs.pk), form(landes)).status_code in (302, 403)
    client.post(url("mailinglist", "edit", made.pk), form(vaucluse, slug="deplacee"))
    assert not MailingList.objects.filter(slug__in=["forgee", "deplacee"]).exists()
    assert client.post(url("mailinglist", "delete", made.pk)).status_code in (302, 403)
    assert MailingList.objects.filter(pk=made.pk).exists()


def test_an_editor_sees_lists_and_changes_none(client, both, landes):
    client.force_login(make_member("editor", landes))
    ours = both[0]["mailinglist"]
    assert client.get(url("mailinglist", "create")).status_code in (302, 403)
    client.post(url("mailinglist", "edit", ours.pk), form(landes))
    ours.refresh_from_db()
    assert ours.name != "Lettre des coordinateurs"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sender_name", "Hub\r\nBcc: tous@exemple.fr"),
        ("sender_address", "pas une adresse"),
        ("sender_address", "lettre@gmail.com"),
        ("sender_address", "lettre@faux-exemple.fr"),
        ("reply_to", "nous@"),
        ("welcome_enabled", "on"),
        ("slug", "deux mots"),
    ],
)
def test_a_bad_sender_identity_is_refused_and_what_was_typed_kept(client, both, landes, field, value):
    client.force_login(make_member("sender", landes))
    response = client.post(url("mailinglist", "create"), form(landes, **{field: value}))
    assert response.status_code == 200
    wrong = "welcome_subject" if field == "welcome_enabled" else field
    assert response.context["form"].errors[wrong]
    assert "Lettre des coordinateurs" in response.content.decode()
    assert not MailingList.objects.filter(name="Lettre des coordinateurs").exists()


def test_a_list_says_who_sends_where_answers_go_and_how_it_welcomes(client, both, landes, settings):
    settings.LETTER_SENDER_DOMAINS = ["hub.exemple"]
    client.force_login(make_member("sender", landes))
    ours = both[0]["mailinglist"]
    fields = {
        "sender_address": "Lettre@Landes.Hub.Exemple",
        "reply_to": "Equipe@exemple.fr",
        "welcome_enabled": "on",
        "welcome_subject": "Bienvenue",
        "welcome_text": "Bonjour.",
    }
    client.post(url("mailinglist", "edit", ours.pk), form(landes, **fields))
    ours.refresh_from_db()
    assert (ours.sender_address, ours.reply_to) == ("lettre@landes.hub.exemple", "equipe@exemple.fr")
    assert (ours.welcome_enabled, ours.welcome_subject, ours.welcome_text) == (True, "Bienvenue", "Bonjour.")


def test_what_a_territory_decides_of_its_sendings_is_its_own(client, both, landes, vaucluse):
    fields = {"approval_threshold": "20", "per_hour": "", "error_percent": "5", "postal_address": "Hub, 40000 Landes"}
    client.force_login(make_member("sender", landes))
    client.post(url("lettersettings", "create"), fields | {"territory": landes.pk})
    mine = LetterSettings.objects.get()
    assert (mine.territory, mine.approval_threshold, mine.per_hour) == (landes, 20, None)
    refused = client.post(url("lettersettings", "create"), fields | {"territory": vaucluse.pk})
    assert "Vous ne gérez pas" in refused.content.decode()
    theirs = LetterSettings.objects.create(territory=vaucluse, postal_address="Au Vaucluse")
    assert "Vaucluse" not in client.get(url("lettersettings")).content.decode()
    for action in ("inspect", "edit"):
        assert client.get(url("lettersettings", action, theirs.pk)).status_code in (302, 403)
    client.post(url("lettersettings", "edit", theirs.pk), fields | {"territory": vaucluse.pk})
    theirs.refresh_from_db()
    assert theirs.approval_threshold == 500
    client.force_login(make_member("editor", landes))
    client.post(url("lettersettings", "edit", mine.pk), fields | {"territory": landes.pk, "approval_threshold": "9999"})
    mine.refresh_from_db()
    assert mine.approval_threshold == 20


@pytest.mark.parametrize("model", MODELS[:4])
def test_the_screens_cost_the_same_with_one_row_or_three(client, landes, vaucluse, model):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(model)).status_code == 200
        return len(queries)

    subscriber(landes, "un@exemple.fr")
    client.force_login(make_member("sender", landes))
    cost()
    before = cost()
    for name in ("deux", "trois"):
        person = Subscriber.objects.create(address=f"{name}@exemple.fr")
        one = MailingList.objects.create(territory=landes, name=name, slug=name)
        Subscription.objects.create(list=one, subscriber=person)
        ConsentEvent.objects.create(
            subscriber=person, list=one, purpose="letter", action="given", source="form", fingerprint="f" * 64
        )
    assert cost() == before


@pytest.mark.parametrize("model", [*MODELS, "subscriberimport"])
@pytest.mark.parametrize("key", ["1x", "x", "%00", "9" * 40])
def test_a_number_that_is_none_leads_nowhere(client, nation, landes_space, model, key):
    client.force_login(make_member("admin_national", nation))
    for action in ("inspect", "edit", "delete"):
        assert client.get(f"/admin/newsletters/{model}/{action}/{key}/").status_code in (302, 403, 404), (model, action)

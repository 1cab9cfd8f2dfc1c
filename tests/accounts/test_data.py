"""One's own data: the archive has all of it and nothing of others; after erasure no table holds the person."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django.utils import timezone
from wagtail.contrib.forms.models import FormSubmission
from wagtail.log_actions import log
from wagtail.models import Comment, ModelLogEntry, PageLogEntry

from newsletters.models import MailingList, Subscriber
from newsletters.services import confirm, subscribe
from newsletters.tokens import confirmation_token
from pages.models import PageReport, Proposal, ReviewItem
from portal.accounts.data.models import Erasure
from portal.accounts.data.own_rows import CONVERSATIONS, own_models
from portal.accounts.data.services import (
    ErasureRefusedError,
    cancel_erasure,
    erase_account,
    erase_due,
    request_erasure,
)
from portal.accounts.data.services.erasure import DELAY
from portal.accounts.data.tokens import cancel_token
from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.accounts.profile.models import Profile
from portal.accounts.services import grant_membership
from portal.core.personal_data import holdings
from portal.notifications.models import Notice
from portal.notifications.services import set_frequencies
from tests.factories import PASSWORD, make_member, make_news, make_user
from tests.security.planting.pages import make_form_page

pytestmark = pytest.mark.django_db
#: Found nowhere else: what is looked for in every table.
ADDRESS, FIRST, LAST = "zoe.plantee@exemple.fr", "Zoé-Ondine", "Plantée-d’Ici"
NAME = f"{FIRST} {LAST}"
HOME = "/compte/mes-donnees/"


def confirmed(user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client, user):
    return client.post("/compte/login/", {"login": user.email, "password": PASSWORD})


@pytest.fixture
def planted(landes_space, commit):
    """A person with something in every app, and a colleague who has as much."""
    people = []
    for address, first, last in ((ADDRESS, FIRST, LAST), ("autre@exemple.fr", "Autre", "Personne")):
        person = confirmed(make_user(email=address, first_name=first, last_name=last, territory=landes_space.territory))
        people.append(person)
        name = f"{first} {last}"
        admin = make_user(is_superuser=True, email=f"racine{person.pk}@exemple.fr")
        grant_membership(actor=admin, user=person, role=Role.EDITOR, territory=landes_space.territory)
        mailing = MailingList.objects.filter(territory=landes_space.territory).first()
        with commit():
            asked = subscribe(address=address, lists=[mailing], name=name)
        confirm(token=confirmation_token(asked))
        common = {"kind": "news", "author": person, "author_name": name, "author_email": address}
        for title, state in (("brouillon", "draft"), ("soumise", "submitted"), ("décidée", "published")):
            Proposal.objects.create(
                **common,
                state=state,
                title=f"Contribution {title} {first}",
                data={"contact": [name, {"courriel": address.upper()}]},
                submitted_at=None if state == "draft" else timezone.now(),
                decided_at=timezone.now() if state == "published" else None,
            )
        page = make_news(landes_space, title=f"Une page de {first}", owner=person)
        page.save_revision(user=person, log_action=True)
        Comment.objects.create(page=page, user=person, text=f"Commentaire de {first}", contentpath="title")
        ReviewItem.objects.create(
            origin="edition",
            kind="news",
            title="Relecture",
            page=page,
            space=landes_space,
            territory=landes_space.territory,
            requested_by=person,
            requested_label=name,
        )
        form = make_form_page(landes_space, slug=f"formulaire-{person.pk}")
        FormSubmission.objects.create(page=form, form_data={"email": address.upper(), "singleline": f"Réponse {first}"})
        PageReport.objects.create(
            page=page,
            space=landes_space,
            title=page.title,
            reason="outdated",
            text=f"Signalé par {first}",
            email=address,
        )
        Notice.objects.create(recipient=person, kind="x", event="x", subject=f"Pour {first}", context={"a": name})
        # What others were told of them, and what the log says.
        Notice.objects.create(
            recipient=admin,
            kind="x",
            event="x",
            subject=f"{name} propose une page",
            text=address,
            context={"who": name},
        )
        log(instance=page, action="wagtail.edit", user=admin, data={"for": {"label": f"{name} <{address}>"}})
        Profile.objects.create(user=person, phone=f"06 00 00 00 {person.pk:02}", position=f"Poste de {name}")
        set_frequencies(actor=person, frequencies={"account": "daily"})
    return people


def archive(client):
    response = client.post(f"{HOME}exporter/")
    assert response["Content-Type"] == "application/zip"
    assert "mes-donnees-" in response["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


# --- The archive ------------------------------------------------------------------------------------------------------
def test_the_archive_has_what_every_app_holds_and_nothing_of_others(client, planted):
    person, other = planted
    sign_in(client, person)
    zipped = archive(client)
    data = json.loads(zipped.read("donnees.json"))["donnees"]
    text = json.dumps(data, ensure_ascii=False)
    page = zipped.read("donnees.html").decode()
    for held in (
        ADDRESS,
        "Contribution brouillon Zoé-Ondine",
        "Contribution décidée Zoé-Ondine",
        "Réponse Zoé-Ondine",
        "Signalé par Zoé-Ondine",
        f"06 00 00 00 {person.pk:02}",
        f"Poste de {NAME}",
        "Commentaire de Zoé-Ondine",
        "Pour Zoé-Ondine",
        "Une page de Zoé-Ondine",
        "Édition",
        "Landes",
    ):
        assert held in text, held
        assert held in page, held
    assert data["Mon compte"][0]["nom"] == LAST
    assert data["Mes abonnements aux lettres"][0]["adresse"] == ADDRESS
    for foreign in (other.email, f"06 00 00 00 {other.pk:02}", "Autre", "Personne", "@exemple.fr"):
        assert foreign not in text.replace(ADDRESS, ""), foreign
        assert foreign not in page.replace(ADDRESS, ""), foreign


def test_the_archive_gives_no_secret(client, planted):
    person, _ = planted
    sign_in(client, person)
    text = archive(client).read("donnees.json").decode()
    assert person.password not in text
    assert client.session.session_key not in text


def test_the_archive_is_logged_and_limited(client):
    person = confirmed(make_user())
    sign_in(client, person)
    for _ in range(10):
        archive(client)
    assert ModelLogEntry.objects.filter(action="accounts.data.export", user=person).count() == 10
    assert client.post(f"{HOME}exporter/").status_code == 302


@pytest.mark.parametrize("path", ["exporter/", "supprimer/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_not_proved_themselves_lately_is_asked_first(client, path, method):
    person = make_user()
    client.force_login(person)
    response = getattr(client, method)(HOME + path, {"confirmation": "SUPPRIMER"})
    assert response.status_code == 302
    assert "reauthenticate" in response.url
    person.refresh_from_db()
    assert person.is_active
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("path", ["", "exporter/", "supprimer/"])
def test_strangers_sign_in_first(client, path):
    assert client.get(HOME + path).url.startswith("/compte/login/")


def test_the_screen_says_what_is_held(client):
    client.force_login(make_user())
    page = client.get(HOME).content.decode()
    assert "Mes abonnements aux lettres" in page
    assert "Mes contributions" in page


# --- Asking for erasure -----------------------------------------------------------------------------------------------
def test_erasure_is_asked_for_with_a_word_and_closes_the_account(commit, client, mailoutbox):
    person = confirmed(make_user())
    sign_in(client, person)
    other = Client()
    sign_in(other, person)
    refused = client.post(f"{HOME}supprimer/", {"confirmation": "oui"})
    assert refused.status_code == 422
    assert "Écrivez le mot SUPPRIMER" in refused.content.decode()
    mailoutbox.clear()
    with commit():
        answer = client.post(f"{HOME}supprimer/", {"confirmation": " supprimer "})
    assert "Votre compte est fermé" in answer.content.decode()
    person.refresh_from_db()
    assert not person.is_active
    for each in (client, other):
        assert each.get("/compte/").status_code == 302
    [mail] = mailoutbox
    assert mail.to == [person.email]
    link = next(word for word in mail.body.split() if "/annuler/" in word).removeprefix("http://testserver")
    assert person.email not in link
    # Reading the link changes nothing, its button does.
    assert "Annuler la suppression" in client.get(link).content.decode()
    person.refresh_from_db()
    assert not person.is_active
    client.post(link)
    person.refresh_from_db()
    assert person.is_active
    assert client.post(link).status_code == 410
    assert erase_due(timezone.now() + 2 * DELAY) == 0
    actions = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [each for each in actions if each.startswith("accounts.erasure")] == [
        "accounts.erasure.ask",
        "accounts.erasure.cancel",
    ]


def test_signing_in_to_a_closed_account_leads_to_the_way_back(client):
    person = confirmed(make_user())
    request_erasure(actor=person)
    wrong = client.post("/compte/login/", {"login": person.email, "password": "autre chose"})
    assert wrong.status_code == 200
    response = sign_in(client, person)
    assert "/compte/mes-donnees/annuler/" in response.url
    assert "_auth_user_id" not in client.session
    client.post(response.url)
    sign_in(client, person)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_an_account_disabled_by_somebody_has_no_way_back(client):
    person = confirmed(make_user(is_active=False))
    assert sign_in(client, person).url == "/compte/inactive/"


def test_the_last_administrator_stays(nation):
    last = make_member(Role.ADMIN_NATIONAL, nation)
    with pytest.raises(ErasureRefusedError, match="dernière personne"):
        request_erasure(actor=last)
    last.refresh_from_db()
    assert last.is_active
    make_member(Role.ADMIN_NATIONAL, nation)
    request_erasure(actor=last)
    last.refresh_from_db()
    assert not last.is_active


def test_asking_twice_is_asking_once(commit, mailoutbox):
    person = make_user()
    with commit():
        first = request_erasure(actor=person)
        assert request_erasure(actor=person) == first
    assert len(mailoutbox) == 1
    assert Erasure.objects.count() == 1


def test_who_was_enabled_since_is_not_erased():
    person = make_user()
    request_erasure(actor=person)
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert erase_due(timezone.now() + DELAY) == 0
    person.refresh_from_db()
    assert person.email.startswith("personne")
    assert Erasure.objects.get().cancelled_at


@pytest.mark.parametrize("bad", ["x", "done"])
def test_a_link_that_is_worth_nothing_says_why(client, bad):
    person = make_user()
    erasure = request_erasure(actor=person)
    token = cancel_token(erasure)
    if bad == "done":
        assert erase_due(timezone.now() + DELAY) == 1
    response = client.post(f"{HOME}annuler/{token if bad == 'done' else bad}/")
    assert response.status_code == 410
    person.refresh_from_db()
    assert not person.is_active


# --- Erasure ----------------------------------------------------------------------------------------------------------
def tables_that_hold(*words):
    """Every "app.Model.field" whose values have one of ``words``: a sweep over all texts and JSON of all tables."""
    found = set()
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField)
    for model in apps.get_models(include_auto_created=True):
        fields = [f.attname for f in model._meta.local_concrete_fields if isinstance(f, kinds)]
        if not fields or model._meta.proxy or not model._meta.managed:
            continue
        for row in model._base_manager.order_by("pk").values(*fields):
            for field, value in row.items():
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                if any(word.lower() in text.lower() for word in words):
                    found.add(f"{model._meta.label}.{field}")
    return found


def test_the_sweep_finds_what_was_planted(planted):
    found = tables_that_hold(ADDRESS, NAME)
    assert {
        "accounts.User.email",
        "account.EmailAddress.email",
        "newsletters.Subscriber.address",
        "newsletters.Subscriber.name",
        "pages.Proposal.author_name",
        "pages.Proposal.author_email",
        "pages.Proposal.data",
        "pages.ReviewItem.requested_label",
        "pages.PageReport.email",
        "accounts.Profile.position",
        "notifications.Notice.subject",
        "notifications.Notice.text",
        "notifications.Notice.context",
        "wagtailcore.ModelLogEntry.label",
        "wagtailcore.PageLogEntry.data",
        "wagtailforms.FormSubmission.form_data",
    } <= found


def test_after_erasure_no_table_holds_the_person(commit, client, planted, mailoutbox):
    person, other = planted
    sign_in(client, person)
    others = tables_that_hold(other.email, "Autre Personne")
    with commit():
        request_erasure(actor=person)
    mailoutbox.clear()
    with commit():
        assert erase_due(timezone.now() + DELAY) == 1
    assert tables_that_hold(ADDRESS, NAME, LAST) == set()
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert tables_that_hold(other.email, "Autre Personne") == others
    person.refresh_from_db()
    assert str(person) == "Compte supprimé"
    assert not person.has_usable_password()
    assert person.last_login is None
    assert not person.groups.exists()


def test_what_stays_is_readable(planted):
    person, _ = planted
    erase_account(user=person, origin="asked")
    page = PageLogEntry.objects.filter(user=person).first()
    assert page.user_display_name == "Compte supprimé"
    granted = ModelLogEntry.objects.get(action="accounts.grant", object_id=str(person.pk))
    assert granted.label == "Compte supprimé"
    assert granted.data["territory"] == "departement-40"
    assert PageLogEntry.objects.filter(data__for__label="Compte supprimé <Compte supprimé>").exists()
    assert set(Proposal.objects.filter(author=person).values_list("state", flat=True)) == {"submitted", "published"}
    assert Proposal.objects.get(author=person, state="submitted").data == {
        "contact": ["Compte supprimé", {"courriel": "Compte supprimé"}]
    }
    assert Comment.objects.filter(user=person).exists()
    assert ReviewItem.objects.filter(requested_by=person).get().requested_label == "Compte supprimé"


def test_everything_that_is_their_own_is_gone(client, planted):
    person, other = planted
    sign_in(client, person)
    own = list(own_models(with_links=True))
    assert {"accounts.Membership", "notifications.Notice", "account.EmailAddress"} <= {
        model._meta.label for model, _ in own
    }
    assert not CONVERSATIONS & {model._meta.label for model, _ in own}
    kept = {model: model._base_manager.filter(**{name: other}).count() for model, name in own}
    erase_account(user=person, origin="asked")
    for model, name in own:
        assert not model._base_manager.filter(**{name: person}).exists(), model
        assert model._base_manager.filter(**{name: other}).count() == kept[model], model
    assert not Session.objects.exists()
    assert Membership.objects.filter(user=other).exists()
    assert Subscriber.objects.filter(address=other.email).exists()


def test_the_account_erased_cannot_come_back(client, mailoutbox):
    person = confirmed(make_user())
    erasure = erase_account(user=person, origin="asked")
    assert erase_account(user=person, origin="asked") == erasure
    assert not cancel_erasure(erasure=erasure)
    assert sign_in(client, person).status_code == 200
    mailoutbox.clear()
    client.post("/compte/password/reset/", {"email": f"compte-supprime-{person.pk}@compte.invalid"})
    assert mailoutbox == []


def test_an_app_that_fails_undoes_it_all_and_holds_up_no_other(monkeypatch):
    from portal.core import personal_data

    first, second = make_user(), make_user()
    for person in (first, second):
        request_erasure(actor=person)

    def fails(user):
        if user.pk == first.pk:
            raise RuntimeError("Non")

    monkeypatch.setitem(
        personal_data._holdings,
        "zzz",
        personal_data.Holding("zzz", "Z", export=lambda user: [], erase=fails, order=999),
    )
    assert erase_due(timezone.now() + DELAY) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.email.startswith("personne")
    assert second.email.startswith("compte-supprime-")


def test_every_address_that_a_model_keeps_has_its_holder():
    """A new model with an address fails here until its app says what becomes of it (portal.core.personal_data)."""
    held = {
        "accounts.User.email": "account",
        "accounts.Invitation.email": "invitations",
        "account.EmailAddress.email": "own rows",
        "newsletters.Subscriber.address": "letters",
        "newsletters.Delivery.address": "letters",
        "newsletters.AddressChange.address": "letters",
        "newsletters.ImportedRow.address": "letters",
        "events.Registration.email": "event-registrations",
        "dossiers.DossierInvitation.email": "dossiers",
        "dossiers.Opinion.email": "dossiers",
        "pages.PageReport.email": "reports",
        "pages.Proposal.author_email": "contributions",
        # Nobody's: the portal's, a list's, a place's.
        "core.SiteIdentity.contact_email": "",
        "newsletters.MailingList.sender_address": "",
        "newsletters.MailingList.reply_to": "",
        "events.Venue.address": "",
    }
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.EmailField) or field.name in ("address", "author_email")
    }
    assert kept == set(held)
    registered = {one.key for one in holdings()} | {"own rows", ""}
    assert set(held.values()) <= registered

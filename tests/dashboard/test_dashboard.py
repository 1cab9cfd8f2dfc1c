"""« Mon espace »: each role finds what waits for it, and nothing of anybody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from wagtail.models import Page

from newsletters.models import MailingList
from newsletters.models.subscribers import Subscriber, Subscription
from pages.enums import ProposalKind, ProposalState, ReportReason, ReviewOrigin
from pages.models import PageReport, Proposal, ReviewItem
from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.notifications.services import notify
from portal.territories.models import Territory
from tests.factories import make_member, make_news, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/mon-espace/"
WAITING = ("À relire avant publication", "Signalements des lecteurs", "Pages à relire")


@pytest.fixture
def vaucluse_space(db):
    return open_territory_space(territory=Territory.objects.get(level="departement", code="84"))


def shown(client, user):
    client.force_login(user)
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]
    return response.content.decode()


def fill(space, title, author=None):
    """One thing of every kind in ``space``, each named after ``title``."""
    page = make_news(space, title=f"Page {title}")
    ReviewItem.objects.create(
        origin=ReviewOrigin.EDITION, kind="news", title=f"Relecture {title}", space=space, territory=space.territory
    )
    PageReport.objects.create(page=page, space=space, title=f"Signalement {title}", reason=ReportReason.ERRORS)
    old = make_news(space, title=f"Ancienne {title}")
    Page.objects.filter(pk=old.pk).update(last_published_at=timezone.now() - timedelta(days=400))
    if author is not None:
        Proposal.objects.create(author=author, kind=ProposalKind.NEWS, title=f"Proposition {title}")
        draft = make_news(space, title=f"Brouillon {title}", live=False, owner=author, has_unpublished_changes=True)
        draft.save_revision(user=author)


def test_a_visitor_signs_in_first(client):
    response = client.get(ADDRESS)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/compte/login/")


def test_the_header_leads_there_once_signed_in(client):
    assert f'href="{ADDRESS}"' not in client.get("/recherche/").content.decode()
    client.force_login(make_user())
    assert f'href="{ADDRESS}"' in client.get("/recherche/").content.decode()


def test_an_editor_finds_their_spaces_and_no_other(client, landes, landes_space, vaucluse_space):
    editor, stranger = make_member(Role.EDITOR, landes), make_user()
    fill(landes_space, "des Landes", editor)
    fill(vaucluse_space, "du Vaucluse", stranger)
    html = shown(client, editor)
    for said in ("Relecture", "Signalement", "Proposition", "Brouillon", "Page"):
        assert f"{said} des Landes" in html
    assert "du Vaucluse" not in html
    for title in WAITING:
        assert re.search(rf"{title} <span[^>]*>1</span>", html), title


def test_a_contributor_finds_their_proposals_and_no_queue(client, landes, landes_space):
    contributor = make_member(Role.CONTRIBUTOR, landes)
    fill(landes_space, "des Landes", make_user())
    Proposal.objects.create(
        author=contributor,
        kind=ProposalKind.EVENT,
        title="Mon atelier",
        state=ProposalState.CHANGES_REQUESTED,
        submitted_at=timezone.now(),
    )
    html = shown(client, contributor)
    assert "Mon atelier" in html
    assert "À compléter" in html
    assert f"/contribuer/p/{Proposal.objects.get(title='Mon atelier').pk}/" in html
    for said in (
        *WAITING,
        "Mes brouillons",
        "Relecture des Landes",
        "Signalement des Landes",
        "Proposition des Landes",
    ):
        assert said not in html
    assert "Page des Landes" in html


def test_who_has_no_role_reads_their_territory(client, landes, landes_space):
    make_news(landes_space, title="Une actualité landaise")
    html = shown(client, make_user(territory=landes))
    assert "Une actualité landaise" in html
    for said in (*WAITING, "Mes contributions", "Mes brouillons"):
        assert said not in html
    assert "Vous n’êtes abonné à aucune lettre." in html
    assert "Vous avez tout lu." in html


def test_a_membership_that_ended_shows_nothing_more(client, landes, landes_space):
    editor = make_member(Role.EDITOR, landes)
    editor.memberships.update(expires_on=timezone.localdate() - timedelta(days=1))
    fill(landes_space, "des Landes")
    html = shown(client, editor)
    assert "Relecture des Landes" not in html
    assert "Signalement des Landes" not in html


def test_letters_are_those_of_a_proven_address(client, landes, landes_space):
    user = make_user(email="Lectrice@exemple.fr")
    mailing = MailingList.objects.get(territory=landes)
    subscriber = Subscriber.objects.create(address="lectrice@exemple.fr")
    Subscription.objects.create(list=mailing, subscriber=subscriber, state="active", confirmed_at=timezone.now())
    assert mailing.name not in shown(client, user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    html = shown(client, user)
    assert mailing.name in html
    assert "/lettres/desabonnement/" in html
    Subscription.objects.update(state="unsubscribed")
    assert mailing.name not in shown(client, user)


def test_notifications_not_read_are_shown(client, landes):
    user = make_user()
    notify("pages.stale", recipients=[user, make_user()], event="x", context={"count": 2, "space": "Landes"})
    assert "2 pages sont à relire" in shown(client, user)


def test_the_same_queries_for_one_and_three(client, landes, landes_space, django_assert_num_queries):
    editor = make_member(Role.EDITOR, landes)
    client.force_login(editor)
    for number in (1, 2):
        for each in range(number):
            fill(landes_space, f"{number}-{each}", editor)
        client.get(ADDRESS)
        with django_assert_num_queries(31):
            client.get(ADDRESS)

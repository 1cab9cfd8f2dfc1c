"""Readers correct a published page; its editors take all or part of it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core import mail

from events.models import EventPage
from pages.contribution.corrections import parts_of, proposed_changes
from pages.contribution.mail import answer_readers
from pages.contribution.services import ProposalError, apply_correction
from pages.enums import ProposalState, ReviewState
from pages.models import NewsPage, Proposal, ReviewItem
from pages.moderation.services import accept_correction, refuse
from portal.accounts.enums import Role
from portal.core.models import PageFact
from tests.events.factories import make_event
from tests.factories import make_member, make_news, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(landes, landes_space):
    return make_member(Role.EDITOR, landes)


@pytest.fixture
def news(landes_space):
    news = make_news(landes_space, title="Ouverture d’un lieux", lead="Il ouvre lundi.", live=True)
    news.body = [("text", "<p>Rendez-vous au 4 rue du Lavoire.</p>")]
    news.save_revision().publish()
    return NewsPage.objects.get(pk=news.pk)


def text_of(response):
    return unescape(response.content.decode()).replace("\xa0", " ")


def typed(page, **changes):
    """The whole form as a browser sends it, with ``changes``."""
    return {part.name: part.text for part in parts_of(page)} | changes


def address(page):
    return f"/contribuer/corriger/{page.pk}/"


def send(client, page, **changes):
    response = client.post(address(page), typed(page, **changes))
    assert response.status_code == 302, text_of(response)
    return Proposal.objects.latest("created_at")


def test_a_reader_corrects_and_the_editor_takes_a_part(client, news, editor):
    block = f"texte-{news.body[0].id}"
    proposal = send(
        client,
        news,
        title="Ouverture d’un lieu",
        lead="Il a ouvert.",
        **{block: "<p>Rendez-vous au 4 rue du Lavoir.</p>"},
    )
    assert set(proposal.data) == {"title", "lead", block}
    item = ReviewItem.objects.get(proposal=proposal)
    client.force_login(editor)
    screen = text_of(client.get(f"/admin/relecture/{item.pk}/"))
    assert "<del>lieux</del>" in screen
    assert "<ins>lieu</ins>" in screen
    accept_correction(item=item, actor=editor, version=item.version, fields=["title", block])
    news.refresh_from_db()
    assert (news.title, news.lead) == ("Ouverture d’un lieu", "Il ouvre lundi.")
    assert "Lavoir.</p>" in str(news.body)
    assert news.live_revision.user == editor
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PUBLISHED


def test_the_date_of_an_event_is_corrected(client, landes_space, editor):
    event = make_event(landes_space)
    event.save_revision().publish()
    event = EventPage.objects.get(pk=event.pk)
    proposal = send(client, event, **{"dates-1-start_date": "2027-05-04", "dates-1-end_date": ""})
    item = ReviewItem.objects.get(proposal=proposal)
    accept_correction(item=item, actor=editor, version=item.version, fields=list(proposal.data))
    assert str(EventPage.objects.get(pk=event.pk).dates.first().start_date) == "2027-05-04"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": ""}, "title", "Renseignez ce champ."),
        ({"title": "x" * 300}, "title", "255"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "URL"),
        ({"source_url": "https://exemple.fr"}, "source", "Nommez le journal"),
        ({}, None, "Vous n’avez rien changé"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(client, news, changes, field, message):
    response = client.post(address(news), typed(news, remarque="", lead="Il ouvre lundi.", **changes))
    assert response.status_code == 422
    page = text_of(response)
    assert message in page
    if field:
        assert re.search(rf'id="champ-{field}-messages"><p[^>]*>[^<]*{re.escape(message)}', page)
    assert not Proposal.objects.exists()


def test_drafts_and_private_pages_and_spaces_are_not_there(client, landes_space, news):
    draft = make_news(landes_space, live=False)
    for pk in (draft.pk, landes_space.page_id, 10**18, 2**63, 0):
        assert client.get(f"/contribuer/corriger/{pk}/").status_code == 404
        assert client.post(f"/contribuer/corriger/{pk}/", {"title": "x"}).status_code == 404


def test_hostile_text_is_cleaned_at_the_door(client, news, editor):
    block = f"texte-{news.body[0].id}"
    proposal = send(client, news, **{block: '<p>Bon<script>alert(1)</script><img src=x onerror="alert(1)"></p>'})
    assert proposal.data[block] == "<p>Bon</p>"


def test_robots_are_thanked_and_nothing_is_kept(client, news):
    response = client.post(address(news), typed(news, title="Achetez", site_web="https://spam.example"))
    assert response.status_code == 302
    assert not Proposal.objects.exists()


def test_more_than_ten_an_hour_wait_with_their_text_kept(client, news):
    for number in range(10):
        send(client, news, title=f"Titre {number}")
    response = client.post(address(news), typed(news, title="Le onzième"))
    assert response.status_code == 429
    assert 'value="Le onzième"' in text_of(response)


def test_the_same_sent_twice_is_one(client, news):
    send(client, news, title="Un titre")
    send(client, news, title="Un titre")
    assert ReviewItem.objects.count() == 1


def test_what_changed_meanwhile_is_told(client, news, editor):
    proposal = send(client, news, lead="Il ouvre mardi.")
    news.lead = "Il ouvre mercredi."
    news.save_revision(user=editor).publish()
    proposal = Proposal.objects.get(pk=proposal.pk)
    (change,) = proposed_changes(proposal)
    assert change.conflicts
    assert (change.before, change.now, change.after) == ("Il ouvre lundi.", "Il ouvre mercredi.", "Il ouvre mardi.")


def test_a_page_with_a_draft_of_its_editors_is_not_published_with_it(client, news, editor):
    proposal = send(client, news, lead="Il ouvre mardi.")
    news.title = "Un titre pas encore prêt"
    news.save_revision(user=editor)
    assert apply_correction(proposal=proposal, fields=["lead"], actor=editor) is False
    news.refresh_from_db()
    assert (news.title, news.lead) == ("Ouverture d’un lieux", "Il ouvre lundi.")
    draft = news.get_latest_revision_as_object()
    assert (draft.title, draft.lead) == ("Un titre pas encore prêt", "Il ouvre mardi.")


def test_a_forged_field_is_refused(client, news, editor):
    proposal = send(client, news, lead="Il ouvre mardi.")
    with pytest.raises(ProposalError):
        apply_correction(proposal=proposal, fields=["owner"], actor=editor)
    send_forged = typed(news, lead="Il ouvre jeudi.", owner=str(editor.pk), live="0")
    client.post(address(news), send_forged)
    assert set(Proposal.objects.latest("created_at").data) == {"lead"}


def test_a_reader_without_an_account_is_answered_once_and_forgotten(client, news, editor, commit):
    proposal = send(client, news, lead="Il ouvre mardi.", adresse="lectrice@exemple.fr", nom="Une lectrice")
    item = ReviewItem.objects.get(proposal=proposal)
    with commit():
        refuse(item=item, actor=editor, version=item.version, reason="C’est bien lundi.")
    answer_readers()
    sent = [message for message in mail.outbox if message.to == ["lectrice@exemple.fr"]]
    assert len(sent) == 1
    assert "C’est bien lundi." in sent[0].body
    proposal.refresh_from_db()
    assert (proposal.state, proposal.author_email) == (ProposalState.REFUSED, "")


def test_a_member_follows_a_correction_and_reads_why(client, news, editor):
    person = make_user()
    client.force_login(person)
    proposal = send(client, news, lead="Il ouvre mardi.")
    assert "En relecture" in text_of(client.get("/contribuer/"))
    item = ReviewItem.objects.get(proposal=proposal)
    refuse(item=item, actor=editor, version=item.version, reason="C’est bien lundi.")
    assert "C’est bien lundi." in text_of(client.get(f"/contribuer/p/{proposal.pk}/"))


def test_who_proposed_it_does_not_accept_it(client, news, editor):
    client.force_login(editor)
    proposal = send(client, news, lead="Il ouvre mardi.")
    item = ReviewItem.objects.get(proposal=proposal)
    with pytest.raises(Exception, match="autre personne"):
        accept_correction(item=item, actor=editor, version=item.version, fields=["lead"])
    item.refresh_from_db()
    assert item.state == ReviewState.WAITING


def test_the_page_links_to_its_correction(client, news):
    assert address(news) in client.get(news.url).content.decode()
    assert PageFact.objects.get(pk=news.pk).visible


def test_links_of_the_portal_survive_and_no_other_is_made(client, landes_space, editor):
    other = make_news(landes_space)
    secret = make_news(landes_space, live=False)
    page = make_news(landes_space, live=True)
    link = f'<a id="{other.pk}" linktype="page">ici</a>'
    page.body = [("text", f'<p data-block-key="ab1cd">Voir {link}, lundi.</p>')]
    page.save_revision().publish()
    page = NewsPage.objects.get(pk=page.pk)
    block = f"texte-{page.body[0].id}"
    assert client.post(address(page), typed(page)).status_code == 422, "nothing was changed"
    written = typed(page)[block].replace("lundi", "mardi")
    forged = f'<p><a href="/lien-interne/page/{secret.pk}">là</a></p>'
    proposal = send(client, page, **{block: written + forged})
    item = ReviewItem.objects.get(proposal=proposal)
    accept_correction(item=item, actor=editor, version=item.version, fields=[block])
    source = NewsPage.objects.get(pk=page.pk).body[0].value.source
    assert f'linktype="page" id="{other.pk}"' in source or f'id="{other.pk}" linktype="page"' in source
    assert "mardi" in source
    assert f'id="{secret.pk}"' not in source
    assert "lien-interne" not in source

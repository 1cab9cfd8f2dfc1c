"""« Contribuer » as its users see it."""

from __future__ import annotations

import re
import uuid
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from events.models import EventDate
from pages.contribution.services import add_file, submit_proposal
from pages.enums import ProposalState, ReviewOrigin, ReviewState
from pages.models import FieldComment, Proposal, ReviewItem
from pages.moderation.signals import review_decided
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.files.models import StoredFile
from portal.territories.models import Territory
from tests.events.factories import make_event
from tests.factories import PASSWORD, make_member, make_news, make_user
from tests.files.samples import EICAR, PAGE, picture, upload

from .factories import EVENT, NEWS, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(landes, landes_space):
    return make_member(Role.CONTRIBUTOR, landes, first_name="Camille")


@pytest.fixture
def signed_in(client, contributor):
    client.force_login(contributor)
    return client


def text_of(response):
    return unescape(response.content.decode()).replace("\xa0", " ")


def posted(**changes):
    data = {name: values[0] for name, values in NEWS.items()}
    return data | {"cle": str(uuid.uuid4()), "action": "enregistrer"} | changes


def ask(proposal, editor, *comments):
    """What a moderator's request for changes does."""
    item, _ = ReviewItem.objects.get_or_create(
        proposal=proposal,
        state=ReviewState.WAITING,
        defaults={
            "origin": ReviewOrigin.PROPOSAL,
            "kind": proposal.kind,
            "title": proposal.title,
            "page": proposal.page,
            "space": proposal.space,
            "territory": proposal.territory,
        },
    )
    ReviewItem.objects.filter(pk=item.pk).update(state=ReviewState.CHANGES_REQUESTED)
    item.refresh_from_db()
    made = [FieldComment.objects.create(item=item, field=f, text=t, author=editor) for f, t in comments]
    if (state := proposal.page.current_workflow_state) is not None:
        state.current_task_state.reject(user=editor)
    review_decided.send(sender=ReviewItem, item=item, actor=editor)
    return made


def test_everything_asks_to_sign_in(client, contributor):
    draft = make_draft(contributor)
    for address in ("/contribuer/", "/contribuer/actualite/", f"/contribuer/p/{draft.pk}/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"/compte/login/?next={address}")


def test_who_contributes_nowhere_is_told_how(client, landes_space):
    client.force_login(make_user())
    assert "Devenir contributeur" in text_of(client.get("/contribuer/"))
    response = client.get("/contribuer/actualite/")
    assert response.status_code == 403
    assert "Devenir contributeur" in text_of(response)


def test_the_list_costs_the_same_with_one_and_three(signed_in, contributor, django_assert_num_queries):
    make_draft(contributor, title="Unique au monde")
    signed_in.get("/contribuer/")
    with django_assert_num_queries(11):
        assert "Unique au monde" in text_of(signed_in.get("/contribuer/"))
    for title in ("Deux", "Trois"):
        submit_proposal(proposal=make_draft(contributor, "event", title=title), actor=contributor)
    with django_assert_num_queries(11):
        page = text_of(signed_in.get("/contribuer/"))
    assert "En relecture" in page


def test_ones_own_only(signed_in, landes):
    other = make_draft(make_member(Role.CONTRIBUTOR, landes), title="Le secret des autres")
    assert "Le secret des autres" not in text_of(signed_in.get("/contribuer/"))
    for name in ("detail", "edit", "preview", "submit", "withdraw", "delete"):
        assert signed_in.get(reverse(f"contribution:{name}", args=[other.pk])).status_code == 404
    for name in ("edit", "save", "submit", "withdraw", "delete"):
        response = signed_in.post(reverse(f"contribution:{name}", args=[other.pk]), posted(title="Volé"))
        assert response.status_code == 404
    other.refresh_from_db()
    assert other.title == "Le secret des autres"


def test_a_draft_is_kept_whatever_is_wrong_in_it(signed_in, contributor):
    response = signed_in.post("/contribuer/evenement/", posted(title="", start_date="demain", price="\x00"))
    draft = Proposal.objects.get(author=contributor)
    assert response["Location"] == f"/contribuer/p/{draft.pk}/modifier/"
    assert draft.data["start_date"] == ["demain"]
    page = text_of(signed_in.get(response["Location"]))
    assert 'value="demain"' in page


def test_submitting_says_what_is_wrong_beside_each_field_and_keeps_the_text(signed_in, contributor):
    response = signed_in.post("/contribuer/actualite/", posted(title="", action="envoyer"))
    assert response.status_code == 422
    page = text_of(response)
    assert "Renseignez ce champ." in page
    assert "Tous les mardis." in page
    assert Proposal.objects.get(author=contributor).state == ProposalState.DRAFT


def test_the_whole_way(signed_in, contributor):
    key = str(uuid.uuid4())
    address = signed_in.post("/contribuer/actualite/", posted(cle=key, action="envoyer"))["Location"]
    assert address == f"/contribuer/p/{key}/envoyer/"
    # Sent twice by a double click: one draft, one page.
    assert signed_in.post("/contribuer/actualite/", posted(cle=key, action="envoyer"))["Location"] == address
    assert "Soumettre" in text_of(signed_in.get(address))
    assert Proposal.objects.get().state == ProposalState.DRAFT
    for _ in range(2):
        signed_in.post(address)
    proposal = Proposal.objects.get()
    assert proposal.state == ProposalState.SUBMITTED
    assert "En relecture" in text_of(signed_in.get(f"/contribuer/p/{key}/"))
    assert signed_in.get(f"/contribuer/p/{key}/modifier/")["Location"] == f"/contribuer/p/{key}/"


def test_a_forged_territory_is_refused_and_logged(signed_in, contributor):
    from wagtail.models import ModelLogEntry

    response = signed_in.post("/contribuer/actualite/", posted(territory="departement-84", action="envoyer"))
    assert "Vous ne contribuez pas sur ce territoire." in text_of(response)
    entry = ModelLogEntry.objects.get(action="pages.contribution_refused")
    assert (entry.user, entry.data["territory"]) == (contributor, "departement-84")


def test_comments_stand_beside_their_field_and_are_answered(signed_in, contributor, landes):
    editor = make_member(Role.EDITOR, landes, first_name="Édith")
    proposal = submit_proposal(proposal=make_draft(contributor), actor=contributor)
    about_lead, _ = ask(proposal, editor, ("lead", "À quelle heure ?"), ("", "Merci d’illustrer."))
    page = text_of(signed_in.get(f"/contribuer/p/{proposal.pk}/modifier/"))
    assert page.index("Chapô") < page.index("À quelle heure ?") < page.index('id="champ-lead"')
    assert page.index("Merci d’illustrer.") < page.index('id="champ-title"')
    proposal.refresh_from_db()
    fields = posted(
        version=proposal.version,
        lead="Tous les mardis à 14 h.",
        action="envoyer",
        **{f"reponse-{about_lead.pk}": "14 h."},
    )
    assert signed_in.post(f"/contribuer/p/{proposal.pk}/modifier/", fields)["Location"].endswith("/envoyer/")
    signed_in.post(f"/contribuer/p/{proposal.pk}/envoyer/")
    about_lead.refresh_from_db()
    assert about_lead.answer == "14 h."
    page = proposal.page.specific_class.objects.get(pk=proposal.page_id).get_latest_revision_as_object()
    assert page.lead == "Tous les mardis à 14 h."
    assert page.current_workflow_state.status == "in_progress"


def test_an_answer_leaves_what_a_moderator_corrected(signed_in, contributor, landes):
    editor = make_member(Role.EDITOR, landes)
    proposal = submit_proposal(proposal=make_draft(contributor), actor=contributor)
    corrected = proposal.page.get_latest_revision_as_object()
    corrected.title = "Une permanence chaque mardi à Dax"
    corrected.save_revision(user=editor)
    ask(proposal, editor, ("lead", "À quelle heure ?"))
    proposal.refresh_from_db()
    signed_in.post(
        f"/contribuer/p/{proposal.pk}/modifier/", posted(version=proposal.version, lead="À 14 h.", action="envoyer")
    )
    signed_in.post(f"/contribuer/p/{proposal.pk}/envoyer/")
    page = type(corrected).objects.get(pk=corrected.pk).get_latest_revision_as_object()
    assert (page.title, page.lead) == ("Une permanence chaque mardi à Dax", "À 14 h.")


def test_signed_out_while_writing_the_text_comes_back(client, contributor):
    address = "/contribuer/actualite/"
    response = client.post(address, posted(title="Écrit sans session", text="Un long texte."))
    assert response["Location"] == f"/compte/login/?next={address}"
    assert not Proposal.objects.exists()
    client.post("/compte/login/", {"login": contributor.email, "password": PASSWORD}, follow=True)
    client.force_login(contributor)
    page = text_of(client.get(address))
    assert 'value="Écrit sans session"' in page
    assert "Un long texte." in page
    client.post(address, posted(title="Écrit sans session"))
    assert "Écrit sans session" not in text_of(client.get(address))


def test_two_tabs_the_second_is_told_and_both_texts_are_there(signed_in, contributor):
    draft = make_draft(contributor)
    address = f"/contribuer/p/{draft.pk}/modifier/"
    signed_in.post(address, posted(version=1, lead="Du premier onglet."))
    response = signed_in.post(address, posted(version=1, lead="Du second onglet."))
    assert response.status_code == 409
    page = text_of(response)
    assert "Du premier onglet." in page
    assert "Du second onglet." in page
    signed_in.post(address, posted(version=2, lead="Du second onglet."))
    draft.refresh_from_db()
    assert draft.data["lead"] == ["Du second onglet."]


def test_saving_while_typing_answers_with_the_next_version(signed_in, contributor):
    draft = make_draft(contributor)
    address = f"/contribuer/p/{draft.pk}/enregistrer/"
    assert signed_in.post(address, posted(version=1, title="Autre")).json() == {"version": 2}
    assert signed_in.post(address, posted(version=1, title="Encore autre")).status_code == 409
    assert signed_in.get(address).status_code == 405


def test_after_the_membership_ended_the_draft_is_kept_and_the_reason_said(signed_in, contributor):
    draft = make_draft(contributor)
    Membership.objects.all().delete()
    response = signed_in.post(
        f"/contribuer/p/{draft.pk}/modifier/", posted(version=1, lead="Plus long.", action="envoyer")
    )
    assert "Vous ne contribuez plus" in text_of(response)
    draft.refresh_from_db()
    assert (draft.data["lead"], draft.state) == (["Plus long."], ProposalState.DRAFT)


@pytest.mark.parametrize(
    ("name", "content"), [("vide.pdf", b""), ("page.pdf", PAGE), ("x.pdf.exe", b"MZ"), ("texte.png", b"du texte")]
)
def test_a_bad_file_is_refused_with_its_reason_and_the_others_kept(signed_in, contributor, name, content):
    files = {"document_files": [upload(), upload(name, content)]}
    response = signed_in.post("/contribuer/actualite/", posted() | files)
    assert response.status_code == 422
    assert name.split(".")[0] in text_of(response)
    draft = Proposal.objects.get(author=contributor)
    assert draft.title == "Une permanence à Dax"
    assert [each.file.name for each in draft.files.all()] == ["note.pdf"]


def test_a_second_image_takes_the_place_of_the_first_and_files_are_taken_off(signed_in, contributor):
    draft = make_draft(contributor)
    address = f"/contribuer/p/{draft.pk}/modifier/"
    for name in ("une.png", "deux.png"):
        signed_in.post(address, posted(version=1) | {"image_file": upload(name, picture())})
    assert [each.file.name for each in draft.files.all()] == ["deux.png"]
    signed_in.post(address, posted(version=1, action=f"retirer-{draft.files.get().pk}"))
    assert not draft.files.exists()


def test_another_person_never_reads_the_files(signed_in, contributor, client, landes):
    draft = make_draft(contributor)
    signed_in.post(f"/contribuer/p/{draft.pk}/modifier/", posted(version=1) | {"document_files": [upload()]})
    address = draft.files.get().file.get_absolute_url()
    assert b"".join(signed_in.get(address)).startswith(b"%PDF")
    client.force_login(make_member(Role.CONTRIBUTOR, landes))
    assert client.get(address).status_code == 404
    client.force_login(make_member(Role.EDITOR, landes))
    assert client.get(address).status_code == 404


def test_the_preview_is_the_page_and_nobody_elses(signed_in, contributor, client, landes):
    draft = make_draft(contributor, "event", lead="<script>alert(1)</script>")
    response = signed_in.get(f"/contribuer/p/{draft.pk}/apercu/")
    page = response.content.decode()
    assert "Café numérique" in page
    assert "<script>alert(1)" not in page
    assert response["Cache-Control"].startswith("no-store, private")
    proposal = submit_proposal(proposal=draft, actor=contributor)
    client.force_login(make_member(Role.EDITOR, landes))
    assert "Café numérique" in client.get(f"/contribuer/p/{proposal.pk}/apercu/").content.decode()


def test_what_exists_already_is_told_before_it_leaves(signed_in, contributor, landes_space):
    make_news(landes_space, title="Une permanence a Dax !", live=True)
    make_news(landes_space, title="Une permanence à Dax, brouillon secret", live=False)
    draft = make_draft(contributor)
    page = text_of(signed_in.get(f"/contribuer/p/{draft.pk}/envoyer/"))
    assert "Une permanence a Dax !" in page
    assert "brouillon secret" not in page


def test_twenty_submissions_in_a_minute_are_stopped_and_nothing_is_lost(signed_in, contributor, monkeypatch):
    monkeypatch.setattr("pages.contribution.views.SUBMISSIONS_AN_HOUR", 3)
    drafts = [make_draft(contributor, title=f"Contribution {number}") for number in range(5)]
    for draft in drafts:
        signed_in.post(f"/contribuer/p/{draft.pk}/envoyer/")
    states = list(Proposal.objects.order_by("title").values_list("state", flat=True))
    assert states.count(ProposalState.SUBMITTED) == 3
    assert states.count(ProposalState.DRAFT) == 2


def test_eicar_is_never_the_pages(signed_in, contributor):
    response = signed_in.post("/contribuer/actualite/", posted() | {"document_files": [upload("virus.csv", EICAR)]})
    assert response.status_code in (302, 422)
    assert EVENT["mode"] == ["sur_place"]


@pytest.mark.parametrize(
    ("title", "start_date", "registration_url", "why"),
    [
        ("Tout autre chose", "2027-03-02", "", "même jour, même territoire"),
        ("Tout autre chose", "2027-03-09", "https://exemple.fr/inscription", "même lien"),
        ("Café numerique !", "2027-03-09", "", "même titre, ou presque"),
        ("Tout autre chose", "2027-03-09", "", None),
    ],
)
def test_an_event_is_recognised_by_its_link_its_day_or_its_title(
    signed_in, contributor, landes_space, title, start_date, registration_url, why
):
    make_event(
        landes_space,
        EventDate(start_date=date(2027, 3, 2)),
        title="Café numérique",
        registration_url="https://exemple.fr/inscription",
    )
    draft = make_draft(contributor, "event", title=title, start_date=start_date, registration_url=registration_url)
    page = text_of(signed_in.get(f"/contribuer/p/{draft.pk}/envoyer/"))
    assert ("Cela existe peut-être déjà" in page) == (why is not None)
    if why:
        assert f"({why})" in page


@pytest.mark.parametrize(
    ("section", "label", "slug"),
    [
        ("actualites", "Proposer une actualité", "actualite"),
        ("agenda", "Proposer un événement", "evenement"),
        ("ressources", "Proposer une ressource", "ressource"),
        ("initiatives", "Proposer une initiative", "initiative"),
    ],
)
def test_each_list_leads_to_its_form_on_its_territory(signed_in, landes_space, section, label, slug):
    page = text_of(signed_in.get(f"{landes_space.page.url}{section}/"))
    assert f'href="/contribuer/{slug}/?territoire=departement-40" rel="nofollow">{label}</a>' in page
    form = text_of(signed_in.get(f"/contribuer/{slug}/?territoire=departement-40"))
    assert '<option value="departement-40" selected>' in form


def test_moderators_see_the_files_and_what_the_antivirus_says_of_them(client, contributor, landes):
    draft = make_draft(contributor)
    for name in ("clair.pdf", "attente.pdf", "douteux.pdf"):
        add_file(proposal=draft, actor=contributor, upload=upload(name), role="document")
    proposal = submit_proposal(proposal=draft, actor=contributor)
    states = {"clair.pdf": "clean", "attente.pdf": "pending", "douteux.pdf": "infected"}
    for name, state in states.items():
        StoredFile.objects.filter(name=name).update(scan_state=state)
    client.force_login(make_member(Role.EDITOR, landes))
    item = ReviewItem.objects.get(proposal=proposal)
    page = text_of(client.get(f"/admin/relecture/{item.pk}/"))
    for name, said in (("clair.pdf", "sain"), ("attente.pdf", "en attente d’analyse"), ("douteux.pdf", "infecté")):
        assert re.search(rf"{name}(</a>)? \(document, [^)]*, {said}\)", page)
        address = StoredFile.objects.get(name=name).get_absolute_url()
        assert (address in page) == (name == "clair.pdf")
    client.force_login(make_member(Role.EDITOR, Territory.objects.get(level="departement", code="84")))
    assert client.get(f"/admin/relecture/{item.pk}/").status_code == 404

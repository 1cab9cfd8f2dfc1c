"""From a draft to the page that moderators read."""

from __future__ import annotations

import pytest
from django.test import override_settings
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page, WorkflowState

from events.models import EventPage, Venue
from pages.contribution.services import (
    DraftConflict,
    InvalidProposal,
    ProposalError,
    add_file,
    delete_draft,
    join_files,
    save_draft,
    start_draft,
    submit_proposal,
    withdraw_proposal,
)
from pages.enums import ProposalState
from pages.models import Proposal, ReviewItem
from pages.moderation.services import request_changes
from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from portal.territories.models import Territory
from tests.factories import make_member, make_user
from tests.files.samples import picture, upload

from .factories import EVENT, NEWS, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(landes, landes_space):
    return make_member(Role.CONTRIBUTOR, landes, first_name="Camille")


@pytest.mark.parametrize(
    ("kind", "model", "section"),
    [
        ("news", "newspage", "actualites"),
        ("event", "eventpage", "agenda"),
        ("resource", "resourcepage", "ressources"),
        ("initiative", "initiativepage", "initiatives"),
    ],
)
def test_each_kind_becomes_a_draft_page_of_its_section_in_review(contributor, landes_space, kind, model, section):
    proposal = submit_proposal(proposal=make_draft(contributor, kind), actor=contributor)
    page = proposal.page.specific
    assert page._meta.model_name == model
    assert page.get_parent().slug == section
    assert page.path.startswith(landes_space.page.path)
    assert (page.live, page.owner, page.latest_revision.user) == (False, contributor, contributor)
    assert page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert proposal.state == ProposalState.SUBMITTED
    assert proposal.space == landes_space
    assert Notice.objects.get(recipient=contributor).kind == "contribution.received"


def test_the_text_becomes_rich_text_and_the_territory_is_precise(contributor, landes_space):
    proposal = submit_proposal(proposal=make_draft(contributor, commune="40088"), actor=contributor)
    page = proposal.page.specific
    assert page.body[0].value.source == "<p>Premier paragraphe.</p><ul><li>un</li><li>deux</li></ul>"
    assert page.territory.name == "Dax"
    assert page.place.name == "Dax"


def test_an_event_makes_its_venue_once(contributor):
    for title in ("Premier", "Second"):
        proposal = submit_proposal(proposal=make_draft(contributor, "event", title=title), actor=contributor)
        event = EventPage.objects.get(pk=proposal.page_id).get_latest_revision_as_object()
        assert str(event.venue) == "Médiathèque, Dax"
        assert [str(date) for date in event.dates.all()] == ["2027-03-02"]
    assert Venue.objects.count() == 1


def test_submitted_twice_is_one_page(contributor):
    draft = make_draft(contributor)
    first = submit_proposal(proposal=draft, actor=contributor)
    second = submit_proposal(proposal=draft, actor=contributor)
    assert first.page_id == second.page_id
    assert Page.objects.filter(title="Une permanence à Dax").count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"title": ""}, "title", "Renseignez ce champ."),
        ({"title": "x" * 256}, "title", "255"),
        ({"territory": "departement-84"}, "territory", "Vous ne contribuez pas sur ce territoire."),
        ({"territory": "departement-99"}, "territory", "Ce territoire n’existe pas."),
        ({"territory": "' OR 1=1"}, "territory", "Ce territoire n’existe pas."),
        ({"commune": "84007"}, "commune", "n’est pas dans le territoire choisi"),
        ({"source_url": "https://exemple.fr/a"}, "source", "Nommez le journal"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "URL"),
        ({"echelon": "galactique"}, "echelon", "choix"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_draft_stays(contributor, typed, field, message):
    draft = make_draft(contributor, **typed)
    with pytest.raises(InvalidProposal) as refusal:
        submit_proposal(proposal=draft, actor=contributor)
    assert message in " ".join(refusal.value.form.errors[field])
    draft.refresh_from_db()
    assert draft.state == ProposalState.DRAFT
    assert not Page.objects.filter(owner=contributor).exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"venue_name": ""}, "venue_name"),
        ({"venue_commune": ""}, "venue_commune"),
        ({"mode": "en_ligne", "venue_name": "", "venue_commune": ""}, "join_url"),
        ({"start_date": ""}, "start_date"),
        ({"end_time": "13:00"}, "end_time"),
        ({"start_date": "2027-03-28", "start_time": "02:30", "end_time": "16:00"}, "start_time"),
        ({"organiser": ""}, "organiser"),
    ],
)
def test_an_event_follows_the_rules_of_the_editors_events(contributor, typed, field):
    with pytest.raises(InvalidProposal) as refusal:
        submit_proposal(proposal=make_draft(contributor, "event", **typed), actor=contributor)
    assert set(refusal.value.form.errors) == {field}


def test_nobody_submits_after_the_membership_ended(contributor):
    draft = make_draft(contributor)
    Membership.objects.filter(user=contributor).delete()
    with pytest.raises(ProposalError, match="ne contribuez plus"):
        submit_proposal(proposal=draft, actor=contributor)
    draft.refresh_from_db()
    assert draft.data["title"] == NEWS["title"]


def test_nobody_writes_in_anothers_draft(contributor, landes):
    draft = make_draft(contributor)
    other = make_member(Role.CONTRIBUTOR, landes)
    for act in (
        lambda: save_draft(proposal=draft, actor=other, data={"title": ["Volé"]}, version=1),
        lambda: submit_proposal(proposal=draft, actor=other),
    ):
        with pytest.raises(ProposalError):
            act()
    delete_draft(proposal=draft, actor=other)
    draft.refresh_from_db()
    assert draft.title == "Une permanence à Dax"


def test_a_draft_saved_elsewhere_meanwhile_is_a_conflict(contributor):
    draft = make_draft(contributor)
    save_draft(proposal=draft, actor=contributor, data={"title": ["Premier onglet"]}, version=1)
    with pytest.raises(DraftConflict) as conflict:
        save_draft(proposal=draft, actor=contributor, data={"title": ["Second onglet"]}, version=1)
    assert conflict.value.proposal.title == "Premier onglet"
    # The same text again, as a double click sends it, is no conflict.
    save_draft(proposal=draft, actor=contributor, data={"title": ["Premier onglet"]}, version=1)


def test_the_same_form_sent_twice_begins_one_draft(contributor):
    key = make_draft(contributor).pk
    again = start_draft(actor=contributor, kind="news", data=NEWS, key=key)
    assert again.pk == key
    with pytest.raises(ProposalError):
        start_draft(actor=make_user(), kind="news", data=NEWS, key=key)
    assert Proposal.objects.count() == 1


def test_withdrawn_the_page_goes_and_the_text_stays(contributor):
    proposal = submit_proposal(proposal=make_draft(contributor), actor=contributor)
    page = proposal.page_id
    proposal = withdraw_proposal(proposal=proposal, actor=contributor)
    assert proposal.state == ProposalState.WITHDRAWN
    assert not Page.objects.filter(pk=page).exists()
    assert proposal.data["title"] == NEWS["title"]
    assert withdraw_proposal(proposal=proposal, actor=contributor).state == ProposalState.WITHDRAWN


def test_a_page_deleted_in_review_is_told_to_its_author_who_keeps_the_text(contributor):
    proposal = submit_proposal(proposal=make_draft(contributor), actor=contributor)
    proposal.page.specific.delete()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.page) == (ProposalState.REFUSED, None)
    assert proposal.data["lead"] == NEWS["lead"]
    assert Notice.objects.filter(recipient=contributor, kind="contribution.refused").count() == 1


def test_a_page_published_by_an_editor_is_a_published_proposal(contributor, commit):
    proposal = submit_proposal(proposal=make_draft(contributor), actor=contributor)
    proposal.page.get_latest_revision().publish()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PUBLISHED
    notice = Notice.objects.get(recipient=contributor, kind="contribution.published")
    assert notice.url.endswith("/actualites/une-permanence-a-dax/")


def test_the_nearest_open_space_above_reviews(nouvelle_aquitaine, landes_space):
    agen = Territory.objects.get(level="commune", code="47001")
    person = make_member(Role.CONTRIBUTOR, agen)
    proposal = submit_proposal(proposal=make_draft(person, territory="commune-47001"), actor=person)
    assert proposal.space.territory == nouvelle_aquitaine
    assert proposal.page.specific.territory == agen


def test_files_join_the_page_only_once_they_are_clean(contributor, landes_space):
    draft = make_draft(contributor, "event", image_alt="Une salle")
    image = add_file(proposal=draft, actor=contributor, upload=upload("salle.png", picture()), role="image")
    document = add_file(proposal=draft, actor=contributor, upload=upload(), role="document")
    StoredFile.objects.update(scan_state=ScanState.PENDING)
    proposal = submit_proposal(proposal=draft, actor=contributor)
    assert not get_image_model().objects.exists()
    StoredFile.objects.filter(pk=image.file_id).update(scan_state=ScanState.CLEAN)
    StoredFile.objects.filter(pk=document.file_id).update(scan_state=ScanState.INFECTED)
    assert join_files(proposal=proposal) == 1
    assert join_files(proposal=proposal) == 0
    page = Page.objects.get(pk=proposal.page_id).get_latest_revision_as_object()
    assert page.image.collection_id == landes_space.collection_id
    assert page.latest_revision.user == contributor
    assert not get_document_model().objects.exists()


@override_settings(FILES_WITHOUT_SCANNER=True, CLAMD_URL="")
def test_without_a_scanner_by_choice_files_join_at_once(contributor, landes_space):
    draft = make_draft(contributor, "event", image_decorative="on")
    add_file(proposal=draft, actor=contributor, upload=upload("salle.png", picture()), role="image")
    add_file(proposal=draft, actor=contributor, upload=upload(), role="document")
    page = submit_proposal(proposal=draft, actor=contributor).page.get_latest_revision_as_object()
    assert page.image is not None
    assert [block.block_type for block in page.body] == ["file"]


def test_an_image_must_be_described(contributor):
    draft = make_draft(contributor)
    add_file(proposal=draft, actor=contributor, upload=upload("salle.png", picture()), role="image")
    with pytest.raises(InvalidProposal) as refusal:
        submit_proposal(proposal=draft, actor=contributor)
    assert list(refusal.value.form.errors) == ["image_alt"]


def test_a_closed_space_never_gets_a_proposal(contributor, landes_space, nouvelle_aquitaine):
    from pages.services import close_territory_space

    close_territory_space(space=landes_space)
    proposal = submit_proposal(proposal=make_draft(contributor), actor=contributor)
    assert proposal.space.territory == nouvelle_aquitaine
    assert proposal.page.specific.territory.name == "Landes"


def test_the_birth_of_the_page_is_logged(contributor):
    proposal = submit_proposal(proposal=make_draft(contributor, "event"), actor=contributor)
    actions = [entry.action for entry in log_registry.get_logs_for_instance(proposal.page).order_by("timestamp", "pk")]
    assert actions[0] == "wagtail.create"
    assert "wagtail.workflow.start" in actions
    assert EVENT["title"] == [proposal.page.title]


def ask_for_changes(proposal, moderator):
    item = ReviewItem.objects.get(proposal=proposal)
    request_changes(item=item, actor=moderator, version=item.version, comments=[("title", "Plus court.")])


def test_an_answer_that_changes_the_territory_takes_the_page_along(nouvelle_aquitaine, landes_space):
    person = make_member(Role.CONTRIBUTOR, nouvelle_aquitaine)
    proposal = submit_proposal(proposal=make_draft(person), actor=person)
    ask_for_changes(proposal, make_member(Role.EDITOR, nouvelle_aquitaine))
    proposal.refresh_from_db()
    data = proposal.data | {"territory": ["region-75"]}
    proposal = save_draft(proposal=proposal, actor=person, data=data, version=proposal.version)
    proposal = submit_proposal(proposal=proposal, actor=person)
    page = proposal.page.get_latest_revision_as_object()
    assert page.place == nouvelle_aquitaine == proposal.territory
    assert proposal.space.territory == nouvelle_aquitaine
    assert page.get_parent().get_parent().pk == proposal.space.page_id
    assert ReviewItem.objects.get(proposal=proposal).space == proposal.space

"""Submitting, answering, withdrawing."""

from __future__ import annotations

from itertools import chain, count

from django.db import transaction
from django.utils import timezone
from wagtail.actions.move_page import MovePageAction
from wagtail.log_actions import log
from wagtail.models import Page, WorkflowState

from portal.accounts.abilities import get_abilities
from portal.accounts.models import User
from portal.core.contribution import ContributionKind, contribution_kind
from portal.core.contribution.forms import ContributionForm
from portal.notifications.services import notify

from ...enums import ProposalState
from ...models import FieldComment, Proposal, ProposalFile
from ..selectors import may_propose, space_for
from .drafts import editable
from .errors import InvalidProposal, ProposalError
from .joining import join_files

WRITTEN = ["page", "territory", "space", "state", "submitted_at", "submitted_data", "version", "updated_at"]


@transaction.atomic
def submit_proposal(*, proposal: Proposal, actor: User) -> Proposal:
    """Send a draft to its review: a page is born as a draft, in its section of the nearest open space, its author its
    owner, and enters the space's workflow. Submitting again what waits already does nothing.

    Side effects: the page, its revision, its workflow, log rows, a notification to the author; the files join the page
    as soon as the antivirus allows. Raises :class:`InvalidProposal` where a field is wrong, :class:`ProposalError`
    where the person may no longer propose there.
    """
    already = Proposal.objects.of(actor).filter(pk=proposal.pk, state=ProposalState.SUBMITTED).first()
    if already is not None:
        return already
    proposal = editable(proposal, actor)
    if proposal.state == ProposalState.CHANGES_REQUESTED:
        return resubmit_proposal(proposal=proposal, actor=actor)
    form, section = valid_form(proposal, actor)
    page = form.make_page()
    form.save_related(page)
    page.owner, page.live, page.has_unpublished_changes = actor, False, True
    section.add_child(instance=page)
    log(instance=page, action="wagtail.create", user=actor)
    page.save_revision(user=actor, log_action=True)
    workflow = page.get_workflow()
    if workflow is None:
        raise ProposalError("Cet espace n’a pas de circuit de relecture : prévenez l’administration du portail.")
    proposal.page, proposal.territory = page.page_ptr, form.place
    _submitted(proposal)
    proposal.save(update_fields=WRITTEN)
    workflow.start(page, actor)
    join_files(proposal=proposal)
    return _read(proposal)


@transaction.atomic
def resubmit_proposal(*, proposal: Proposal, actor: User) -> Proposal:
    """Answer what was asked: a new revision of the page with what its author changed, and the review goes on.

    What a moderator corrected meanwhile stays; where another space now covers its territory, the page moves there.
    Side effects and errors as for :func:`submit_proposal`.
    """
    proposal = editable(proposal, actor)
    if proposal.state != ProposalState.CHANGES_REQUESTED or proposal.page is None:
        raise ProposalError("Aucun changement n’est demandé sur cette contribution.")
    form, section = valid_form(proposal, actor)
    _answer(proposal)
    changed = [name for name in form.fields if proposal.data.get(name) != proposal.submitted_data.get(name)]
    if proposal.page.get_parent().pk != section.pk:
        _move(proposal.page, section, actor)
        changed.append("territory")
    page = proposal.page.get_latest_revision_as_object()
    page.slug = proposal.page.slug
    form.apply(page, changed)
    form.save_related(page)
    page.save_revision(user=actor, log_action=True)
    proposal.territory = form.place
    _submitted(proposal)
    proposal.save(update_fields=WRITTEN)
    state: WorkflowState | None = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=actor)
    elif state is None and (workflow := page.get_workflow()) is not None:
        workflow.start(page, actor)
    join_files(proposal=proposal)
    return _read(proposal)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, actor: User) -> Proposal:
    """Take back what waits: its review is cancelled and its page, never published, deleted. The text is kept.

    Withdrawing twice does nothing. Raises :class:`ProposalError` when it is decided already, or not
    ``actor``'s.
    """
    mine = Proposal.objects.of(actor).filter(pk=proposal.pk)
    found = mine.select_for_update(of=("self",)).select_related("page").first()
    if found is None:
        raise ProposalError("Cette contribution n’existe plus.")
    proposal = found
    if proposal.state == ProposalState.WITHDRAWN:
        return proposal
    if not proposal.with_moderators:
        state = proposal.get_state_display().lower()
        raise ProposalError(f"Cette contribution est « {state} » : elle ne se retire plus.")
    page = proposal.page
    if page is not None and page.live:
        raise ProposalError("Cette page est publiée : demandez sa dépublication à l’équipe de l’espace.")
    proposal.state, proposal.page, proposal.decided_at = ProposalState.WITHDRAWN, None, timezone.now()
    proposal.save(update_fields=["state", "page", "decided_at", "updated_at"])
    if page is not None:
        if review := page.current_workflow_state:
            review.cancel(user=actor)
        # Its author holds no right on pages: the withdrawal is the right.
        page.specific.delete(user=actor, skip_permission_checks=True)
    return proposal


def valid_form(proposal: Proposal, actor: User) -> tuple[ContributionForm, Page]:
    """The valid form of what was typed, and the section its page belongs in. Sets ``proposal.space``.

    Raises :class:`ProposalError` and :class:`InvalidProposal`.
    """
    kind = contribution_kind(proposal.kind)
    if kind is None:
        raise ProposalError("On ne propose plus cela ici.")
    if not may_propose(get_abilities(actor)):
        raise ProposalError(
            "Vous ne contribuez plus sur aucun territoire : votre texte est gardé en brouillon. "
            "Demandez à l’équipe de votre espace de vous inviter à nouveau."
        )
    form = bound_form(proposal, kind, actor)
    form.is_valid()
    space = space_for(form.place) if form.place is not None else None
    section = _section(space.page, kind.section) if space is not None else None
    if space is None or section is None:
        if form.place is not None:
            form.add_error("territory", "Aucun espace ouvert ne couvre ce territoire pour l’instant.")
        raise InvalidProposal(form)
    # Again, in its place: what the page says of itself depends on where it lies.
    form = bound_form(proposal, kind, actor, section)
    if not form.is_valid():
        raise InvalidProposal(form)
    proposal.space = space
    return form, section


def bound_form(proposal: Proposal, kind: ContributionKind, actor: User, parent: Page | None = None) -> ContributionForm:
    """The form bound to what was typed. With ``parent`` the page's own rules are asked too."""
    has_image = proposal.files.filter(role=ProposalFile.Role.IMAGE).exists()
    return kind.form_class().bound_to(proposal.data, abilities=get_abilities(actor), has_image=has_image, parent=parent)


def _read(proposal: Proposal) -> Proposal:
    """Afresh: the page in memory is older than its last revision."""
    return Proposal.objects.select_related("page", "space__territory", "territory", "author").get(pk=proposal.pk)


def _section(root: Page, slug: str) -> Page | None:
    """The section, locked: two pages born at once do not take the same place in the tree."""
    return Page.objects.child_of(root).filter(slug=slug).select_for_update(of=("self",)).first()


def _move(page: Page, section: Page, actor: User) -> None:
    """Put a draft beneath another section, under an address that is free there. Its author holds no right on pages:
    the answer, checked, is the right.
    """
    taken = set(Page.objects.child_of(section).filter(slug__startswith=page.slug).values_list("slug", flat=True))
    others = (f"{page.slug}-{number}" for number in count(2))
    free = next(slug for slug in chain([page.slug], others) if slug not in taken)
    if free != page.slug:
        specific = page.specific
        specific.slug = free
        specific.save(update_fields=["slug"])
    MovePageAction(page, section, pos="last-child", user=actor).execute(skip_permission_checks=True)
    page.refresh_from_db()


def _submitted(proposal: Proposal) -> None:
    proposal.state = ProposalState.SUBMITTED
    proposal.submitted_at = timezone.now()
    proposal.submitted_data = proposal.data
    proposal.version += 1
    if proposal.author is not None:
        notify(
            "contribution.received",
            recipients=[proposal.author],
            event=f"proposal:{proposal.pk}:{proposal.version}",
            url=f"/contribuer/p/{proposal.pk}/",
            context={"title": proposal.title, "space": str(proposal.space)},
        )


def _answer(proposal: Proposal) -> None:
    """Give moderators the answers that were typed beside what they asked."""
    comments = FieldComment.objects.filter(item__proposal=proposal, created_at__gte=proposal.submitted_at)
    for comment in comments.order_by("pk"):
        if typed := (proposal.data.get(f"reponse-{comment.pk}") or [""])[-1].strip():
            comment.answer = typed[:2000]
            comment.save(update_fields=["answer"])


def log_refusal(*, proposal: Proposal, actor: User, form: ContributionForm) -> None:
    """Write down that somebody sent a territory that is not theirs; nothing for any other error.

    Called once the refused transaction is over, which would take the row with it.
    """
    if form.has_error("territory", "out_of_scope"):
        typed = proposal.data.get("territory") or [""]
        refused = {"territory": str(typed[-1])[:60], "proposal": str(proposal.pk)}
        log(instance=actor, action="pages.contribution_refused", user=actor, data=refused)

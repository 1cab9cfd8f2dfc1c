"""Corrections of published pages: proposed by any reader, taken in whole or in part by who reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from portal.accounts.models import User
from portal.core.models import PageFact

from ...enums import ProposalKind, ProposalState
from ...models import Proposal
from ..corrections import REMARK, write_parts
from .errors import ProposalError


@transaction.atomic
def propose_correction(
    *,
    fact: PageFact,
    changes: Mapping[str, tuple[str, str]],
    remark: str = "",
    actor: User | None = None,
    name: str = "",
    email: str = "",
) -> Proposal:
    """Send a correction to the queue of the page's space. ``changes``: {part: (before, after)}.

    The same correction sent twice by a double click is one. Side effects: a proposal, its line in the moderators'
    queue, who are told. Raises :class:`ProposalError` where the page is not for everybody any more.
    """
    from ...moderation.errors import ReviewError
    from ...moderation.services import queue_correction

    page = Page.objects.select_for_update(of=("self",)).filter(pk=fact.pk).first()
    if page is None or not page.live or fact.space is None:
        raise ProposalError("Cette page n’est plus publiée : la correction n’a plus d’objet.")
    data = {part: after for part, (_, after) in changes.items()}
    if remark:
        data[REMARK] = remark
    twin = Proposal.objects.filter(
        kind=ProposalKind.CORRECTION, page=page, author=actor, state=ProposalState.SUBMITTED, author_email=email
    )
    for known in twin.order_by("-submitted_at")[:20]:
        if known.data == data:
            return known
    proposal = Proposal.objects.create(
        kind=ProposalKind.CORRECTION,
        state=ProposalState.SUBMITTED,
        author=actor,
        author_name=name,
        author_email=email,
        title=page.title[:255],
        territory_id=fact.territory_id,
        space=fact.space,
        page=page,
        base_revision_id=page.live_revision_id,
        data=data,
        submitted_data={part: before for part, (before, _) in changes.items()},
        version=1,
        submitted_at=timezone.now(),
    )
    try:
        queue_correction(proposal=proposal)
    except ReviewError as error:
        raise ProposalError(str(error)) from error
    return proposal


@transaction.atomic
def apply_correction(*, proposal: Proposal, fields: Iterable[str], actor: User) -> bool:
    """Write the chosen parts of a correction on top of the page as it is now; returns whether that is published.

    A remark alone changes nothing: it was read. Published by who may; a page with unpublished changes of its editors,
    or whose reviewer may not publish, gets a draft with the correction in it. Side effects: a revision by ``actor``,
    log rows, publication. Raises :class:`ProposalError` when the page is gone or refuses a value, or a part is not the
    correction's.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("page").get(pk=proposal.pk)
    chosen = list(fields)
    if unknown := [name for name in chosen if name not in proposal.data]:
        raise ProposalError(f"La correction ne dit rien de : {', '.join(unknown[:5])}.")
    if proposal.page is None:
        raise ProposalError("La page à corriger n’existe plus.")
    if chosen == [REMARK]:
        return True
    page = proposal.page.get_latest_revision_as_object()
    drafted = page.has_unpublished_changes
    try:
        write_parts(page, {name: str(proposal.data[name]) for name in chosen if name != REMARK})
        page.full_clean(exclude=["content_type", "path", "depth"])
    except ValidationError as error:
        raise ProposalError(" ".join(error.messages)) from error
    revision = page.save_revision(user=actor, log_action=True)
    published = bool(not drafted and page.live and page.permissions_for_user(actor).can_publish())
    if published:
        revision.publish(user=actor)
    return published

"""Drafts: saved whatever is wrong in them, never lost to another tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from portal.accounts.models import User
from portal.core.contribution import contribution_kind
from portal.core.contribution.forms import MAX_DOCUMENTS
from portal.files.services import FileRefused, store_upload

from ...enums import ProposalState
from ...models import Proposal, ProposalFile
from .errors import DraftConflict, ProposalError

PURPOSE = "contribution"
#: More drafts than this a person are refused: a script that loops does not fill the database.
MOST_DRAFTS = 100


@transaction.atomic
def start_draft(*, actor: User, kind: str, data: Mapping[str, Sequence[str]], key: UUID | None = None) -> Proposal:
    """Begin a proposal. ``key`` is chosen by the form, so that a double click begins one: the second finds the first.

    Raises :class:`ProposalError` for an unknown kind, another's key, or too many drafts.
    """
    if contribution_kind(kind) is None:
        raise ProposalError("On ne propose pas cela ici.")
    if key is not None and (known := Proposal.objects.filter(pk=key).first()) is not None:
        if known.author_id != actor.pk or known.kind != kind:
            raise ProposalError("Ce formulaire n’est plus valable : recommencez.")
        return known
    if Proposal.objects.of(actor).filter(state=ProposalState.DRAFT).count() >= MOST_DRAFTS:
        raise ProposalError(f"Vous avez déjà {MOST_DRAFTS} brouillons : supprimez-en avant d’en commencer un autre.")
    values: dict[str, Any] = {"kind": kind, "author": actor, "data": dict(data), "title": _title(data), "version": 1}
    if key is not None:
        values["pk"] = key
    return Proposal.objects.create(**values)


@transaction.atomic
def save_draft(*, proposal: Proposal, actor: User, data: Mapping[str, Sequence[str]], version: int) -> Proposal:
    """Keep what was typed. Raises :class:`DraftConflict` when ``version`` is not the one saved last, unless what was
    typed is the same; :class:`ProposalError` when it is no longer its author's to write.
    """
    proposal = editable(proposal, actor)
    if proposal.data == dict(data):
        return proposal
    if proposal.version != version:
        raise DraftConflict(proposal)
    proposal.data = dict(data)
    proposal.title = _title(data)
    proposal.version = version + 1
    proposal.save(update_fields=["data", "title", "version", "updated_at"])
    return proposal


@transaction.atomic
def delete_draft(*, proposal: Proposal, actor: User) -> None:
    """Delete a draft that was never submitted, or was withdrawn; its files are swept up later.

    Deleting twice does nothing. Raises :class:`ProposalError` for one that moderators have.
    """
    found = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal.pk, author=actor).first()
    if found is None:
        return
    if found.state not in (ProposalState.DRAFT, ProposalState.WITHDRAWN):
        raise ProposalError("Cette contribution a été soumise : elle se retire, elle ne se supprime pas.")
    found.delete()


@transaction.atomic
def add_file(*, proposal: Proposal, actor: User, upload: Any, role: str) -> ProposalFile:
    """Store a checked upload and attach it; a second image takes the place of the first.

    Raises :class:`portal.files.services.FileRefused`, and :class:`ProposalError` when the proposal is closed or full.
    """
    accept = ("png", "jpg", "jpeg") if role == ProposalFile.Role.IMAGE else None
    proposal = editable(proposal, actor)
    documents = proposal.files.filter(role=ProposalFile.Role.DOCUMENT).count()
    if role == ProposalFile.Role.DOCUMENT and documents >= MAX_DOCUMENTS:
        raise FileRefused(f"Une contribution porte {MAX_DOCUMENTS} documents au plus.", "too_many")
    stored = store_upload(actor=actor, upload=upload, purpose=PURPOSE, accept=accept)
    if role == ProposalFile.Role.IMAGE:
        proposal.files.filter(role=role).delete()
    return ProposalFile.objects.create(proposal=proposal, file=stored, role=role, position=documents)


@transaction.atomic
def remove_file(*, proposal: Proposal, actor: User, pk: int) -> None:
    """Take a file off a proposal. Nothing happens when it is gone already; what joined the page stays there."""
    proposal = editable(proposal, actor)
    proposal.files.filter(pk=pk, joined_at=None).delete()


def editable(proposal: Proposal, actor: User) -> Proposal:
    """The proposal, locked. Raises :class:`ProposalError` unless it is ``actor``'s and still open to them."""
    found = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("page", "territory", "space")
        .filter(pk=proposal.pk, author=actor)
        .first()
    )
    if found is None:
        raise ProposalError("Cette contribution n’existe plus.")
    if not found.is_editable:
        state = found.get_state_display().lower()
        raise ProposalError(f"Cette contribution est « {state} » : elle ne se modifie plus.")
    return found


def _title(data: Mapping[str, Sequence[str]]) -> str:
    return " ".join((list(data.get("title") or [""])[-1]).split())[:255]

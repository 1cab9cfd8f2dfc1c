"""Files of a proposal become the page's once the antivirus allows it, never before."""

from __future__ import annotations

import logging
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page

from portal.files.pictures import reencoded
from portal.files.selectors import served_states

from ...enums import ProposalState
from ...models import Proposal, ProposalFile

logger = logging.getLogger(__name__)

OPEN = (ProposalState.SUBMITTED, ProposalState.CHANGES_REQUESTED, ProposalState.PUBLISHED)


@transaction.atomic
def join_files(*, proposal: Proposal) -> int:
    """Make the scanned files of a submitted proposal an image and documents of its page; returns how many joined.

    The image is the page's illustration; documents are listed at the end of its text, and as files of a resource or
    of an initiative where the page has such a list. They lie in the space's collection, which nobody reads while no
    live page shows them. Side effects: rows, content copied to the media, one revision of the page; a page that was
    published meanwhile is published with them, unless its editors have begun other changes. Called again it does what
    is left.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("page", "space").get(pk=proposal.pk)
    if proposal.page is None or proposal.space is None or proposal.state not in OPEN:
        return 0
    waiting = list(
        proposal.files.filter(joined_at=None, file__scan_state__in=served_states(), file__erased_at=None)
        .select_related("file")
        .order_by("position", "pk")
    )
    if not waiting:
        return 0
    latest = proposal.page.latest_revision
    page = proposal.page.get_latest_revision_as_object()
    as_published = page.live and not page.has_unpublished_changes
    collection = Collection.objects.get(pk=proposal.space.collection_id)
    for each in waiting:
        if each.role == ProposalFile.Role.IMAGE:
            page.image = _image(each, proposal, collection)
        else:
            _add_document(page, _document(each, proposal, collection))
        each.joined_at = timezone.now()
        each.save(update_fields=["joined_at"])
    # The author's last word stays who edited last: four eyes look at people, not at the portal.
    revision = page.save_revision(user=latest.user if latest else None, log_action=False)
    if as_published:
        revision.publish()
    return len(waiting)


def join_waiting_files() -> int:
    """Join what was scanned since its proposal was submitted; for ``tick``. Returns how many files joined."""
    found = (
        Proposal.objects.filter(
            state__in=OPEN, files__joined_at=None, files__file__scan_state__in=served_states(), page__isnull=False
        )
        .distinct()
        .order_by("pk")
    )
    joined = 0
    for proposal in found[:500]:
        try:
            joined += join_files(proposal=proposal)
        except Exception:
            # One page that cannot be written keeps no other waiting; it is tried again the next time.
            logger.exception("The files of proposal %s could not join its page.", proposal.pk)
    return joined


def _content(each: ProposalFile) -> ContentFile[Any]:
    with each.file.open() as content:
        return ContentFile(content.read(), name=each.file.name)


def _image(each: ProposalFile, proposal: Proposal, collection: Collection) -> Any:
    model = get_image_model()
    content = reencoded(each.file)
    image = model(
        title=(proposal.title or each.file.name)[:255],
        file=content,
        collection=collection,
        uploaded_by_user=proposal.author,
        file_size=content.size,
    )
    image.save()
    image.file.close()
    return image


def _document(each: ProposalFile, proposal: Proposal, collection: Collection) -> Any:
    model = get_document_model()
    stem = each.file.name.rpartition(".")[0] or each.file.name
    document = model(
        title=stem[:255],
        file=_content(each),
        collection=collection,
        uploaded_by_user=proposal.author,
        file_size=each.file.size,
    )
    document.save()
    document.file.close()
    return document


def _add_document(page: Page, document: Any) -> None:
    """Where the page lists files (a resource, an initiative) there; else as a file at the end of the text."""
    for name in ("files", "documents"):
        manager: Any = getattr(page, name, None)
        model = getattr(manager, "model", None)
        if model is not None and any(field.name == "document" for field in model._meta.fields):
            values: dict[str, Any] = {"document": document, "sort_order": manager.count()}
            manager.add(model(**values))
            return
    body = [(block.block_type, block.value) for block in page.body]
    page.body = [*body, ("file", {"document": document, "title": "", "description": ""})]


__all__ = ["join_files", "join_waiting_files"]

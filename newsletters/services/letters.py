"""Letters begun from a selection, and pages added to them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Page

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.page_forms import free_slug
from portal.territories.models import Space

from ..letters import selection
from ..letters.blocks import MAX_ITEMS
from ..letters.selection import Criteria, Proposal
from ..models import Digest, LetterIndexPage, MailingList, NewsletterPage


class LetterError(ValueError):
    """It cannot be done; the message is a French sentence."""


def may_write(user: Any, space: Space) -> bool:
    """Whether ``user`` may write letters of ``space``."""
    return bool(space.is_open and can(user, Ability.COMPOSE_LETTER, space.territory))


@transaction.atomic
def draft_letter(
    *,
    space: Space,
    actor: User | None,
    title: str,
    criteria: Criteria,
    chosen: Sequence[Proposal | Page],
    subject: str = "",
    preheader: str = "",
    introduction: str = "",
    mailing_list: MailingList | None = None,
    digest: Digest | None = None,
) -> NewsletterPage:
    """A draft in the « lettres » section of ``space``, with an introduction (plain text) and the chosen pages in their
    order. ``actor`` None: the portal itself, for a digest.

    Side effects: the page, its first revision, a log row. Raises ``PermissionDenied`` for who may not write there,
    :class:`LetterError` where the space has no section of letters.
    """
    if actor is not None and not may_write(actor, space):
        raise PermissionDenied
    section = LetterIndexPage.objects.child_of(Page.objects.get(pk=space.page_id)).order_by("path").first()
    if section is None:
        raise LetterError("Cet espace n’a pas de rubrique de lettres.")
    if actor is not None and not section.permissions_for_user(actor).can_add_subpage():
        raise PermissionDenied
    paragraphs = "".join(f"<p>{escape(line.strip())}</p>" for line in introduction.splitlines() if line.strip())
    blocks = [{"type": "intro", "value": paragraphs}] if paragraphs else []
    letter = NewsletterPage(
        title=title,
        draft_title=title,
        subject=subject,
        preheader=preheader,
        list=mailing_list or MailingList.objects.filter(territory=space.territory, is_default=True).first(),
        digest=digest,
        body=_stream([*blocks, *selection.as_blocks(criteria, chosen)]),
        owner=actor,
        live=False,
        has_unpublished_changes=True,
    )
    letter.slug = free_slug(slugify(title)[:250] or "lettre", section, letter)
    section.add_child(instance=letter)
    log(instance=letter, action="wagtail.create", user=actor)
    letter.save_revision(user=actor, log_action=True)
    return letter


@transaction.atomic
def add_to_letter(
    *, letter: NewsletterPage, actor: User, criteria: Criteria, chosen: Sequence[Proposal | Page]
) -> NewsletterPage:
    """Pages added to the latest draft of ``letter``: at the end of its block of the same kind, else in a new one before
    what ends the letter. Those in it already are not added twice.

    Side effects: a revision and its log row; what is published stays. Raises ``PermissionDenied`` for who may not
    edit it, :class:`LetterError` while it is locked.
    """
    letter = NewsletterPage.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    permissions = letter.permissions_for_user(actor)
    if not permissions.can_edit():
        raise PermissionDenied
    if permissions.page_locked():
        raise LetterError("Cette lettre est verrouillée : elle ne peut pas être modifiée pour l’instant.")
    draft: NewsletterPage = letter.get_latest_revision_as_object()
    inside = pages_inside(draft)
    new = selection.as_blocks(criteria, [each for each in chosen if each.pk not in inside])
    if not new:
        return draft
    blocks = list(draft.body.raw_data)
    for made in new:
        _join(blocks, made)
    draft.body = _stream(blocks)
    draft.save_revision(user=actor, log_action=True)
    return draft


def pages_inside(letter: NewsletterPage) -> set[int]:
    """The pages that blocks of ``letter`` show. No query."""
    found: set[int] = set()
    for block in letter.body.raw_data:
        value = block["value"]
        if block["type"] == "headline" and value.get("page"):
            found.add(value["page"])
        elif block["type"] in ("pages", "selection", "agenda"):
            found |= {pk for item in value.get("pages", []) if (pk := _item(item).get("page"))}
    return found


def _item(item: dict[str, Any]) -> dict[str, Any]:
    """The value of an item of a list block, however old its form."""
    value: dict[str, Any] = item["value"] if "value" in item and "type" in item else item
    return value


def _join(blocks: list[Any], made: dict[str, Any]) -> None:
    """Put ``made`` into ``blocks``."""
    for place, block in enumerate(blocks):
        same = block["type"] == made["type"] and block["value"].get("kinds") == made["value"].get("kinds")
        items = block["value"].get("pages") if same else None
        # An agenda without pages of its own shows those of its period: it is left as it is.
        if same and items and len(items) + len(made["value"]["pages"]) <= MAX_ITEMS:
            value = block["value"] | {"pages": [*items, *made["value"]["pages"]]}
            blocks[place] = {**block, "value": value}
            return
    end = len(blocks)
    while end and blocks[end - 1]["type"] in ("footer", "contribute", "separator"):
        end -= 1
    blocks.insert(end, made)


def _stream(blocks: list[Any]) -> Any:
    return NewsletterPage._meta.get_field("body").stream_block.to_python(blocks)  # type: ignore[union-attr]

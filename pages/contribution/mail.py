"""The answer to a reader without an account who proposed a correction. Plain text; the address is forgotten with it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from ..enums import ProposalKind, ProposalState
from ..models import Proposal

DECIDED = (ProposalState.PUBLISHED, ProposalState.REFUSED)


def answer_reader(proposal_pk: str) -> bool:
    """Say what became of a correction, once; returns whether a message left.

    The address is taken off the row before, by one conditional UPDATE: two tasks send one message, and no lock is held
    while a relay answers. A relay that fails puts it back and raises, so that the task is tried again.
    """
    proposal = (
        Proposal.objects.filter(pk=proposal_pk, kind=ProposalKind.CORRECTION, author=None, state__in=DECIDED)
        .exclude(author_email="")
        .select_related("space__territory", "page")
        .first()
    )
    if proposal is None:
        return False
    address = proposal.author_email
    row = Proposal.objects.filter(pk=proposal.pk)
    if not row.filter(author_email=address).update(author_email=""):
        return False
    review = proposal.reviews.order_by("-submitted_at").first()
    context = {
        "proposal": proposal,
        "taken": proposal.state == ProposalState.PUBLISHED,
        "reason": review.reason if review is not None else "",
        "address": proposal.page.full_url if proposal.page is not None and proposal.page.live else "",
        "site_url": settings.SITE_URL,
    }
    try:
        EmailMessage(
            subject=" ".join(f"Votre correction de « {proposal.title} »".split())[:200],
            body=render_to_string("contribution/mail/corrected.txt", context),
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
        ).send()
    except Exception:
        row.update(author_email=address)
        raise
    return True


def answer_readers() -> int:
    """Answer those whose message could not leave; for ``tick``. Returns how many messages left."""
    waiting = Proposal.objects.filter(kind=ProposalKind.CORRECTION, author=None, state__in=DECIDED)
    keys = waiting.exclude(author_email="").order_by("decided_at", "pk").values_list("pk", flat=True)[:100]
    return sum(answer_reader(str(key)) for key in keys)

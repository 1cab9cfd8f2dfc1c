"""What the screens of a proposal show: its form with what moderators ask, its files, its state in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse

from portal.accounts.models import User
from portal.core.contribution import ContributionKind, contribution_kind
from portal.core.contribution.forms import ContributionForm

from ..enums import ProposalState
from ..models import FieldComment, Proposal
from .services.submission import bound_form

#: What happens next, said to the author.
NEXT = {
    ProposalState.DRAFT: "Vous seul la voyez. Soumettez-la quand elle est prête.",
    ProposalState.SUBMITTED: "L’équipe de l’espace la relit. Vous serez prévenu de sa décision.",
    ProposalState.CHANGES_REQUESTED: "Complétez-la, puis soumettez-la à nouveau.",
    ProposalState.PUBLISHED: "Elle est en ligne.",
    ProposalState.REFUSED: "Votre texte est gardé ici.",
    ProposalState.WITHDRAWN: "Vous l’avez retirée. Votre texte est gardé ici.",
}
BADGES = {
    ProposalState.DRAFT: "",
    ProposalState.SUBMITTED: "fr-badge--info",
    ProposalState.CHANGES_REQUESTED: "fr-badge--warning",
    ProposalState.PUBLISHED: "fr-badge--success",
    ProposalState.REFUSED: "fr-badge--error",
    ProposalState.WITHDRAWN: "",
}


@dataclass
class Line:
    """A field of the form, what is asked about it with the answers typed, and what was wrong with the files sent."""

    bound: BoundField
    asked: list[Any] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def form_groups(
    form: ContributionForm, asked: dict[str, list[Any]], errors: dict[str, list[str]]
) -> list[tuple[str, list[Line]]]:
    """The form by groups, each field with the comments about it and the errors of its files."""
    return [
        (legend, [Line(form[name], asked.get(name, []), errors.get(name, [])) for name in names])
        for legend, names in form.groups
    ]


def asked_of(proposal: Proposal) -> list[FieldComment]:
    """What moderators asked since the author last submitted, oldest first. One query."""
    if proposal.state != ProposalState.CHANGES_REQUESTED or proposal.submitted_at is None:
        return []
    return list(
        FieldComment.objects.filter(item__proposal=proposal, created_at__gte=proposal.submitted_at)
        .select_related("author")
        .order_by("created_at", "pk")
    )


def by_field(form: ContributionForm, comments: Iterable[FieldComment], typed: dict[str, Any]) -> dict[str, list[Any]]:
    """The comments by field of the form (what is about none is under ""), each with the answer typed so far."""
    found: dict[str, list[Any]] = defaultdict(list)
    for comment in comments:
        name = form.aliases.get(comment.field, comment.field)
        answers = typed.get(f"reponse-{comment.pk}") or [comment.answer]
        found[name if name in form.fields else ""].append((comment, answers[-1]))
    return dict(found)


def author_of(proposal: Proposal) -> User:
    """The author of a proposal made from the front office by somebody signed in."""
    assert proposal.author is not None
    return proposal.author


def preview(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The page in its real design: as it waits for its review, else as what was typed would make it."""
    if proposal.page is not None:
        page = proposal.page.get_latest_revision_as_object()
    else:
        kind = contribution_kind(proposal.kind)
        assert kind is not None
        form = bound_form(proposal, kind, author_of(proposal))
        form.is_valid()
        page = form.make_page()
        page.title = page.title or "Sans titre"
        place_for_preview(page, form, kind)
    response: HttpResponse = page.make_preview_request(request)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


def place_for_preview(page: Any, form: ContributionForm, kind: ContributionKind) -> None:
    """Put a page that is not saved beneath the section where it would be born."""
    from wagtail.models import Page, Site

    from .selectors import space_for

    space = space_for(form.place) if form.place is not None else None
    root = space.page if space is not None else Site.objects.get(is_default_site=True).root_page
    parent = Page.objects.child_of(root).filter(slug=kind.section).first() or root
    page.path, page.depth, page.slug = f"{parent.path}0000", parent.depth + 1, "apercu"
    page.set_url_path(parent)

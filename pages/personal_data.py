"""What pages hold about a person with an account: contributions, reviews asked for, answers to forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.contrib.forms.models import FormSubmission

from portal.accounts.data.redaction import ERASED, PersonRedaction, addresses_of
from portal.core.personal_data import Record, register

from .enums import ProposalState
from .models import PageReport, Proposal, ReviewItem


# --- Contributions ----------------------------------------------------------------------------------------------------
def _proposals(user: Any) -> QuerySet[Proposal]:
    """Theirs, and those sent from their address before they had an account."""
    wanted = Q(author=user)
    for address in addresses_of(user):
        wanted |= Q(author=None, author_email__iexact=address)
    return Proposal.objects.filter(wanted)


def proposals(user: Any) -> Iterator[Record]:
    for one in _proposals(user).select_related("territory", "space__territory").order_by("created_at", "pk"):
        yield {
            "nature": one.get_kind_display(),
            "état": one.get_state_display(),
            "titre": one.title,
            "territoire": str(one.territory or ""),
            "nom": one.author_name,
            "adresse e-mail": one.author_email,
            "saisie": one.data,
            "commencée le": one.created_at,
            "soumise le": one.submitted_at,
            "décidée le": one.decided_at,
        }


def erase_proposals(user: Any) -> None:
    """Drafts go. What was submitted keeps its history without its author, and what they typed when it is decided."""
    mine = _proposals(user)
    mine.filter(state=ProposalState.DRAFT).delete()
    redaction, kept = PersonRedaction(user).all, list(mine.order_by("pk"))
    for one in kept:
        one.author_name = one.author_email = ""
        one.data = {} if one.decided_at else redaction.clean(one.data)
        one.save(update_fields=["author_name", "author_email", "data"])
    ReviewItem.objects.filter(Q(requested_by=user) | Q(proposal__in=kept)).update(requested_label=ERASED)


# --- Answers to forms -------------------------------------------------------------------------------------------------
def _submissions(user: Any) -> list[FormSubmission]:
    """The answers in which one of the person's addresses is the whole of an answer."""
    addresses, wanted = set(addresses_of(user)), Q()
    for address in addresses:
        wanted |= Q(text__icontains=address)
    found = FormSubmission.objects.annotate(text=Cast("form_data", TextField())).filter(wanted)
    return [
        one
        for one in found.select_related("page").order_by("pk")
        if any(isinstance(value, str) and value.strip().lower() in addresses for value in one.form_data.values())
    ]


def answers(user: Any) -> Iterator[Record]:
    for one in _submissions(user):
        yield {"formulaire": one.page.title, "date": one.submit_time, "réponses": one.form_data}


def erase_answers(user: Any) -> None:
    FormSubmission.objects.filter(pk__in=[one.pk for one in _submissions(user)]).delete()


# --- Reports of pages -------------------------------------------------------------------------------------------------
def reports(user: Any) -> Iterator[Record]:
    for one in PageReport.objects.filter(email__in=addresses_of(user)).order_by("created_at", "pk"):
        yield {
            "page": one.title,
            "motif": one.get_reason_display(),
            "précisions": one.text,
            "réponse": one.answer,
            "reçu le": one.created_at,
        }


def erase_reports(user: Any) -> None:
    """A report is about a page: it stays, its sender does not."""
    PageReport.objects.filter(email__in=addresses_of(user)).update(email="", visitor="")


def register_pages() -> None:
    register(
        "contributions",
        "Mes contributions",
        export=proposals,
        erase=erase_proposals,
        keep="Vos contributions soumises restent dans l’historique de leur relecture, sans votre nom.",
        order=20,
    )
    register("answers", "Mes réponses aux formulaires", export=answers, erase=erase_answers, order=30)
    register("reports", "Mes signalements de pages", export=reports, erase=erase_reports, order=35)

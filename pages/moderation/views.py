"""« Relecture »: the queue, one review, several at once. For those who review; what is not theirs is 404."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from portal.accounts.abilities import person_of
from portal.accounts.guards import needs
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.listing.paging import page_of

from ..enums import ReviewOrigin, ReviewState
from ..models import ReviewItem
from . import services
from .diff import changes, corrected
from .errors import ReviewError
from .forms import AssignForm, CommentsForm, QueueFilter, ReasonForm, SeveralForm
from .rights import may_approve, reviews_for
from .selectors import duplicates, history, with_names
from .services.several import ACTIONS, MOST_AT_ONCE

PER_PAGE = 50
#: Fields one may always comment on, changed or not.
MAIN_FIELDS = ("title", "lead", "body", "image")


@never_cache
@needs(Ability.REVIEW)
@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    """The queue: oldest first. A constant number of queries, whatever waits."""
    form = QueueFilter(request.user, request.GET)
    shown = page_of(request, with_names(form.items()), PER_PAGE)
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "items": shown,
        "rows": [(item, not may_approve(request.user, item)) for item in shown],
        "form": form,
        "actions": list(ACTIONS.items()),
        "filtered": bool(asked),
        "now": timezone.now(),
        "query": asked.urlencode(),
        "page_title": "Relecture",
        "header_icon": "check",
    }
    return render(request, "pages/admin/moderation/queue.html", context)


def own_item(user: User | AnonymousUser, pk: uuid.UUID) -> ReviewItem:
    """The review, with everything its screen names; 404 for another territory's."""
    found = with_names(reviews_for(user)).select_related("proposal").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@never_cache
@needs(Ability.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One review: difference, comments, history, decisions. A refused decision keeps what was typed."""
    found = own_item(request.user, pk)
    screen = Screen(request, found)
    if request.method == "POST":
        try:
            done = screen.decide()
        except ReviewError as error:
            messages.error(request, str(error))
            screen.read_again()
        else:
            if done:
                messages.success(request, done)
                return redirect("review_item", pk) if screen.stays else redirect("review_queue")
    return render(request, "pages/admin/moderation/item.html", screen.context(), status=200)


class Screen:
    """The screen of one review, and its forms. One form is bound: that of the decision asked for."""

    def __init__(self, request: HttpRequest, found: ReviewItem) -> None:
        self.request, self.item, self.actor = request, found, person_of(request)
        self.decision = request.POST.get("decision", "")
        self.stays = self.decision in ("reassign", "take")
        self._read()

    def _read(self) -> None:
        item = self.item
        self.changes, self.first = [], False
        if item.origin == ReviewOrigin.CORRECTION:
            self.changes = corrected(item)
        elif item.page is not None:
            self.changes, self.first = changes(item.page, self.request)
        self.fields = self._fields()
        posted = self.request.POST if self.request.method == "POST" else None
        self.comments = CommentsForm(self.fields, posted if self.decision == "changes" else None)
        self.reason = ReasonForm(posted if self.decision == "refuse" else None)
        self.assign = AssignForm(item, posted if self.decision == "reassign" else None)

    def _fields(self) -> list[tuple[str, str]]:
        found = {change.name: change.label for change in self.changes if change.name}
        model: Any = self.item.page.specific_class if self.item.page else None
        for name in MAIN_FIELDS:
            if model is not None and name not in found and hasattr(model, name):
                found[name] = str(model._meta.get_field(name).verbose_name)
        return list(found.items())

    def read_again(self) -> None:
        """What the database has now, what was typed kept."""
        self.item = own_item(self.actor, self.item.pk)
        self._read()

    @property
    def version(self) -> int:
        """The version that was shown; none, or a forged one, never matches."""
        given = self.request.POST.get("version", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1

    def decide(self) -> str:
        """Do what is asked for; returns what to say, empty where a form has errors. Raises :class:`ReviewError`."""
        common: dict[str, Any] = {"item": self.item, "actor": self.actor, "version": self.version}
        if self.decision == "approve":
            services.approve(**common, comment=self.request.POST.get("commentaire", ""))
            return f"« {self.item.title} » est approuvée."
        if self.decision == "accept":
            services.accept_correction(**common, fields=self.request.POST.getlist("reprendre"))
            return f"La correction de « {self.item.title} » est reprise."
        if self.decision == "changes" and self.comments.is_valid():
            services.request_changes(**common, comments=self.comments.comments)
            return f"Les changements sont demandés pour « {self.item.title} »."
        if self.decision == "refuse" and self.reason.is_valid():
            services.refuse(**common, reason=self.reason.cleaned_data["motif"])
            return f"« {self.item.title} » est refusée."
        if self.decision == "reassign" and self.assign.is_valid():
            person = self.assign.cleaned_data["personne"]
            services.reassign(**common, assignee=person)
            return f"La relecture est confiée à {person}." if person else "La relecture revient à toute l’équipe."
        if self.decision == "take":
            services.take(**common)
            return "Cette relecture vous est confiée."
        if self.decision not in ("changes", "refuse", "reassign"):
            raise ReviewError("Choisissez une décision.")
        messages.error(self.request, "La décision n’est pas enregistrée : voyez les champs signalés.")
        return ""

    def context(self) -> dict[str, Any]:
        item = self.item
        labels = dict(self.fields)
        said: dict[str, list[Any]] = {}
        for comment in item.comments.select_related("author"):
            said.setdefault(comment.field, []).append(comment)
        shown = {change.name for change in self.changes}
        return {
            "item": item,
            "changes": [(change, self._field(change.name), said.get(change.name, [])) for change in self.changes],
            "others": [
                (label, self._field(name), said.get(name, [])) for name, label in self.fields if name not in shown
            ],
            "whole": (self.comments["tout"], said.get("", [])),
            "first": self.first,
            "labels": labels,
            "comments": self.comments,
            "reason": self.reason,
            "assign": self.assign,
            "approve_text": self.request.POST.get("commentaire", ""),
            "chosen": self.request.POST.getlist("reprendre") if self.decision == "accept" else None,
            "decidable": item.is_open and item.space.is_open,
            "waiting": item.state == ReviewState.WAITING,
            "barred": not may_approve(self.actor, item),
            "correction": item.origin == ReviewOrigin.CORRECTION,
            "history": list(history(item.page)) if item.page else [],
            "files": list(item.proposal.files.select_related("file")) if item.proposal else [],
            "duplicates": duplicates(item) if item.is_open else [],
            "now": timezone.now(),
            "page_title": item.title,
            "header_icon": "check",
        }

    def _field(self, name: str) -> Any:
        key = f"champ-{name}"
        return self.comments[key] if key in self.comments.fields else None


@never_cache
@needs(Ability.REVIEW)
@require_http_methods(["GET", "HEAD"])
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page as it would be, in the real design."""
    found = own_item(request.user, pk)
    if found.page is None:
        raise Http404
    draft = found.page.specific.get_latest_revision_as_object()
    answer: HttpResponse = draft.make_preview_request(request, draft.default_preview_mode)
    return answer


@never_cache
@needs(Ability.REVIEW)
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Several at once: first what would be done and what cannot, then, confirmed, doing it."""
    action = request.POST.get("action", "")
    keys = _keys(request)
    if not keys or action not in ACTIONS:
        messages.error(request, "Choisissez au moins une relecture, et ce qu’il faut en faire.")
        return redirect("review_queue")
    found = {item.pk: item for item in with_names(reviews_for(request.user)).filter(pk__in=keys)}
    if len(found) != len(keys):
        raise Http404  # Another territory's among them: nothing is done.
    items = [found[key] for key in keys]
    foreseen = services.foresee(items=items, actor=person_of(request), action=action)
    possible = [outcome.item for outcome in foreseen if not outcome.problem]
    confirming = "confirmer" in request.POST
    form = SeveralForm(action, possible, request.POST if confirming else None)
    if confirming and form.is_valid():
        versions = [(item, _version(request, item)) for item in items]
        outcomes = services.act_on_several(
            items=versions,
            actor=person_of(request),
            action=action,
            text=form.cleaned_data.get("texte") or "",
            assignee=form.cleaned_data.get("personne"),
        )
        refused = [outcome for outcome in outcomes if outcome.problem]
        done = len(outcomes) - len(refused)
        if done:
            messages.success(request, f"{ACTIONS[action]} : {done} relecture{'s' if done > 1 else ''}.")
        for outcome in refused:
            messages.warning(request, f"« {outcome.item.title} » : {outcome.problem}")
        return redirect("review_queue")
    context = {
        "foreseen": foreseen,
        "possible": possible,
        "action": action,
        "label": ACTIONS[action],
        "form": form,
        "page_title": ACTIONS[action],
        "header_icon": "check",
    }
    return render(request, "pages/admin/moderation/several.html", context)


def _keys(request: HttpRequest) -> list[uuid.UUID]:
    """The reviews chosen; 404 for what is no key, or too many."""
    given = list(dict.fromkeys(request.POST.getlist("relecture")))
    if len(given) > MOST_AT_ONCE:
        raise Http404
    try:
        return [uuid.UUID(each) for each in given]
    except ValueError as error:
        raise Http404 from error


def _version(request: HttpRequest, item: ReviewItem) -> int:
    given = request.POST.get(f"version-{item.pk}", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1

"""« Inscriptions » in the admin: the dates, and those registered to one."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from portal.accounts.abilities import person_of
from portal.accounts.stepup import step_up_required
from portal.core.listing.paging import page_of
from portal.core.spreadsheets import TYPES

from ..enums import RegistrationState
from ..guards import publishers_only
from ..models import Registration
from ..registration import services
from ..registration.forms import answers_in_words
from ..registration.rules import RegistrationRefused
from ..registration.views import send_link_again
from .access import own_date, own_registration
from .certificates import send_certificates
from .documents import sign_in_sheet
from .exports import export_registrations, filename
from .forms import AddForm, ReasonForm, RegisteredFilter
from .selectors import attending, coming, figures_of, past, registered_to

PER_PAGE = 50
MOST_AT_ONCE = 200


@publishers_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The dates to come of one's events, or those gone by. A constant number of queries."""
    gone = request.GET.get("quand") == "passees"
    dates = page_of(request, past(request.user) if gone else coming(request.user), PER_PAGE)
    context = {
        "items": dates,
        "gone": gone,
        "query": "quand=passees" if gone else "",
        "page_title": "Inscriptions",
        "header_icon": "group",
    }
    return render(request, "events/organising/index.html", context)


@publishers_only
@require_safe
def registered(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Those registered to a date."""
    occurrence = own_date(request, uid)
    form = RegisteredFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = registered_to(occurrence, state=wanted.get("state", ""), words=wanted.get("q", ""))
    items = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    questions = list(occurrence.page.questions.all())
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "occurrence": occurrence,
        "items": items,
        "rows": [(one, answers_in_words(one, questions), _acts(one)) for one in items],
        "form": form,
        "filtered": any(asked.values()),
        "query": asked.urlencode(),
        "formats": list(TYPES),
        "page_title": occurrence.shown_title,
        "header_icon": "group",
    }
    return render(request, "events/organising/registered.html", context)


def _acts(one: Registration) -> list[tuple[str, str]]:
    """What may be done of a registration: (value, label)."""
    if one.purged_at:
        return []
    acts = []
    if one.state in (RegistrationState.PENDING, RegistrationState.WAITING, RegistrationState.OFFERED):
        acts.append(("approve", "Confirmer"))
    if one.state == RegistrationState.PENDING:
        acts.append(("refuse", "Refuser"))
    elif one.state in (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED):
        acts.append(("refuse", "Retirer"))
    if acts:
        acts.append(("resend", "Renvoyer le lien"))
    return acts


@publishers_only
@require_POST
def act(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Approve, or send the link again, to one or to those checked; refusing asks for its reason first."""
    occurrence = own_date(request, uid)
    action = request.POST.get("action", "")
    chosen = [own_registration(occurrence, key) for key in request.POST.getlist("inscription")[:MOST_AT_ONCE]]
    if not chosen:
        messages.error(request, "Choisissez au moins une personne.")
    elif action == "refuse":
        return redirect("organising_refuse", uid, chosen[0].pk)
    elif action in ("approve", "resend"):
        done = sum(_do(request, action, one) for one in chosen)
        if done:
            word = "confirmée" if action == "approve" else "prévenue"
            plural = "s" if done > 1 else ""
            messages.success(request, f"{done} personne{plural} {word}{plural}.")
    return redirect("organising_date", uid)


def _do(request: HttpRequest, action: str, one: Registration) -> bool:
    if action == "resend":
        send_link_again(one)
        return True
    try:
        services.approve(registration=one, actor=person_of(request))
    except RegistrationRefused as refusal:
        messages.error(request, f"{one.name} : {refusal.message}")
        return False
    return True


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, uid: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Refuse a request, or take somebody off the list, with the reason they read."""
    occurrence = own_date(request, uid)
    one = own_registration(occurrence, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.refuse(registration=one, actor=person_of(request), reason=form.cleaned_data["reason"])
        except RegistrationRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{one.name} est prévenu par un message.")
            return redirect("organising_date", uid)
    context = {"occurrence": occurrence, "one": one, "form": form}
    return _form(request, context, "Refuser" if one.state == RegistrationState.PENDING else "Retirer de la liste")


@publishers_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Register somebody by hand, beyond the seats only where that is said."""
    occurrence = own_date(request, uid)
    questions = occurrence.page.questions.all()
    form = AddForm(request.POST if request.method == "POST" else None, occurrence=occurrence, questions=questions)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.register(
                occurrence=occurrence,
                actor=person_of(request),
                name=said["name"],
                email=said["email"],
                attending=form.way,
                organisation=said["organisation"],
                needs=said["needs"],
                answers=form.answers,
                by_organiser=True,
                beyond=said["beyond"],
            )
        except RegistrationRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{made.name} : {made.get_state_display().lower()}.")
            return redirect("organising_date", uid)
    return _form(request, {"occurrence": occurrence, "form": form}, "Inscrire une personne")


def _form(request: HttpRequest, context: dict[str, Any], title: str) -> HttpResponse:
    context |= {"page_title": title, "header_icon": "group"}
    status = 422 if context["form"].is_bound and context["form"].errors else 200
    return render(request, "events/organising/form.html", context, status=status)


@publishers_only
@require_POST
def export(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The registered as a file, after a recent proof of who asks."""
    own_date(request, uid)
    return _proved_export(request, uid)


@step_up_required
def _proved_export(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    occurrence = own_date(request, uid)
    kind = request.POST.get("format", "csv")
    kind = kind if kind in TYPES else "csv"
    content = export_registrations(occurrence=occurrence, actor=person_of(request), kind=kind)
    return _file(content, TYPES[kind], filename(occurrence, "inscriptions", kind))


@publishers_only
@require_safe
def sheet(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The sign-in sheet, to print."""
    occurrence = own_date(request, uid)
    content = sign_in_sheet(occurrence, attending(occurrence))
    return _file(content, "application/pdf", filename(occurrence, "emargement", "pdf"))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@publishers_only
@require_POST
def certificates(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Tell those marked present that their certificate is there."""
    occurrence = own_date(request, uid)
    if not occurrence.page.certificates:
        messages.error(request, "Cet événement ne donne pas d’attestation : cochez-le d’abord sur sa page.")
        return redirect("organising_date", uid)
    sent = send_certificates(occurrence=occurrence, actor=person_of(request))
    said = f"{sent} message{'s' if sent > 1 else ''} envoyé{'s' if sent > 1 else ''}." if sent else ""
    messages.success(request, said or "Personne de plus n’a été noté présent : rien n’est envoyé.")
    return redirect("organising_date", uid)


@publishers_only
@require_safe
def figures(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What became of the registrations of an event, date by date, as a chart and its table."""
    occurrence = own_date(request, uid)
    rows = figures_of(occurrence.page)
    most = max((row["confirmed"] for row in rows), default=0) or 1
    for row in rows:
        row["share"] = round(100 * row["confirmed"] / most)
        row["share_present"] = round(100 * row["present"] / most)
    context = {
        "occurrence": occurrence,
        "rows": rows,
        "totals": {name: sum(row[name] for row in rows) for name in ("confirmed", "present", "absent", "cancelled")},
        "page_title": f"Bilan : {occurrence.page.title}",
        "header_icon": "group",
    }
    return render(request, "events/organising/figures.html", context)

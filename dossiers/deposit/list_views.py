"""« Mes dossiers », and beginning one."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.abilities import person_of
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.listing.paging import page_of

from ..models import DossierType
from ..rules import DossierRefused
from ..screens import private
from ..services.drafts import create_draft, organisations_of
from . import lists
from .forms import BeginForm, OrganisationForm

PAGE = 30


@private
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The dossiers of one's organisations, and those one was invited on."""
    person = person_of(request)
    words = request.GET.get("q", "")[: lists.LONGEST_SEARCH]
    page = page_of(request, lists.mine(person, words), PAGE)
    context = {
        "items": page,
        "groups": lists.grouped(list(page)),
        "words": words,
        "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "filter_query": urlencode({"q": words}) if words else "",
        "may_begin": organisations_of(person).exists(),
    }
    return render(request, "dossiers/deposit/list.html", context)


@private
@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """What may be deposited now, and what will be or was."""
    found = list(DossierType.objects.published().defer("form").order_by("title", "pk"))
    context = {"open": [each for each in found if each.is_open], "shut": [each for each in found if not each.is_open]}
    return render(request, "dossiers/deposit/types.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """What a type is for; its form begins a draft. The organisation is chosen first where there are several."""
    person = person_of(request)
    type_ = DossierType.objects.published().filter(code=code).first()
    if type_ is None:
        raise Http404
    choosing = OrganisationForm(request.GET or None, user=person, type_=type_)
    own = list(choosing.fields["organisation"].queryset)  # type: ignore[attr-defined]
    organisation = _chosen(choosing, own, request)
    form = None
    if organisation is not None and type_.is_open:
        form = BeginForm(request.POST if request.method == "POST" else None, type_=type_, organisation=organisation)
    refusal = None
    if request.method == "POST":
        if form is None or organisation is None:
            refusal = DossierRefused(
                "window", "Le dépôt n’est pas ouvert à votre organisation pour ce type de dossier."
            )
        elif form.is_valid():
            try:
                dossier = create_draft(
                    type_=type_,
                    organisation=organisation,
                    territory=form.cleaned_data["territory"],
                    actor=person,
                    key=request.POST.get("key", ""),
                )
            except PermissionDenied:
                raise Http404 from None
            except DossierRefused as refused:
                refusal = refused
            else:
                messages.success(request, "Votre brouillon est commencé : il s’enregistre au fur et à mesure.")
                return redirect("dossiers:edit", dossier.pk)
    context = {
        "type": type_,
        "organisation": organisation,
        "organisations": own,
        "choosing": OrganisationForm(user=person, type_=type_) if len(own) > 1 else None,
        "form": form,
        "refusal": refusal,
        "key": uuid.uuid4().hex,
        "kinds": [OrganisationKind(kind).label for kind in type_.organisation_kinds if kind in OrganisationKind.values],
    }
    return render(request, "dossiers/deposit/type.html", context, status=422 if request.method == "POST" else 200)


def _chosen(choosing: OrganisationForm, own: list[Organisation], request: HttpRequest) -> Organisation | None:
    if len(own) == 1:
        return own[0]
    named = request.POST.get("organisation") if request.method == "POST" else request.GET.get("organisation")
    return next((each for each in own if str(each.pk) == named), None)

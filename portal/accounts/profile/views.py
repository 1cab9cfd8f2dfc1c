"""« Mon profil », and the welcome that leads a newcomer through it. Every step is saved by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.listing.paging import page_of

from ..abilities import get_abilities, person_of
from ..enums import OrganisationKind
from ..fields import OrganisationField
from ..models import Profile, User
from ..rules import Ability
from .claims import ClaimError, claims_for, join_claim, make_claimed, set_claim_aside
from .forms import FORMS, TITLES
from .services import STEPS, end_welcome, next_step, pass_over, profile_of, save_step


@never_cache
@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """What one has said of oneself, step by step."""
    found = profile_of(person_of(request))
    return render(request, "accounts/profile.html", {"profile": found, "steps": TITLES.items()})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request: HttpRequest, step: str) -> HttpResponse:
    return _step(request, step, welcome=False)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, step: str = "") -> HttpResponse:
    """The steps one after the other. Without a step: the first that is left. A POST may pass over, or stop here."""
    person = person_of(request)
    if request.method == "POST" and request.POST.get("action") == "later":
        end_welcome(actor=person)
        messages.info(request, "Vous pourrez compléter votre profil à tout moment, dans « Mon compte ».")
        return redirect("account")
    if not step:
        left = next_step(profile_of(person))
        return redirect("welcome-step", left) if left else redirect("profile")
    if request.method == "POST" and request.POST.get("action") == "skip" and step in STEPS:
        pass_over(actor=person, step=step)
        return _onwards(request, step)
    return _step(request, step, welcome=True)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: HttpRequest) -> HttpResponse:
    """The organisations to confirm, within one's reach. A POST settles one: join, make or set aside."""
    person = person_of(request)
    if not get_abilities(request.user).anywhere(Ability.MANAGE_ORGANISATIONS):
        raise PermissionDenied
    if request.method == "POST":
        number = request.POST.get("profil", "")
        valid = number.isascii() and number.isdigit() and len(number) < 18
        claim = get_object_or_404(claims_for(person), pk=int(number) if valid else 0)
        _settle(request, person, claim)
        return redirect("organisation-claims")
    items = page_of(request, claims_for(person), 30)
    context = {
        "items": items,
        "page_numbers": items.paginator.get_elided_page_range(items.number),
        "filter_query": "",
        "kinds": OrganisationKind.choices,
    }
    return render(request, "accounts/claims.html", context)


def _settle(request: HttpRequest, person: User, claim: Profile) -> None:
    action = request.POST.get("action")
    try:
        if action == "make":
            made = make_claimed(actor=person, claim=claim, kind=request.POST.get("nature", ""))
            messages.success(request, f"« {made} » est une organisation du réseau.")
        elif action == "join":
            joined = OrganisationField().clean(request.POST.get("organisation", "").strip()[:200])
            assert joined is not None  # The field is required.
            join_claim(actor=person, claim=claim, organisation=joined)
            messages.success(request, f"Rattachement fait à « {joined} ».")
        elif action == "aside":
            set_claim_aside(actor=person, claim=claim)
            messages.success(request, "Le nom est retiré du profil.")
    except ClaimError as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def _step(request: HttpRequest, step: str, *, welcome: bool) -> HttpResponse:
    if step not in FORMS:
        raise Http404
    # Not ``request.user`` itself: a name that is refused would show in the header.
    person = User.objects.select_related("territory").get(pk=person_of(request).pk)
    found = profile_of(person)
    found.user = person
    form = FORMS[step](request.POST if request.method == "POST" else None, profile=found)
    if request.method == "POST" and form.is_valid():
        save_step(actor=person, step=step, data=form.data_to_save())
        if welcome:
            return _onwards(request, step)
        messages.success(request, f"« {TITLES[step]} » : c’est enregistré.")
        return redirect("profile")
    names = list(STEPS)
    number = names.index(step) + 1
    context: dict[str, Any] = {
        "form": form,
        "step": step,
        "title": TITLES[step],
        "welcome": welcome,
        "number": number,
        "count": len(names),
        "following": TITLES[names[number]] if number < len(names) else "",
        "previous": names[number - 2] if number > 1 else "",
    }
    return render(request, "accounts/profile_step.html", context)


def _onwards(request: HttpRequest, step: str) -> HttpResponse:
    """The step after this one; after the last, the welcome is over."""
    names = list(STEPS)
    number = names.index(step) + 1
    if number < len(names):
        return redirect("welcome-step", names[number])
    end_welcome(actor=person_of(request))
    messages.success(request, "Merci ! Votre profil est enregistré ; vous pouvez le modifier à tout moment.")
    return redirect("account")

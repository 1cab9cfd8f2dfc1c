"""« Mon équipe », and the screen an invitation leads to. A GET changes nothing."""

from __future__ import annotations

import uuid
from typing import Any, Final

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.listing.paging import page_of
from portal.core.ratelimit import too_many
from portal.territories.models import Space

from ..abilities import can, get_abilities, person_of
from ..enums import InvitationState
from ..models import Invitation, Membership, User
from ..rules import Ability, Reach, reach
from .forms import InviteForm, NewAccountForm
from .selectors import grantable_roles, invitations_managed_by
from .services import InvitationError, accept, accept_with_new_account, check_usable, invite, resend, revoke
from .tokens import BadInvitationError, read_invitation_token

PER_PAGE: Final = 30
OPENINGS_AN_HOUR: Final = 120
_PLACED: Final = (Reach.TERRITORY, Reach.ORGANISATION)


# --- Mon équipe ------------------------------------------------------------------------------------------------------
def _managing(request: HttpRequest) -> User:
    """Who is signed in, if they manage roles somewhere; 403 otherwise."""
    person = person_of(request)
    if not get_abilities(request.user).anywhere(Ability.MANAGE_MEMBERSHIPS):
        raise PermissionDenied
    return person


@never_cache
@login_required
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """The invitations within what one manages, by state."""
    person = _managing(request)
    state = request.GET.get("etat", "")
    rows = invitations_managed_by(person)
    if state in InvitationState.values:
        rows = rows.in_state(state)
    else:
        state = ""
    items = page_of(request, rows.order_by("-created_at", "pk"), PER_PAGE)
    context = {
        "items": items,
        "page_numbers": items.paginator.get_elided_page_range(items.number),
        "filter_query": f"etat={state}" if state else "",
        "state": state,
        "states": InvitationState.choices,
    }
    return render(request, "invitations/team.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_somebody(request: HttpRequest) -> HttpResponse:
    person = _managing(request)
    form = InviteForm(request.POST or None, roles=grantable_roles(person), initial=_usual_place(person))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = invite(
                actor=person,
                email=data["email"],
                role=data["role"],
                territory=data.get("territory"),
                organisation=data.get("organisation"),
                message=data["message"],
            )
        except InvitationError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"Une invitation part à {made.email}.")
            return redirect("team")
    return render(request, "invitations/invite.html", {"form": form})


@never_cache
@login_required
@require_POST
def resend_one(request: HttpRequest, invitation: uuid.UUID) -> HttpResponse:
    person = _managing(request)
    found = get_object_or_404(invitations_managed_by(person), pk=invitation)
    try:
        resend(actor=person, invitation=found)
    except InvitationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"L’invitation repart à {found.email}.")
    return redirect("team")


@never_cache
@login_required
@require_POST
def revoke_one(request: HttpRequest, invitation: uuid.UUID) -> HttpResponse:
    person = _managing(request)
    found = get_object_or_404(invitations_managed_by(person), pk=invitation)
    try:
        revoke(actor=person, invitation=found)
    except InvitationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"L’invitation de {found.email} est annulée : son lien ne sert plus.")
    return redirect("team")


def _usual_place(person: User) -> dict[str, Any]:
    """Where a person with one such role invites: there. Nothing for those with several, or all of France."""
    held = [
        held for held in get_abilities(person).memberships if reach(held.role, Ability.MANAGE_MEMBERSHIPS) in _PLACED
    ]
    if len(held) != 1:
        return {}
    return {"territory": held[0].territory, "organisation": held[0].organisation_id}


# --- The link --------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what; the POST accepts, with the account of that address, made here where there is none."""
    if too_many(request, "invitation-open", OPENINGS_AN_HOUR):
        return render(request, "429.html", status=429)
    try:
        found = read_invitation_token(token)
        check_usable(found)
    except BadInvitationError:
        reason = "Ce lien d’invitation n’est pas le bon. Ouvrez-le tel qu’il figure dans le message."
        return _useless(request, reason, None)
    except InvitationError as error:
        return _useless(request, str(error), found)
    account = User.objects.filter(email__iexact=found.email).first()
    if account is not None and not account.is_active:
        return _useless(request, "Le compte de cette adresse est désactivé.", found)
    if request.user.is_authenticated:
        return _as_signed_in(request, found)
    if account is not None:
        return render(request, "invitations/invitation.html", {"invitation": found, "screen": "sign-in"})
    return _as_newcomer(request, found)


def _as_signed_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    person = person_of(request)
    screen = "accept" if person.email.lower() == found.email else "other"
    error = ""
    if request.method == "POST" and screen == "accept":
        try:
            membership = accept(user=person, invitation=found)
        except InvitationError as refused:
            error = str(refused)
        else:
            return _welcome(request, person, membership)
    status = 403 if request.method == "POST" and screen == "other" else 200
    context = {"invitation": found, "screen": screen, "error": error}
    return render(request, "invitations/invitation.html", context, status=status)


def _as_newcomer(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, invitation=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            person, membership = accept_with_new_account(
                invitation=found,
                first_name=data["first_name"],
                last_name=data["last_name"],
                password=data["password1"],
            )
        except InvitationError as error:
            form.add_error(None, str(error))
        else:
            record_authentication(request, person, method="code", email=person.email)
            login = Login(user=person, email=person.email, redirect_url=_landing(person, membership))
            response: HttpResponse = perform_login(request, login)
            messages.success(request, _greeting(membership))
            return response
    return render(request, "invitations/invitation.html", {"invitation": found, "screen": "sign-up", "form": form})


def _useless(request: HttpRequest, reason: str, found: Invitation | None) -> HttpResponse:
    return render(request, "invitations/useless.html", {"reason": reason, "invitation": found}, status=410)


def _welcome(request: HttpRequest, person: User, membership: Membership) -> HttpResponse:
    messages.success(request, _greeting(membership))
    return redirect(_landing(person, membership))


def _greeting(membership: Membership) -> str:
    where = membership.organisation or (membership.territory.label if membership.territory else "")
    return f"Votre rôle est enregistré\u00a0: {membership.get_role_display()}, {where}."


def _landing(person: User, membership: Membership) -> str:
    """The space in the admin for who edits it; « Mon compte » for others."""
    if membership.territory is not None and can(person, Ability.ACCESS_ADMIN, membership.territory):
        space = Space.objects.filter(territory=membership.territory, closed_at=None).first()
        if space is not None and can(person, Ability.PUBLISH, membership.territory):
            return reverse("wagtailadmin_explore", args=[space.page_id])
        return reverse("wagtailadmin_home")
    return reverse("account")

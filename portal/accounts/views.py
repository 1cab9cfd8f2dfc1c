"""« Mon compte », and the way into the admin."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .abilities import get_abilities, person_of
from .enums import InvitationState
from .models import Invitation, Membership
from .profile.services import profile_of
from .rules import Ability


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """« Mon compte »: roles, profile, sign-in, messages, data; each with the screen where it changes."""
    person = person_of(request)
    roles = Membership.objects.valid().filter(user=person).select_related("territory", "organisation")
    waiting = Invitation.objects.in_state(InvitationState.WAITING).filter(email=person.email.lower())
    context = {
        "profile": profile_of(person),
        "roles": roles.order_by("role", "pk"),
        "invited": waiting.select_related("territory", "organisation").order_by("created_at", "pk"),
        "manages": get_abilities(request.user).anywhere(Ability.MANAGE_MEMBERSHIPS),
    }
    return render(request, "accounts/account.html", context)


@never_cache
def page_login(request: HttpRequest) -> HttpResponse:
    """``/_util/login/``, where Wagtail sends readers of private pages: the portal's sign-in, then back."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    return redirect_to_login(target, login_url=reverse("account_login"))


@never_cache
def admin_login(request: HttpRequest) -> HttpResponse:
    """``/admin/login/``: there is one sign-in, the portal's. Who is signed in without access is told so (403)."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("wagtailadmin_home")
    if not request.user.is_authenticated:
        return redirect_to_login(target, login_url=reverse("account_login"))
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return render(request, "accounts/no_admin.html", status=403)
    return redirect(target)

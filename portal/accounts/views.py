"""« Mon compte », and the way into the admin."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .abilities import person_of
from .forms import ProfileForm
from .models import Membership, User


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """A person's own page: name, address, password, roles."""
    # Not ``request.user`` itself: a name that is refused would show in the header.
    person = User.objects.get(pk=person_of(request).pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos nom et prénom sont enregistrés.")
        return redirect("account")
    roles = Membership.objects.valid().filter(user=person).select_related("territory", "organisation")
    return render(request, "accounts/account.html", {"form": form, "roles": roles.order_by("role", "pk")})


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

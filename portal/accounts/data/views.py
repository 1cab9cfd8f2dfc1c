"""« Mes données »: what is held, an archive of it, the end of an account and the way back. GET changes nothing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from portal.core.personal_data import holdings
from portal.core.ratelimit import too_many

from ..abilities import person_of
from ..stepup import step_up_required
from .export import write_archive
from .forms import EraseForm
from .services import ErasureRefusedError, cancel_erasure, request_erasure
from .services.erasure import DELAY
from .tokens import BadTokenError, read_cancel

EXPORTS_AN_HOUR = 10


@never_cache
@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is held, and what may be done about it."""
    return render(request, "accounts/data/data.html", {"holdings": holdings()})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def export(request: HttpRequest) -> HttpResponseBase:
    """A button; posted, the archive. Logged."""
    if request.method != "POST":
        return render(request, "accounts/data/export.html")
    if too_many(request, "own-data", EXPORTS_AN_HOUR):
        messages.error(request, "Vous avez déjà demandé plusieurs archives. Réessayez dans une heure.")
        return redirect("personal-data:data")
    person = person_of(request)
    archive = write_archive(person)
    log(instance=person, action="accounts.data.export", user=person)
    name = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def erase(request: HttpRequest) -> HttpResponseBase:
    """What erasing does, and a word to write; posted, the account is closed and its holder signed out."""
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure = request_erasure(actor=person_of(request))
        except ErasureRefusedError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            return render(request, "accounts/data/asked.html", {"erasure": erasure})
    context = {"form": form, "holdings": [one for one in holdings() if one.keep], "days": DELAY.days}
    return render(request, "accounts/data/erase.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of the mail, or after signing in to a closed account: a button; posted, the account is back."""
    try:
        erasure = read_cancel(token)
    except BadTokenError as error:
        response = render(request, "accounts/data/bad_token.html", {"reason": str(error)}, status=410)
    else:
        if request.method == "POST":
            cancel_erasure(erasure=erasure)
            messages.success(request, "La suppression est annulée. Connectez-vous : votre compte est comme avant.")
            return redirect("account_login")
        response = render(request, "accounts/data/cancel.html", {"erasure": erasure})
    # The address of the page is a secret.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response

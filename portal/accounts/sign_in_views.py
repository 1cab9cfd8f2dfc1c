"""Signing in by a link, confirming by a code, and the list of one's sessions. A GET changes nothing here."""

from __future__ import annotations

import time
from typing import Any, Final

from allauth.account.internal.flows import email_verification
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import BaseReauthenticateView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from portal.core.ratelimit import over_limit, too_many

from .abilities import person_of
from .adapter import AccountAdapter
from .services import end_sessions, use_sign_in_link, user_sessions
from .sign_in_forms import LinkRequestForm, MailCodeForm
from .tasks import send_sign_in_link
from .tokens import SIGN_IN_SECONDS, BadLinkError, read_sign_in_token

REQUESTS_AN_HOUR: Final = 20
REQUESTS_AN_ADDRESS: Final = 5
OPENINGS_AN_HOUR: Final = 60
CODES_AN_HOUR: Final = 5
CODE_KEY: Final = "step_up_code"
CODE_SECONDS: Final = 10 * 60
CODE_TRIES: Final = 5
TOO_MANY: Final = "Trop d’essais. Attendez quelques minutes, puis réessayez."


def safe_target(request: HttpRequest, target: str) -> str:
    """``target`` if it is an address of this site, else ""."""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and safe else ""


# --- A link by mail --------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_sign_in_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link. Whatever the address, the request does the same and answers the same; a task does the rest."""
    form = LinkRequestForm(request.POST or None)
    target = safe_target(request, request.POST.get("next", request.GET.get("next", "")))
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"].strip().lower()
        if too_many(request, "sign-in-link", REQUESTS_AN_HOUR) or over_limit(
            address, "sign-in-link", REQUESTS_AN_ADDRESS
        ):
            form.add_error(None, TOO_MANY)
        else:
            send_sign_in_link.enqueue(address, target)
            return redirect("sign-in-link-sent")
    context = {"form": form, "redirect_field_name": "next", "redirect_field_value": target}
    return render(request, "account/sign_in_link_request.html", context)


@never_cache
@require_safe
def sign_in_link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/sign_in_link_sent.html", {"minutes": SIGN_IN_SECONDS // 60})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows a button (software that reads mail opens links); the POST signs in, the second factor still asked."""
    if too_many(request, "sign-in-link-open", OPENINGS_AN_HOUR):
        return render(request, "429.html", status=429)
    try:
        if request.method == "POST":
            return _sign_in(request, token)
        link = read_sign_in_token(token)
    except BadLinkError:
        return render(request, "account/sign_in_link.html", {"link": None}, status=410)
    return render(request, "account/sign_in_link.html", {"link": link})


def _sign_in(request: HttpRequest, token: str) -> HttpResponse:
    link = use_sign_in_link(token=token)
    if request.user.is_authenticated and request.user.pk != link.user_id:
        logout(request)
    record_authentication(request, link.user, method="code", email=link.user.email)
    email_verification.verify_email_indirectly(request, link.user, link.user.email)
    login = Login(user=link.user, email=link.user.email, redirect_url=link.target or None)
    response: HttpResponse = perform_login(request, login)
    return response


# --- A code by mail, for accounts with neither password nor second factor ---
@method_decorator([never_cache, login_required], name="dispatch")
class StepUpCodeView(BaseReauthenticateView):
    """Confirm who one is by a code sent to one's address. The code lives in the session, hashed, for ten minutes."""

    form_class = MailCodeForm
    template_name = "account/step_up_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "send":
            return self._send(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _send(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        if over_limit(str(person.pk), "step-up-code", CODES_AN_HOUR):
            messages.error(request, TOO_MANY)
            return redirect(request.get_full_path())
        code = get_random_string(8, "0123456789")
        request.session[CODE_KEY] = {"digest": self._digest(code), "at": time.time(), "tries": 0}
        AccountAdapter().render_mail("account/email/step_up_code", person.email, {"user": person, "code": code}).send()
        return redirect(request.get_full_path())

    def _digest(self, code: str) -> str:
        return salted_hmac("portal.accounts.step_up", f"{person_of(self.request).pk}:{code}").hexdigest()

    def _kept(self) -> dict[str, Any] | None:
        kept = self.request.session.get(CODE_KEY)
        return kept if kept and 0 <= time.time() - kept["at"] < CODE_SECONDS and kept["tries"] < CODE_TRIES else None

    def form_valid(self, form: Any) -> HttpResponse:
        kept = self._kept()
        if kept is None:
            form.add_error("code", "Ce code a expiré. Demandez-en un autre.")
            return self.form_invalid(form)
        if not constant_time_compare(kept["digest"], self._digest(form.cleaned_data["code"])):
            self.request.session[CODE_KEY] = kept | {"tries": kept["tries"] + 1}
            form.add_error("code", "Ce code n’est pas le bon.")
            return self.form_invalid(form)
        del self.request.session[CODE_KEY]
        person = person_of(self.request)
        record_authentication(self.request, person, method="code", email=person.email, reauthenticated=True)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sent": self._kept() is not None}


# --- Sessions --------------------------------------------------------------------------------------------------------
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. A POST signs out one of them (``session``), or all but this one."""
    person = person_of(request)
    found = user_sessions(person)
    if request.method == "POST":
        number = request.POST.get("session", "")
        others = found.exclude(session_key=request.session.session_key)
        if number:
            others = (
                others.filter(pk=int(number))
                if number.isascii() and number.isdigit() and len(number) < 18
                else (others.none())
            )
        ended = end_sessions(others)
        if ended:
            log(instance=person, action="accounts.sessions.end", user=person, data={"count": ended})
            messages.success(request, "La session est fermée." if ended == 1 else f"{ended} sessions sont fermées.")
        else:
            messages.info(request, "Il n’y avait plus rien à fermer.")
        return redirect("usersessions_list")
    rows = [
        {"pk": each.pk, "since": each.created_at, "device": device(each.user_agent), "network": each.ip,
         "current": each.session_key == request.session.session_key}
        for each in found[:100]
    ]  # fmt: skip
    return render(request, "usersessions/usersession_list.html", {"sessions": rows, "others": len(rows) > 1})


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str) -> str:
    """« Firefox sur Windows »: enough to know one's own devices by."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} sur {system}" if system else browser

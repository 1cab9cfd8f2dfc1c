"""Screens of the second factor that differ from allauth's: where one was going is kept, and a GET writes nothing."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa import app_settings
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .mfa import HELD_KEY, NEXT_KEY, SecondFactorAdapter, has_second_factor, needs_second_factor

confirmed = reauthentication_required(app="allauth.mfa")


def remember_target(request: HttpRequest) -> None:
    """Keep in the session where the person was going, if it is on this site."""
    target = request.GET.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        request.session[NEXT_KEY] = target


@method_decorator(never_cache, name="dispatch")
class SecondFactorView(IndexView):
    """« Double authentification »: what is set up, what may be added, and why one was led here."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        remember_target(request)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = context["authenticators"]
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        user: Any = self.request.user
        obliged = needs_second_factor(user)
        held = bool(found.get(Authenticator.Type.TOTP) or found.get(Authenticator.Type.WEBAUTHN))
        return context | {
            "totp": found.get(Authenticator.Type.TOTP),
            "keys": found.get(Authenticator.Type.WEBAUTHN, []),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "codes_total": app_settings.RECOVERY_CODE_COUNT,
            "obliged": obliged,
            "due": obliged and not held,
        }


class _ReturnsMixin:
    """After the first factor: the recovery codes, then on to where one was going."""

    did_generate_recovery_codes: bool
    request: HttpRequest

    def get_success_url(self) -> str:
        self.request.session[HELD_KEY] = True
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes")
        return reverse("mfa_index")


@method_decorator(never_cache, name="dispatch")
class ActivateTotpView(_ReturnsMixin, ActivateTOTPView):
    pass


@method_decorator(never_cache, name="dispatch")
class AddPasskeyView(_ReturnsMixin, AddWebAuthnView):
    """A refused key is said on the form, and the name typed is kept."""


@method_decorator(never_cache, name="dispatch")
@method_decorator(confirmed, name="dispatch")
class RemovePasskeyView(RemoveWebAuthnView):
    """allauth looks at what may be removed for applications only; here it holds for keys too."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"removable": SecondFactorAdapter().can_delete_authenticator(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not SecondFactorAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, SecondFactorAdapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        if not has_second_factor(self.request.user):  # type: ignore[arg-type]
            self.request.session.pop(HELD_KEY, None)
        return response


@method_decorator(never_cache, name="dispatch")
class ReauthenticatePasskeyView(ReauthenticateWebAuthnView):
    """A refused key leads back to the same screen, not to the sign-in."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for message in form.errors.get("credential", ["La clé n’a pas été lue. Réessayez."]):
            messages.error(self.request, message)
        return redirect(self.request.get_full_path())


def _unused_codes(request: HttpRequest) -> list[str]:
    user: Any = request.user
    found = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    if not found:
        raise Http404
    codes: list[str] = found.wrap().get_unused_codes()
    return codes


@never_cache
@login_required
@confirmed
@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The unused codes, and the way on. Unlike allauth's own screen, it writes nothing down."""
    context = {"codes": _unused_codes(request), "target": request.session.get(NEXT_KEY, "")}
    return render(request, "mfa/recovery_codes/index.html", context)


@never_cache
@login_required
@confirmed
@require_safe
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The unused codes as a text file, one a line."""
    body = "\n".join(["Codes de secours du portail, chacun sert une fois :", "", *_unused_codes(request), ""])
    response = HttpResponse(body, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
    return response

"""To ProConnect, back, and signing out there. Without configuration these addresses are 404."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.views import ConnectionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.ratelimit import too_many

from ..abilities import person_of
from .adapter import is_configured
from .client import ProConnectError, configuration
from .provider import ID_TOKEN_KEY, PROVIDER, ProConnectOAuth2Adapter
from .selectors import proposed_organisation

STARTS_AN_HOUR: Final = 60
SIGN_OUT_KEY: Final = "proconnect_sign_out_state"


class _CallbackView(OAuth2CallbackView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)
        except (KeyError, TypeError, ValueError) as error:
            # allauth reads the answer of the token endpoint as it comes.
            provider = self.adapter.get_provider()
            problem = ProConnectError(f"The answer cannot be read: {type(error).__name__}")
            response = render_authentication_error(request, provider, exception=problem)
        return response

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.expected_nonce = state.get("nonce", "")  # type: ignore[attr-defined]
        return state, response


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """A POST leads to ProConnect; a GET shows the button."""
    if request.method == "POST" and too_many(request, "proconnect", STARTS_AN_HOUR):
        return render(request, "429.html", status=429)
    return _run(OAuth2LoginView, request)


@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Back from ProConnect. A state serves once, in the browser that began."""
    return _run(_CallbackView, request)


def _run(view: Any, request: HttpRequest) -> HttpResponse:
    try:
        response: HttpResponse = view.adapter_view(ProConnectOAuth2Adapter(request, PROVIDER))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response


@method_decorator([never_cache, login_required], name="dispatch")
class ProConnectAccountView(ConnectionsView):
    """« ProConnect » in one's account: link, unlink, and the organisation it names."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = person_of(self.request)
        linked = list(context["form"].accounts.order_by("pk"))
        return context | {
            "linked": linked,
            "available": is_configured(),
            "organisation": proposed_organisation(person) if linked else None,
        }


# --- Signing out -----------------------------------------------------------------------------------------------------
def sign_out_address(request: HttpRequest) -> tuple[str, str]:
    """Where to end the session at ProConnect too, and the state to check at the return; ("", "") for other sessions.

    The address and its order of parameters: OpenID Connect RP-Initiated Logout 1.0, 2. Asks ProConnect's
    configuration; where it does not answer, the portal's own session ends alone.
    """
    id_token = request.session.get(ID_TOKEN_KEY)
    if not id_token or not is_configured():
        return "", ""
    try:
        endpoint = configuration()["end_session_endpoint"]
    except ProConnectError:
        return "", ""
    state = get_random_string(43)
    query = {
        "id_token_hint": id_token,
        "state": state,
        "post_logout_redirect_uri": settings.SITE_URL + reverse("proconnect-signed-out"),
    }
    return f"{endpoint}?{urlencode(query)}", state


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Back from ProConnect after signing out: said only where this browser asked for it."""
    if not is_configured():
        raise Http404
    expected = request.session.pop(SIGN_OUT_KEY, "")
    if expected and constant_time_compare(expected, request.GET.get("state", "")):
        messages.success(request, "Vous êtes déconnecté du portail et de ProConnect.")
    return redirect("/")

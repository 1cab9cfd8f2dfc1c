"""The provider that allauth asks: what is sent to ProConnect, and how its answer becomes an account."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string

from .client import ProConnectError, as_text, configuration, user_info, verified_claims

PROVIDER: Final = "proconnect"
ID_TOKEN_KEY: Final = "proconnect_id_token"  # noqa: S105 - a key of the session
SCOPES: Final = ["openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id"]
LONGEST_UID: Final = 191


class ProConnectOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    expected_nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        return configuration()

    @property
    def basic_auth(self) -> bool:
        return False  # ProConnect takes the secret in the body (client_secret_post).

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return settings.SITE_URL + reverse("proconnect_callback")

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Both tokens verified, of the same person, and the nonce that of this browser's request."""
        raw = kwargs["response"].get("id_token")
        identity = verified_claims(raw, required=("iss", "aud", "sub", "exp", "iat", "nonce"))
        nonce = identity["nonce"]
        if (
            not self.expected_nonce
            or not isinstance(nonce, str)
            or not constant_time_compare(nonce, self.expected_nonce)
        ):
            raise ProConnectError("The nonce is not that of the request.")
        person = user_info(token.token)
        if person["sub"] != identity["sub"]:
            raise ProConnectError("The two answers are of two persons.")
        request.session[ID_TOKEN_KEY] = raw
        return self.get_provider().sociallogin_from_response(request, person)


class ProConnectProvider(OpenIDConnectProvider):
    """allauth's OpenID Connect, with signed answers, a nonce, and nothing taken from the request's parameters."""

    id = PROVIDER
    name = "ProConnect"
    oauth2_adapter_class = ProConnectOAuth2Adapter
    supports_token_authentication = False

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("proconnect_login")

    def get_callback_url(self) -> str:
        return reverse("proconnect_callback")

    def get_scope(self) -> list[str]:
        return list(SCOPES)

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def get_auth_params(self) -> dict[str, str]:
        return {"acr_values": "eidas1"}

    def get_auth_params_from_request(self, request: HttpRequest, action: Any) -> dict[str, str]:
        return self.get_auth_params()

    def redirect(
        self, request: HttpRequest, process: Any, next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To ProConnect, with a nonce kept beside the state; a French screen where it does not answer."""
        nonce = get_random_string(43)
        kwargs["auth_params"] = self.get_auth_params() | {"nonce": nonce}
        try:
            response: HttpResponse = super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)
        except ProConnectError as error:
            response = render_authentication_error(request, self, exception=error)
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        """``sub`` names a person within one identity provider: two of them may use the same."""
        idp, sub = data.get("idp_id"), data.get("sub")
        if not (isinstance(idp, str) and idp and isinstance(sub, str) and sub):
            raise ProConnectError("It does not say who the person is, or by whom they were identified.")
        uid = f"{idp}:{sub}"
        return uid if len(uid) <= LONGEST_UID else hashlib.sha256(uid.encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: from where the person comes. Names and address are the account's own."""
        return {"idp_id": as_text(data, "idp_id", 100), "siret": as_text(data, "siret", 20)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "email": as_text(data, "email", 254).lower(),
            "first_name": as_text(data, "given_name", 80),
            "last_name": as_text(data, "usual_name", 80),
        }

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Never verified: it is what the identity provider says. The person confirms it as everybody does."""
        email = as_text(data, "email", 254).lower()
        return [EmailAddress(email=email, verified=False, primary=True)] if email else []


provider_classes = [ProConnectProvider]

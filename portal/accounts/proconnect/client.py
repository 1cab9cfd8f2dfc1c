"""HTTP to ProConnect, and its signed answers. Every failure is a :class:`ProConnectError`."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.providers.base import ProviderException
from django.conf import settings
from django.core.cache import caches

#: Seconds to connect, and between two pieces of an answer.
TIMEOUT: Final = (3.05, 5)
LARGEST_ANSWER: Final = 512 * 1024
ALGORITHMS: Final = ("RS256", "ES256")
CLOCK_LEEWAY: Final = 30  # seconds
CONFIGURATION_KEPT: Final = 600  # seconds


class ProConnectError(ProviderException):
    """ProConnect does not answer, or not what it must."""


class BoundedSession(requests.Session):
    """Requests with a time limit and a size limit, that follow no redirect (the issuer is the owner's choice)."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        response = super().request(*args, **kwargs)
        body = b""
        for piece in response.iter_content(64 * 1024):
            body += piece
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise requests.RequestException("The answer is too long.")
        response._content = body  # requests would read it again.
        if response.is_redirect:
            raise requests.RequestException("A redirect is not followed.")
        return response


def fetch(url: str, **headers: str) -> requests.Response:
    """GET ``url``. Raises :class:`ProConnectError` unless the answer is a 200."""
    try:
        with BoundedSession() as session:
            response = session.get(url, headers=headers)
    except requests.RequestException as error:
        raise ProConnectError(f"{urlsplit(url).path}: {type(error).__name__}") from error
    if response.status_code != 200:
        raise ProConnectError(f"{urlsplit(url).path}: status {response.status_code}")
    return response


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError as error:
        raise ProConnectError("The answer is no JSON.") from error
    if not isinstance(found, dict):
        raise ProConnectError("The answer is no JSON object.")
    return found


def configuration() -> dict[str, Any]:
    """The issuer's discovery document, kept ten minutes. Raises :class:`ProConnectError`.

    It must be of the issuer asked, and its endpoints on the issuer's host (OpenID Connect Discovery 1.0, 4.3).
    """
    issuer = settings.PROCONNECT_ISSUER
    cache, key = caches["default"], f"proconnect:{issuer}"
    found: dict[str, Any] | None = cache.get(key)
    if found is not None:
        return found
    found = _json(fetch(f"{issuer}/.well-known/openid-configuration"))
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise ProConnectError("The configuration is of another issuer.")
    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint")
    own = urlsplit(issuer)
    for name in names:
        parts = urlsplit(str(found.get(name, "")))
        if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            raise ProConnectError(f"{name} is missing or on another host.")
    found = {name: found[name] for name in ("issuer", *names)}
    cache.set(key, found, CONFIGURATION_KEPT)
    return found


def verified_claims(token: Any, *, required: tuple[str, ...] = ("iss", "aud", "sub")) -> dict[str, Any]:
    """The claims of a JWT signed by the issuer for this portal: signature, issuer, audience and dates are checked.

    The key is one that the issuer publishes, of an algorithm allowed here. Raises :class:`ProConnectError`.
    """
    known = configuration()
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise ProConnectError("The token is signed by no algorithm allowed.")
        keys = jwt.PyJWKSet.from_dict(_json(fetch(known["jwks_uri"])))
        key = next((each for each in keys.keys if each.key_id == header.get("kid")), None)
        if key is None:
            raise ProConnectError("The token is signed by an unknown key.")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.key,
            algorithms=[header["alg"]],
            audience=settings.PROCONNECT_CLIENT_ID,
            issuer=known["issuer"],
            leeway=CLOCK_LEEWAY,
            options={"require": list(required)},
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ProConnectError(f"The token is refused: {type(error).__name__}") from error
    return claims


def user_info(access_token: str) -> dict[str, Any]:
    """What ProConnect says of the person: a signed JWT; a plain JSON answer is refused. Raises ProConnectError."""
    response = fetch(configuration()["userinfo_endpoint"], Authorization=f"Bearer {access_token}")
    if response.headers.get("Content-Type", "").partition(";")[0].strip() != "application/jwt":
        raise ProConnectError("What it says of the person is not signed.")
    return verified_claims(response.text.strip())


def as_text(claims: dict[str, Any], name: str, longest: int) -> str:
    """A claim as a short text; "" where it is missing or no text."""
    value = claims.get(name)
    return value.replace("\x00", "").strip()[:longest] if isinstance(value, str) else ""

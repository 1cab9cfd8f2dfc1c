"""What tests of signing in need: confirmed addresses, second factors, recent proofs."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import caches
from django.test import Client

from portal.accounts.models import User
from tests.factories import PASSWORD


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/compte/login/", {"login": user.email, "password": password} | extra)


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def prove(client: Client, user: User, age: int = 0) -> None:
    """As if ``user``, already signed in, had confirmed who they are ``age`` seconds ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() - age, "reauthenticated": True}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()


def add_totp(user: User) -> str:
    """Give ``user`` an application and recovery codes. Returns the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str) -> str:
    """The code the application shows now; codes already used count as new."""
    caches["default"].clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def link_in(mail: Any) -> str:
    return re.search(r"https?://testserver(\S+)", mail.body)[1]  # type: ignore[index]

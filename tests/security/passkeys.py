"""A passkey as a browser registers one; nobody holds its private half."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from portal.accounts.models import User


def make_passkey(user: User) -> Authenticator:
    """One for ``user``; its identifier is theirs alone."""
    number = f"passkey-{user.pk}".encode().ljust(16, b"-")
    public = ES256({1: 2, 3: -7, -1: 1, -2: hashlib.sha256(number).digest(), -3: bytes(32)})
    held = AttestedCredentialData.create(bytes(16), number, public)
    data = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, held)
    credential: dict[str, Any] = {
        "id": websafe_encode(number),
        "rawId": websafe_encode(number),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(b'{"type":"webauthn.create","challenge":"","origin":"http://testserver"}'),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
    }
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Une clé", "credential": credential})

"""Signed links and tokens of accounts. Each is bound to its purpose by its salt."""

from __future__ import annotations

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import SignInLink, User

SIGN_IN_SALT = "portal.accounts.sign_in_link"
SIGN_IN_SECONDS = 15 * 60


class BadLinkError(Exception):
    """The link was not signed here, is too old, has served, or what it stood for has changed."""


def _stamp(user: User) -> str:
    """Changes with the address and the password: a link sent before is void afterwards."""
    return salted_hmac(SIGN_IN_SALT, f"{user.pk}:{user.email}:{user.password}").hexdigest()[:32]


def sign_in_token(link: SignInLink) -> str:
    return signing.dumps([link.pk, _stamp(link.user)], salt=SIGN_IN_SALT)


def read_sign_in_token(token: str) -> SignInLink:
    """The unused link of an active person that ``token`` stands for. One query. Raises :class:`BadLinkError`."""
    try:
        pk, stamp = signing.loads(token, salt=SIGN_IN_SALT, max_age=SIGN_IN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLinkError from error
    link = SignInLink.objects.select_related("user").filter(pk=pk, used_at=None, user__is_active=True).first()
    if link is None or not constant_time_compare(stamp, _stamp(link.user)):
        raise BadLinkError
    return link


class PasswordResetTokens(EmailAwarePasswordResetTokenGenerator):
    """allauth's, without its repair of missing addresses: opening the link (a GET) would write a row.

    The value is the same either way, so links sent before hold.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:  # type: ignore[override]
        value = PasswordResetTokenGenerator._make_hash_value(self, user, timestamp)
        others = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True).order_by("pk")
        return value + "|".join(sorted({user.email, *others} - {""}))

"""Keys to the API: made, revoked, recognised."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.territories.models import Territory

from ..models import ApiToken
from ..rules import DossierRefused

BEGINNING = "pin_"
MOST_KEYS = 20
LONGEST = timedelta(days=366)
# Written at most so often, that reading writes no row each time.
_USED_EVERY = timedelta(minutes=10)


class Scope(StrEnum):
    """What a key lets a program do; never more than its person may."""

    READ = "dossiers:read"
    DECIDE = "dossiers:decide"


LABELS = {Scope.READ: "Lire les dossiers", Scope.DECIDE: "Instruire et décider"}


@transaction.atomic
def create_token(
    *, actor: User, name: str, scopes: Collection[str], expires_at: datetime, territory: Territory | None = None
) -> tuple[ApiToken, str]:
    """A key in the name of ``actor``, and its secret, which is told this once and not kept.

    Raises PermissionDenied to whom instructs nowhere (or not in ``territory``), :class:`~dossiers.rules.DossierRefused`
    (``scopes``, ``expires_at``, ``many``). Side effects: a row, and one of the log.
    """
    if not can(actor, Ability.INSTRUCT, territory):
        raise PermissionDenied
    known = [scope.value for scope in Scope if scope in scopes]
    if not known or len(known) != len(set(scopes)):
        raise DossierRefused("scopes", "Choisissez ce que cette clé permet.", "scopes")
    if not timezone.now() < expires_at <= timezone.now() + LONGEST:
        raise DossierRefused("expires_at", "Une clé vaut un an au plus.", "expires_at")
    if usable(actor).count() >= MOST_KEYS:
        raise DossierRefused("many", "Vous avez déjà vingt clés : révoquez-en une.")
    secret = BEGINNING + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=actor,
        name=name,
        digest=_digest(secret),
        prefix=secret[:10],
        scopes=known,
        territory=territory,
        expires_at=expires_at,
    )
    log(instance=token, action="dossiers.api_token.create", user=actor, data={"name": name, "scopes": known})
    return token, secret


def revoke_token(*, token: ApiToken, actor: User) -> None:
    """End a key of one's own. Raises PermissionDenied for another's. Doing it again changes nothing."""
    if token.user_id != actor.pk:
        raise PermissionDenied
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            log(instance=token, action="dossiers.api_token.revoke", user=actor, data={"name": token.name})


def usable(user: User):  # type: ignore[no-untyped-def]
    """The keys of ``user`` that open something."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())


def recognise(header: str) -> ApiToken | None:
    """The key that an ``Authorization: Bearer …`` names, of a person who is active; None otherwise. One query."""
    kind, _, secret = header.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret.startswith(BEGINNING) or len(secret) > 200:
        return None
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("user", "territory")
        .filter(digest=_digest(secret), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is not None and (token.last_used_at is None or token.last_used_at < now - _USED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _digest(secret: str) -> str:
    """Of 256 random bits: a plain hash is enough, and its index finds it in constant time."""
    return hashlib.sha256(secret.encode()).hexdigest()

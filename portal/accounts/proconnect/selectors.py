"""What ProConnect says of a person's employer."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount

from ..models import Organisation, User
from .provider import PROVIDER


def proposed_organisation(user: User) -> Organisation | None:
    """The organisation whose SIRET ProConnect gave at the last sign-in: to propose, never to join by itself."""
    for account in SocialAccount.objects.filter(user_id=user.pk, provider=PROVIDER).order_by("-last_login", "-pk"):
        siret = str(account.extra_data.get("siret", "")).replace(" ", "")
        if len(siret) == 14 and siret.isascii() and siret.isdigit():
            return Organisation.objects.filter(siret=siret).first()
    return None

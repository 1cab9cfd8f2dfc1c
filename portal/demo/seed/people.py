"""Organisations and accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.accounts.enums import Function, OrganisationKind, Role, Shown
from portal.accounts.models import Organisation, Profile, User
from portal.accounts.services import grant_membership
from portal.territories.selectors import territory_by_key

from ..accounts import ACCOUNTS, PASSWORD
from ..content.organisations import DEPOSITOR, HUBS, OTHERS
from .store import Store

WELCOMED: dict[str, Any] = {"welcomed_at": timezone.now()}
# Three of them figure in the directory, each otherwise.
_NAMED: dict[str, Any] = {"show_name": Shown.NETWORK, "show_function": Shown.NETWORK, "show_territory": Shown.NETWORK}
PROFILES: dict[str, dict[str, Any]] = {
    "editeur": WELCOMED | _NAMED | {"function": Function.HUB, "show_email": Shown.NETWORK},
    "contributeur": WELCOMED | _NAMED | {"function": Function.MEDIATION, "show_email": Shown.STAFF},
    "mediateur": WELCOMED | _NAMED | {"function": Function.MEDIATION, "position": "Médiation en bus numérique"},
}


def seed_organisations(store: Store) -> None:
    rows = [(name, OrganisationKind.HUB, keys[0], keys) for name, keys in HUBS]
    rows += [(name, OrganisationKind(kind), key, (key,)) for name, kind, key in OTHERS]
    for name, kind, home, keys in rows:
        territory = territory_by_key(home)
        if territory is None:
            continue

        def make(name=name, kind=kind, territory=territory, keys=keys) -> Organisation:  # type: ignore[no-untyped-def]
            organisation = Organisation.objects.create(name=name, kind=kind, territory=territory)
            organisation.covered.set([found for key in keys if (found := territory_by_key(key))])
            return organisation

        store.once(f"organisation:{name}", make)


def seed_accounts(store: Store) -> None:
    for account in ACCOUNTS:
        territory = territory_by_key(account.territory)

        def make(account=account, territory=territory) -> User:  # type: ignore[no-untyped-def]
            user = User.objects.filter(email=account.email).first() or User.objects.create_user(
                account.email,
                PASSWORD,
                first_name=account.first_name,
                last_name=account.last_name,
                territory=None if account.role == Role.ADMIN_NATIONAL else territory,
            )
            EmailAddress.objects.get_or_create(
                user=user, email=account.email, defaults={"verified": True, "primary": True}
            )
            Profile.objects.get_or_create(user=user, defaults=PROFILES.get(account.email.split("@")[0], WELCOMED))
            if account.role == Role.DEPOSITOR:
                organisation = Organisation.objects.filter(name=account.organisation or DEPOSITOR).first()
                grant_membership(actor=None, user=user, role=account.role, organisation=organisation)
            elif account.role:
                grant_membership(actor=None, user=user, role=account.role, territory=territory)
            return user

        store.once(f"account:{account.email}", make)

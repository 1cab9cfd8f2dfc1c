"""Organisations and accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation, User
from portal.accounts.services import grant_membership
from portal.territories.selectors import territory_by_key

from ..accounts import ACCOUNTS, PASSWORD
from ..content.organisations import DEPOSITOR, HUBS, OTHERS
from .store import Store


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
            if account.role == Role.DEPOSITOR:
                organisation = Organisation.objects.filter(name=DEPOSITOR).first()
                grant_membership(actor=None, user=user, role=account.role, organisation=organisation)
            elif account.role:
                grant_membership(actor=None, user=user, role=account.role, territory=territory)
            return user

        store.once(f"account:{account.email}", make)

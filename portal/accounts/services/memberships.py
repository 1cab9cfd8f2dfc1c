"""Giving and taking back roles. Each change is checked against the actor's own, logged, and the groups follow."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.territories.enums import Level
from portal.territories.models import Territory

from ..abilities import get_abilities
from ..enums import Role
from ..models import Membership, Organisation, User
from ..rules import DOSSIER_ROLES, NATIONAL_ROLES, ORGANISATION_ROLES, Ability


class GrantError(Exception):
    """The role cannot be given or taken back; the message is French, for the person who tried."""


@transaction.atomic
def grant_membership(
    *,
    actor: User | None,
    user: User,
    role: str,
    territory: Territory | None = None,
    organisation: Organisation | None = None,
    expires_on: dt.date | None = None,
) -> Membership:
    """Give ``user`` a role; given again, its last day changes. ``actor`` None is the system (commands, set-up).

    Side effects: a log row on ``user``; by signal, the person's groups. Raises :class:`GrantError` when the actor
    may not give this role there, when the role lacks what it is held on, or when the last day is past.
    """
    check_shape(role=role, territory=territory, organisation=organisation)
    if expires_on is not None and expires_on < timezone.localdate():
        raise GrantError("Le dernier jour est déjà passé.")
    _check_actor(actor, role, territory, organisation)
    membership, created = Membership.objects.get_or_create(
        user=user,
        role=role,
        territory=territory,
        organisation=organisation,
        defaults={"granted_by": actor, "expires_on": expires_on},
    )
    if not created and membership.expires_on != expires_on:
        membership.expires_on = expires_on
        membership.granted_by = actor
        membership.save(update_fields=["expires_on", "granted_by"])
    log(instance=user, action="accounts.grant", user=actor, data=_log_data(membership))
    return membership


@transaction.atomic
def revoke_membership(*, actor: User | None, membership: Membership) -> None:
    """Take a role back. Side effects: a log row on the person; by signal, their groups.

    Raises :class:`GrantError` when the actor may not, or would take away the last national administrator.
    """
    _check_actor(actor, membership.role, membership.territory, membership.organisation)
    if membership.role in NATIONAL_ROLES:
        check_not_last_admin(membership.user)
    log(instance=membership.user, action="accounts.revoke", user=actor, data=_log_data(membership))
    membership.delete()


@transaction.atomic
def disable_user(*, actor: User, user: User) -> None:
    """Disable an account: it can no longer sign in and its roles count for nothing; its history stays readable.

    Side effects: a log row; by signal, the person's groups. Raises :class:`GrantError` unless the actor is a
    national administrator, and for oneself, a superuser (by anyone but another) or the last administrator.
    """
    _check_may_manage(actor, user)
    if user == actor:
        raise GrantError("On ne désactive pas son propre compte.")
    check_not_last_admin(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    log(instance=user, action="accounts.disable", user=actor)


@transaction.atomic
def enable_user(*, actor: User, user: User) -> None:
    """Enable an account again, its roles as they were. Errors and side effects as for :func:`disable_user`."""
    _check_may_manage(actor, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    log(instance=user, action="accounts.enable", user=actor)


def check_shape(*, role: str, territory: Territory | None, organisation: Organisation | None) -> None:
    """Raise :class:`GrantError` unless ``role`` is held on what it is meant for."""
    if role not in Role.values:
        raise GrantError("Ce rôle n'existe pas.")
    if role in ORGANISATION_ROLES:
        if organisation is None:
            raise GrantError("Ce rôle se tient dans une organisation : indiquez-la.")
        if territory is not None:
            raise GrantError("Ce rôle se tient dans une organisation, pas sur un territoire.")
    elif role in NATIONAL_ROLES:
        if territory is None or territory.level != Level.NATION:
            raise GrantError("L'administration nationale se tient sur la France entière.")
    elif role in DOSSIER_ROLES:
        if territory is None and organisation is None:
            raise GrantError("Indiquez un territoire ou une organisation.")
    elif territory is None:
        raise GrantError("Ce rôle se tient sur un territoire : indiquez-le.")


def _check_actor(actor: User | None, role: str, territory: Territory | None, organisation: Organisation | None) -> None:
    if actor is None:
        return
    where = [target for target in (territory, organisation) if target is not None]
    abilities = get_abilities(actor)
    if not where or not all(abilities.can_grant(role, target) for target in where):
        raise GrantError("Vous ne pouvez pas donner ou retirer ce rôle ici.")


def _check_may_manage(actor: User, user: User) -> None:
    # Opening spaces is what only the national administration may do.
    if not get_abilities(actor).anywhere(Ability.OPEN_SPACES) or (user.is_superuser and not actor.is_superuser):
        raise GrantError("Vous ne pouvez pas changer ce compte.")


def check_not_last_admin(user: User) -> None:
    """Refuse what would leave nobody able to manage roles."""
    # Two administrators removing each other at once: the second waits here, and finds the other gone.
    list(Territory.objects.select_for_update(no_key=True).filter(level=Level.NATION).values_list("pk"))
    admins = Membership.objects.valid().filter(role__in=NATIONAL_ROLES)
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()
    if admins.filter(user=user).exists() and not others and not admins.exclude(user=user).exists():
        raise GrantError("C'est la dernière personne à administrer le portail.")


def _log_data(membership: Membership) -> dict[str, str]:
    return {
        "role": membership.role,
        "territory": membership.territory.key if membership.territory else "",
        "organisation": str(membership.organisation or ""),
        "expires_on": membership.expires_on.isoformat() if membership.expires_on else "",
    }

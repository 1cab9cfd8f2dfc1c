"""Who may do what: the role table of the field, as one table (docs/accounts.md).

``RULES[role][ability]`` says how far an ability reaches; a missing cell is a refusal. Nothing else in the project
decides rights from a role's name: views, services and Wagtail's derived groups all read this table.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from .enums import Role


class Ability(StrEnum):
    """Something a person may do."""

    ACCESS_ADMIN = "access_admin"
    PUBLISH = "publish"
    REVIEW = "review"
    PROPOSE = "propose"
    COMPOSE_LETTER = "compose_letter"
    SEND_LETTER = "send_letter"
    MANAGE_LISTS = "manage_lists"
    INSTRUCT = "instruct"
    VALIDATE = "validate"
    MANAGE_DOSSIER_TYPES = "manage_dossier_types"
    ADVISE = "advise"
    DEPOSIT = "deposit"
    READ_DOSSIERS = "read_dossiers"
    VIEW_CONTACTS = "view_contacts"
    EXPORT_CONTACTS = "export_contacts"
    MANAGE_MEMBERSHIPS = "manage_memberships"
    MANAGE_ORGANISATIONS = "manage_organisations"
    OPEN_SPACES = "open_spaces"
    VIEW_AUDIT = "view_audit"


class Reach(StrEnum):
    """How far an ability reaches. ``TERRITORY`` flows down: a région's reaches its départements, EPCI, communes."""

    FRANCE = "france"  # Everywhere. Held on the nation only.
    TERRITORY = "territory"  # The membership's territory and what it contains, wholly or in part.
    ORGANISATION = "organisation"  # The membership's organisation.
    DOSSIER = "dossier"  # The dossiers the person was named on: the dossier itself says which.


_T, _O, _D = Reach.TERRITORY, Reach.ORGANISATION, Reach.DOSSIER

RULES: Final[dict[Role, dict[Ability, Reach]]] = {
    Role.ADMIN_NATIONAL: dict.fromkeys(Ability, Reach.FRANCE),
    Role.EDITOR: {
        Ability.ACCESS_ADMIN: _T,
        Ability.PUBLISH: _T,
        Ability.REVIEW: _T,
        Ability.PROPOSE: _T,
        Ability.COMPOSE_LETTER: _T,
        Ability.VIEW_CONTACTS: _T,
        Ability.MANAGE_MEMBERSHIPS: _T,
        Ability.MANAGE_ORGANISATIONS: _T,
    },
    Role.SENDER: {
        Ability.ACCESS_ADMIN: _T,
        Ability.SEND_LETTER: _T,
        Ability.MANAGE_LISTS: _T,
    },
    Role.INSTRUCTOR: {
        Ability.INSTRUCT: _T,
        Ability.VALIDATE: _T,
        Ability.READ_DOSSIERS: _T,
        Ability.VIEW_CONTACTS: _T,
        Ability.EXPORT_CONTACTS: _T,
        Ability.MANAGE_MEMBERSHIPS: _T,
    },
    Role.ADVISOR: {Ability.ADVISE: _D, Ability.READ_DOSSIERS: _D},
    Role.CONTRIBUTOR: {Ability.PROPOSE: _T},
    Role.DEPOSITOR: {
        Ability.DEPOSIT: _O,
        Ability.READ_DOSSIERS: _O,
        Ability.VIEW_CONTACTS: _O,
        Ability.MANAGE_MEMBERSHIPS: _O,
    },
    Role.READER: {Ability.READ_DOSSIERS: _O},
}

# The roles each role may give (and take back) inside its own reach: never one above itself.
GRANTABLE: Final[dict[Role, frozenset[Role]]] = {
    Role.ADMIN_NATIONAL: frozenset(Role),
    Role.EDITOR: frozenset({Role.EDITOR, Role.CONTRIBUTOR}),
    Role.INSTRUCTOR: frozenset({Role.INSTRUCTOR, Role.ADVISOR, Role.DEPOSITOR, Role.READER}),
    Role.DEPOSITOR: frozenset({Role.DEPOSITOR, Role.READER}),
}

# Who has one of these somewhere must have a second factor: the whole portal, or thousands of mailboxes, is at stake.
SECOND_FACTOR: Final = frozenset({Ability.OPEN_SPACES, Ability.SEND_LETTER})

ORGANISATION_ROLES: Final = frozenset({Role.DEPOSITOR, Role.READER})
#: Held on the whole country, and nowhere else.
NATIONAL_ROLES: Final = frozenset(role for role, cells in RULES.items() if Reach.FRANCE in cells.values())
#: Held on a territory or in an organisation: what they reach, each dossier says.
DOSSIER_ROLES: Final = frozenset(role for role, cells in RULES.items() if Reach.DOSSIER in cells.values())
#: What the first editors of a space are given.
SPACE_ROLE: Final = Role.EDITOR


def reach(role: str, ability: Ability) -> Reach | None:
    """The cell of the table; None is a refusal. An unknown role has no right."""
    return RULES[Role(role)].get(ability) if role in RULES else None


def roles_with(ability: Ability) -> list[Role]:
    """The roles that have ``ability``, whatever its reach."""
    return [role for role, cells in RULES.items() if ability in cells]


def may_grant(role: str, granted: str) -> bool:
    """Whether a holder of ``role`` may give ``granted`` (inside their reach, which is not looked at here)."""
    return granted in GRANTABLE.get(role, frozenset())  # type: ignore[call-overload]

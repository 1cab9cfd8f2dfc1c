"""Who may ask for what: every address of the portal has a row here, or ``test_matrix.py`` fails.

``RULES`` says who, from the role table of :mod:`portal.accounts.rules`; ``TABLE`` names the rule of each address and
what it answers to whoever the rule lets in. Everybody else is refused: visitors are led to the sign-in or find nothing
(404); who is signed in is led to the sign-in of the administration, back to its home, or told 403 or 404. Out of the
administration what is private and not one's own is always 404.

``docs/permissions.md`` is written from this module: ``make permissions``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.accounts.enums import Role
from portal.accounts.rules import ORGANISATION_ROLES, Ability, Reach, may_grant, roles_with
from portal.accounts.rules import RULES as ROLES

ANONYMOUS, PERSON, SUPERUSER = "anonymous", "person", "superuser"
#: Everybody the matrix knows: visitors, people without a role, one person a role, superusers.
WHO = (ANONYMOUS, PERSON, *Role.values, SUPERUSER)
#: Answers that are no status of HTTP: led back to the administration's home, or to the sign-in.
HOME, SIGN_IN = "home", "sign-in"
Answer = int | str


@dataclass(frozen=True)
class Rule:
    """Who is let in: ``own`` where the object is in their territory (or there is none), ``other`` elsewhere, ``mine``
    where it is about them (see :mod:`tests.security.mine`; asked only of rules that have it)."""

    says: str
    own: frozenset[str]
    other: frozenset[str]
    mine: frozenset[str] = frozenset()

    def let_in(self, where: str) -> frozenset[str]:
        """``where``: "own", "other" or "mine"."""
        found: frozenset[str] = getattr(self, where)
        return found


def anywhere(says: str, who: frozenset[str]) -> Rule:
    return Rule(says, who, who)


def having(says: str, *abilities: Ability, and_admin: bool = False) -> Rule:
    """Who has one of ``abilities`` there. ``and_admin``: the screen lies in the administration."""
    own, other = {SUPERUSER}, {SUPERUSER}
    for ability in abilities:
        roles = {role for role in roles_with(ability) if not and_admin or Ability.ACCESS_ADMIN in ROLES[role]}
        own |= roles
        other |= {role for role in roles if ROLES[role][ability] == Reach.FRANCE}
    return Rule(says, frozenset(own), frozenset(other))


def holding(*abilities: Ability) -> frozenset[str]:
    return having("", *abilities).own


def granting(says: str, role: str) -> Rule:
    """Who may give ``role`` there."""
    own = frozenset({SUPERUSER, *(each for each in Role.values if may_grant(each, role))})
    return Rule(says, own, having("", Ability.MANAGE_MEMBERSHIPS).other & own)


EVERYBODY = frozenset(WHO)
RULES: dict[str, Rule] = {
    "everybody": anywhere("Everybody, visitors included.", EVERYBODY),
    "signed-in": anywhere("Whoever is signed in, for their own account alone.", EVERYBODY - {ANONYMOUS}),
    "owner": Rule("Whoever it belongs to, and nobody else.", frozenset(), frozenset(), EVERYBODY - {ANONYMOUS}),
    "owner-or-superuser": Rule(
        "Whoever it belongs to, and superusers.",
        frozenset({SUPERUSER}),
        frozenset({SUPERUSER}),
        EVERYBODY - {ANONYMOUS},
    ),
    "admin": anywhere("Whoever enters the administration (`access_admin`).", holding(Ability.ACCESS_ADMIN)),
    "pages": having("Who publishes there (`publish`).", Ability.PUBLISH),
    "review": having("Who reviews there (`review`).", Ability.REVIEW),
    "own-explorer": anywhere(
        "Who publishes somewhere (`publish`); another territory is answered by the way to one's own.",
        holding(Ability.PUBLISH),
    ),
    "memberships": having("Who gives roles there (`manage_memberships`).", Ability.MANAGE_MEMBERSHIPS, and_admin=True),
    "team": anywhere("Who gives roles somewhere (`manage_memberships`).", holding(Ability.MANAGE_MEMBERSHIPS)),
    "keep-organisations": anywhere(
        "Who keeps organisations somewhere (`manage_organisations`).", holding(Ability.MANAGE_ORGANISATIONS)
    ),
    "export-contacts": anywhere(
        "Who exports contacts somewhere (`export_contacts`), those of their own territories alone.",
        holding(Ability.EXPORT_CONTACTS),
    ),
    "invite-contributors": granting("Who may give there the role of contributor.", Role.CONTRIBUTOR),
    "organisations": having("Who keeps organisations there (`manage_organisations`).", Ability.MANAGE_ORGANISATIONS),
    "see-lists": having(
        "Who writes letters or manages lists there (`compose_letter`, `manage_lists`).",
        Ability.COMPOSE_LETTER,
        Ability.MANAGE_LISTS,
    ),
    "write-letters": having("Who writes letters there (`compose_letter`).", Ability.COMPOSE_LETTER),
    "begin-letters": anywhere(
        "Who writes letters somewhere (`compose_letter`), for their own spaces.", holding(Ability.COMPOSE_LETTER)
    ),
    "read-letters": having(
        "Who writes or sends letters there (`compose_letter`, `send_letter`).",
        Ability.COMPOSE_LETTER,
        Ability.SEND_LETTER,
    ),
    "manage-lists": having("Who manages lists there (`manage_lists`).", Ability.MANAGE_LISTS),
    "compose-letters": having(
        "Who writes or sends letters there (`compose_letter`, `send_letter`).",
        Ability.COMPOSE_LETTER,
        Ability.SEND_LETTER,
    ),
    "send-letters": having("Who sends letters there (`send_letter`).", Ability.SEND_LETTER),
    "dossier-organisation": Rule(
        "The dossier's organisation (`read_dossiers`), and who was invited on it.",
        holding(Ability.READ_DOSSIERS) & frozenset(ORGANISATION_ROLES),
        frozenset(),
    ),
    "dossier-party": Rule(
        "The dossier's organisation (`read_dossiers`), who was invited on it, and who instructs it (`instruct`).",
        (holding(Ability.READ_DOSSIERS) & frozenset(ORGANISATION_ROLES)) | having("", Ability.INSTRUCT).own,
        having("", Ability.INSTRUCT).other,
    ),
    "instruct": having("Who instructs where the dossier is routed (`instruct`).", Ability.INSTRUCT),
    "coverage": Rule(
        "Who instructs there (`instruct`), and the members of its organisations (`read_dossiers`).",
        having("", Ability.INSTRUCT).own | frozenset(ORGANISATION_ROLES),
        having("", Ability.INSTRUCT).other,
    ),
    "instruct-somewhere": anywhere("Who instructs somewhere (`instruct`).", holding(Ability.INSTRUCT)),
    "message-author": Rule(
        "Who wrote the message, within five minutes.",
        frozenset(),
        frozenset(),
        holding(Ability.INSTRUCT) | frozenset(ORGANISATION_ROLES),
    ),
    "dossier-depositor": Rule(
        "Who deposits for the dossier's organisation (`deposit`), and who was invited to fill it in.",
        holding(Ability.DEPOSIT) & frozenset(ORGANISATION_ROLES),
        frozenset(),
    ),
    "dossier-types": having("Who manages types of dossiers (`manage_dossier_types`).", Ability.MANAGE_DOSSIER_TYPES),
    "national": having("The national administration (`open_spaces`).", Ability.OPEN_SPACES),
    "audit": having("Who reads the journal (`view_audit`).", Ability.VIEW_AUDIT),
    "superuser": anywhere("Superusers: the set-up of the site and of accounts, by hand.", frozenset({SUPERUSER})),
    "nobody": anywhere("Nobody: switched off, or refused whoever asks.", frozenset()),
}


@dataclass(frozen=True)
class Row:
    """One address: who may read it (GET) and act on it (POST), and what it answers to them."""

    subject: str
    name: str
    rule: str
    get: tuple[Answer, ...]
    post: tuple[Answer, ...]
    post_rule: str

    def let_in(self, method: str, where: str) -> frozenset[str]:
        return RULES[self.rule if method == "get" else self.post_rule].let_in(where)

    @property
    def personal(self) -> bool:
        """Whether it is asked about what belongs to whoever asks, too."""
        return bool(RULES[self.rule].mine or RULES[self.post_rule].mine)

    def answers(self, method: str) -> tuple[Answer, ...]:
        return self.get if method == "get" else self.post


_Answers = Answer | tuple[Answer, ...]
#: (rule, answer to GET, answer to POST, names). A POST with a rule of its own is (rule, answer). 405: not taken at all.
Line = tuple[str, _Answers, "_Answers | tuple[str, _Answers]", str]


def rows() -> Iterator[Row]:
    from .rows import TABLE

    for subject, lines in TABLE.items():
        for rule, get, post, names in lines:
            post_rule = rule
            if isinstance(post, tuple) and post[0] in RULES:
                post_rule, post = post  # type: ignore[assignment]
            for name in names.split():
                yield Row(subject, name, rule, _tuple(get), _tuple(post), str(post_rule))


def _tuple(value: object) -> tuple[Answer, ...]:
    return value if isinstance(value, tuple) else (value,)  # type: ignore[return-value]


def by_name() -> dict[str, Row]:
    """The rows by address; raises ``ValueError`` for an address that has two."""
    found: dict[str, Row] = {}
    for row in rows():
        if row.name in found:
            raise ValueError(f"{row.name} has two rows")
        found[row.name] = row
    return found

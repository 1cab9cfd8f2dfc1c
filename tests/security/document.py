"""``docs/permissions.md``, written from the role table and from the permission matrix: ``make permissions``."""

from __future__ import annotations

import os
from pathlib import Path

import django

PATH = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
INTRODUCTION = """# Permissions

*Written by `make permissions` from `portal/accounts/rules.py` and `tests/security/rows/`: do not edit.
`tests/security/test_document.py` fails while it is not up to date.*

A person holds roles (`Membership`), each on a territory or in an organisation; a role gives abilities, which flow down
from a territory to what lies inside it. What follows is the whole of it. `tests/security/test_matrix.py` asks every
address, as everybody, in their own territory and in another, with GET and with POST; an address without a row fails.

Whoever is not let in is refused: visitors are led to the sign-in or find nothing (404); who is signed in is led to the
sign-in of the administration, back to its home, or told 403 or 404. Out of the administration, what exists for others
alone is 404.
"""
MARKS = {"france": "France", "territory": "territory", "organisation": "organisation", "dossier": "dossiers named on"}


def document() -> str:
    """The whole text. No query; Django must be set up."""
    from portal.accounts.enums import Role
    from portal.accounts.rules import GRANTABLE, RULES, Ability

    from .matrix import RULES as WHO_MAY
    from .matrix import WHO, rows

    parts = [INTRODUCTION, "## What a role may do, and how far", ""]
    parts += _table(
        ["ability", *(f"`{role.value}`" for role in Role)],
        [
            [f"`{ability.value}`", *(MARKS[RULES[role][ability]] if ability in RULES[role] else "–" for role in Role)]
            for ability in Ability
        ],
    )
    parts += ["", "## Which roles a role may give and take back, inside its own reach", ""]
    parts += _table(
        ["role", "gives"],
        [[f"`{role.value}`", _names(sorted(GRANTABLE.get(role, ()), key=list(Role).index))] for role in Role],
    )
    parts += ["", "## The rules of the addresses", ""]
    parts += [
        "« Elsewhere » is an object of a territory that is not one's own; « mine » one that is about oneself.",
        "",
    ]
    parts += _table(
        ["rule", "who", "own territory", "elsewhere", "mine"],
        [
            [f"`{name}`", rule.says, *(_names([each for each in WHO if each in who]) for who in _cells(rule, WHO))]
            for name, rule in WHO_MAY.items()
        ],
    )
    parts += ["", "## The addresses", ""]
    parts += ["The rule of reading (GET), that of acting (POST), and what is answered to whom it lets in.", ""]
    subject = ""
    for row in rows():
        if row.subject != subject:
            subject = row.subject
            parts += [
                "",
                f"### {subject}",
                "",
                "| address | read | act | GET | POST |",
                "| --- | --- | --- | --- | --- |",
            ]
        act = "–" if row.post == (405,) else f"`{row.post_rule}`"
        read = "–" if row.get == (405,) else f"`{row.rule}`"
        parts.append(
            f"| `{row.name}` | {read} | {act} | {_answers(row.get)} | {_answers(row.post)} |".replace("^", "\\^")
        )
    return "\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def _cells(rule: object, everybody: tuple[str, ...]) -> list[frozenset[str]]:
    return [rule.own, rule.other, rule.mine]  # type: ignore[attr-defined]


def _names(values: list[str]) -> str:
    from .matrix import WHO

    if len(values) == len(WHO):
        return "everybody"
    if len(values) == len(WHO) - 1 and "anonymous" not in values:
        return "everybody signed in"
    return ", ".join(f"`{value}`" for value in map(str, values)) or "–"


def _answers(values: tuple[object, ...]) -> str:
    return " or ".join(map(str, values))


def _table(head: list[str], lines: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *lines)]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    PATH.write_text(document())

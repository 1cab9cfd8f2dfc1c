"""Writes docs/dossier-states.md from the transition table: ``python -m tests.dossiers.document``."""

from __future__ import annotations

from pathlib import Path

from dossiers.enums import DEPOSITOR_LABELS, DEPOSITOR_NEXT, INSTRUCTOR_NEXT, Action, State
from dossiers.rules import TRANSITIONS, Actor, Transition

PAGE = Path(__file__).resolve().parents[2] / "docs" / "dossier-states.md"
WHO = {
    Actor.DEPOSITOR: "depositor",
    Actor.INSTRUCTOR: "instructor",
    Actor.VALIDATOR: "validator",
    Actor.SYSTEM: "the portal",
}
#: What is looked at beside the rights and the state (dossiers/services).
GUARDS = {
    Action.DEPOSIT: "form complete, window open, no infected piece, rules of territories",
    Action.WITHDRAW: "reason",
    Action.TAKE: "",
    Action.REQUEST: "one item or more bound to a field, due day in the future",
    Action.ANSWER: "every mandatory item answered, rules of territories where the perimeter changed",
    Action.EXPIRE: "due day and grace passed, last reminder sent",
    Action.PROPOSE: "no other proposal, reason, amount within the enveloppe, no open avis unless waived",
    Action.SEND_BACK: "a proposal, reason",
    Action.ACCEPT: "as proposing; two people where the type asks for it; whole coverage where the scenario does",
    Action.REFUSE: "as proposing; two people where the type asks for it",
    Action.DROP: "as proposing; two people where the type asks for it",
    Action.REOPEN: "reason, communes still free",
}
BACK = "where it came from"


def target(row: Transition) -> str:
    """Where a row leads, in a word of the table."""
    if row.to is not None:
        return f"`{row.to}`"
    if row.action in (Action.PROPOSE, Action.SEND_BACK):
        return "the same"
    return f"{BACK}, or `sans_suite` where the type says so" if row.action == Action.EXPIRE else BACK


def page() -> str:
    lines = [
        "# States of a dossier",
        "",
        "Written by `python -m tests.dossiers.document` from `dossiers/rules.py`;",
        "`tests/dossiers/test_transitions.py` holds each row against each party and state.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> brouillon",
    ]
    for row in TRANSITIONS.values():
        for source in sorted(row.sources):
            if row.to is not None:
                lines.append(f"    {source} --> {row.to}: {row.action.label}")
    lines += [
        f"    a_completer --> depose: {Action.ANSWER.label}",
        f"    a_completer --> en_instruction: {Action.ANSWER.label}",
        f"    a_completer --> sans_suite: {Action.EXPIRE.label}",
        *(f"    {state} --> [*]" for state in ("retire",)),
        "```",
        "",
        "| transition | from | to | who | guard |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in TRANSITIONS.values():
        sources = ", ".join(f"`{source}`" for source in sorted(row.sources))
        who = ", ".join(WHO[actor] for actor in sorted(row.actors))
        lines.append(f"| {row.action.label} | {sources} | {target(row)} | {who} | {GUARDS[row.action]} |")
    lines += [
        "",
        "Anybody else is answered 404, in another state 409 with who did what; nothing is written then.",
        "Whoever deposits for an organisation does not instruct its dossiers.",
        "",
        "## What each side reads",
        "",
        "| state | instruction | what next | organisation | what next |",
        "| --- | --- | --- | --- | --- |",
    ]
    for state in State:
        told = (state.label, INSTRUCTOR_NEXT[state], DEPOSITOR_LABELS[state], DEPOSITOR_NEXT[state])
        lines.append(f"| `{state}` | {' | '.join(str(each) for each in told)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())

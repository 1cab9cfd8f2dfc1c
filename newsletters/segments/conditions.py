"""What the conditions of a segment may hold, checked when they are saved and again when they are read.

A dictionary of the keys below, each one optional; what is there must all hold::

    {"territory": 33, "reach": "inside" | "above",   # where the person is: there and inside it, or there and around it
     "audiences": [1, 2],                            # one of these roles
     "organisation_kinds": ["association"],          # one of these kinds
     "in_lists": [4], "not_in_lists": [5],           # an active subscription to one of them; to none of them
     "clicked_within": 90,                           # days; of those who agreed to be measured only
     "subscribed_since": "2026-01-31"}               # confirmed that day or later

« Never clicked » is no condition: of those who did not agree to be measured nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar

from portal.accounts.enums import OrganisationKind

KEYS = frozenset(
    {
        "territory",
        "reach",
        "audiences",
        "organisation_kinds",
        "in_lists",
        "not_in_lists",
        "clicked_within",
        "subscribed_since",
    }
)
MAX_CHOICES = 50
MAX_DAYS = 3 * 366
T = TypeVar("T", int, str)


class Reach(StrEnum):
    INSIDE = "inside"
    ABOVE = "above"


class BadConditionsError(ValueError):
    """The conditions hold something they may not: an unknown key, a value of another shape."""


@dataclass(frozen=True)
class Conditions:
    """The conditions of a segment, in their right shapes. Empty ones ask for nothing."""

    territory: int | None = None
    reach: Reach = Reach.INSIDE
    audiences: tuple[int, ...] = ()
    organisation_kinds: tuple[str, ...] = ()
    in_lists: tuple[int, ...] = ()
    not_in_lists: tuple[int, ...] = ()
    clicked_within: int | None = None
    subscribed_since: date | None = None

    @classmethod
    def read(cls, raw: Any) -> Self:
        """The conditions in ``raw`` (JSON). Whether the rows exist is not looked at. Raises BadConditionsError."""
        if not isinstance(raw, Mapping):
            raise BadConditionsError("Conditions are a dictionary.")
        if unknown := set(raw) - KEYS:
            raise BadConditionsError(f"Unknown condition: {sorted(map(str, unknown))[0]}.")
        kinds = _many(raw.get("organisation_kinds"), str)
        if not set(kinds) <= set(OrganisationKind.values):
            raise BadConditionsError("Unknown kind of organisation.")
        try:
            reach = Reach(raw.get("reach") or Reach.INSIDE)
            since = raw.get("subscribed_since")
            day = date.fromisoformat(since) if since else None
        except (TypeError, ValueError) as error:
            raise BadConditionsError(str(error)) from error
        return cls(
            territory=_number(raw.get("territory")),
            reach=reach,
            audiences=_many(raw.get("audiences"), int),
            organisation_kinds=kinds,
            in_lists=_many(raw.get("in_lists"), int),
            not_in_lists=_many(raw.get("not_in_lists"), int),
            clicked_within=_number(raw.get("clicked_within"), MAX_DAYS),
            subscribed_since=day,
        )

    def as_json(self) -> dict[str, Any]:
        """What is saved: the conditions that ask for something."""
        held: dict[str, Any] = {
            "territory": self.territory,
            "reach": str(self.reach) if self.territory else None,
            "audiences": list(self.audiences),
            "organisation_kinds": list(self.organisation_kinds),
            "in_lists": list(self.in_lists),
            "not_in_lists": list(self.not_in_lists),
            "clicked_within": self.clicked_within,
            "subscribed_since": self.subscribed_since.isoformat() if self.subscribed_since else None,
        }
        return {key: value for key, value in held.items() if value}


def _number(value: Any, most: int = 2**63 - 1) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BadConditionsError("A number is missing or out of bounds.")
    return value


def _many(value: Any, kind: type[T]) -> tuple[T, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > MAX_CHOICES:
        raise BadConditionsError("A list of choices is missing or too long.")
    if any(isinstance(one, bool) or not isinstance(one, kind) for one in value):
        raise BadConditionsError("A choice has another type.")
    return tuple(sorted(set(value)))

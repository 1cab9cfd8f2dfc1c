"""Segments: saved conditions over the people of some lists, counted and read live (docs/subscribers.md)."""

from .conditions import BadConditionsError, Conditions, Reach
from .describe import describe
from .queries import count, count_people, lists_within, matching, subscriptions_of

__all__ = [
    "BadConditionsError",
    "Conditions",
    "Reach",
    "count",
    "count_people",
    "describe",
    "lists_within",
    "matching",
    "subscriptions_of",
]

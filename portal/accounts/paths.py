"""Materialised paths as sets: roots collapsed under one another, and flat conditions on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Substr

# Above this many roots, a condition compares prefixes with a list instead of one range a root: SQLite refuses an
# expression deeper than 1,000, and a range pays only while the index is used.
FEW_ROOTS = 40


def collapse(paths: Iterable[str]) -> list[str]:
    """The paths that lie under no other, sorted: ``["0001", "00010002", "0003"]`` gives ``["0001", "0003"]``."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def common_ancestor(paths: Iterable[str], steplen: int = 4) -> str:
    """The longest path that all of them lie under (or are); "" for none in common."""
    paths = list(paths)
    if not paths:
        return ""
    low, high = min(paths), max(paths)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return low[: length - length % steplen]


def ancestors(paths: Iterable[str], steplen: int = 4) -> set[str]:
    """The paths strictly above any of ``paths``."""
    return {path[:end] for path in paths for end in range(steplen, len(path), steplen)}


def following(path: str) -> str:
    """The path of the next sibling: every descendant of ``path``, and no other node, sorts before it."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    head = path.rstrip("Z")
    return head[:-1] + digits[digits.index(head[-1]) + 1] + "0" * (len(path) - len(head))


def beneath(queryset: QuerySet[Model], roots: Iterable[str]) -> QuerySet[Model]:
    """The nodes of ``queryset`` (MP_Node) which are one of ``roots`` or lie under one. No join, no nested query.

    Few roots: one flat OR of ranges, which the path's index answers. Many: prefixes against a list a depth.
    """
    roots = collapse(roots)
    if not roots:
        return queryset.none()
    condition = Q()
    if len(roots) <= FEW_ROOTS:
        for root in roots:
            condition |= Q(path__gte=root, path__lt=following(root))
        return queryset.filter(condition)
    by_length = defaultdict(list)
    for root in roots:
        by_length[len(root)].append(root)
    for length, prefixes in by_length.items():
        name = f"_path_{length}"
        queryset = queryset.alias(**{name: Substr("path", 1, length)})
        condition |= Q(**{f"{name}__in": prefixes})
    return queryset.filter(condition)

"""What the figures ask of the database: whole seconds between two moments, and percentiles; alike on both engines."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, Final

from django.db import models
from django.db.models import Aggregate, F, Func, IntegerField
from django.db.models.expressions import Combinable

#: The function that SQLite is given: it has none of its own.
SQLITE_NAME: Final = "portal_percentiles"


def interpolated(ordered: Sequence[float], fraction: float) -> float:
    """The ``fraction`` percentile of values in order, between two neighbours where it falls between them: what
    PostgreSQL's ``percentile_cont`` computes (SQL:2016, inverse distribution functions)."""
    rank = fraction * (len(ordered) - 1)
    low, high = ordered[math.floor(rank)], ordered[math.ceil(rank)]
    return low if low == high else low + (rank - math.floor(rank)) * (high - low)


class Seconds(Func):
    """A moment in whole seconds since 1970: native on both engines, where a difference of dates is not on SQLite."""

    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Moments are stored in UTC, as texts: the first nineteen characters are whole seconds, never rounded up.
        template = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, **context)


def lasted(start: str, end: str) -> Combinable:
    """Whole seconds from the column ``start`` to the column ``end``."""
    return Seconds(F(end)) - Seconds(F(start))


class ListField(models.Field):
    """The percentiles as floats, in the order they were asked for; None where there is nothing."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[float] | None:
        return json.loads(value) if isinstance(value, str) else value


class Percentiles(Aggregate):
    """The median and the ninth decile of a numeric expression, exact, in one pass: ``[p50, p90]``."""

    name = "Percentiles"
    fractions = (0.5, 0.9)
    output_field = ListField()

    template = (
        f"PERCENTILE_CONT(ARRAY[{', '.join(map(str, fractions))}]::double precision[]) "
        "WITHIN GROUP (ORDER BY (%(expressions)s)::double precision)"
    )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # The template is the class's own, not given: a filter is written after it.
        copy = self.copy()
        copy.template = f"{SQLITE_NAME}(%(expressions)s)"
        return copy.as_sql(compiler, connection, **context)


class _SqlitePercentiles:
    """The aggregate of :class:`Percentiles`, as :mod:`sqlite3` calls it: JSON, or nothing."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self.values.append(value)

    def finalize(self) -> str | None:
        ordered = sorted(self.values)
        return json.dumps([float(interpolated(ordered, each)) for each in Percentiles.fractions]) if ordered else None


def prepare_connection(connection: Any, **kwargs: Any) -> None:
    """Receives ``connection_created``."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate(SQLITE_NAME, 1, _SqlitePercentiles)

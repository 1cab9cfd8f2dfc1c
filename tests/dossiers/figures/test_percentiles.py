"""The percentiles of the database, on whichever engine the tests run: exact, as PostgreSQL defines them."""

from __future__ import annotations

import math
import statistics
from datetime import timedelta

import pytest
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.figures.expressions import Percentiles, Seconds, interpolated, lasted
from portal.accounts.models import User
from portal.territories.models import PostalCode, Territory

pytestmark = pytest.mark.django_db


def by_hand(values: list[int], fraction: float) -> float:
    """The definition, without the code's own function: between the two neighbours of the rank."""
    ordered = sorted(values)
    rank = (len(ordered) - 1) * fraction
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([7], 7, 7), ([1, 2], 1.5, 1.9), ([3, 1, 2], 2, 2.8), ([10, 20, 30, 40, 50], 30, 46), ([5] * 9, 5, 5)],
)
def test_hand_computed(values: list[int], median: float, p90: float) -> None:
    assert interpolated(sorted(values), 0.5) == pytest.approx(median)
    assert interpolated(sorted(values), 0.9) == pytest.approx(p90)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_the_database_agrees_with_the_definition(values: list[int]) -> None:
    nation = Territory.objects.nation()
    PostalCode.objects.filter(commune=nation).delete()
    PostalCode.objects.bulk_create(PostalCode(code=f"{rank:05}", commune=nation) for rank in range(len(values)))
    number = Cast("code", IntegerField())
    rows = PostalCode.objects.filter(commune=nation)
    chosen = Case(*[When(code=f"{rank:05}", then=Value(each)) for rank, each in enumerate(values)], default=number)
    found = rows.aggregate(found=Percentiles(chosen))["found"]
    assert found[0] == pytest.approx(statistics.median(values), rel=1e-12)
    assert found[1] == pytest.approx(by_hand(values, 0.9), rel=1e-12)


def test_nothing_has_no_percentile() -> None:
    assert Territory.objects.filter(code="nowhere").aggregate(found=Percentiles(F("population")))["found"] is None
    unknown = Territory.objects.filter(population=None)
    assert unknown.aggregate(found=Percentiles(F("population")))["found"] is None


def test_a_filter_and_groups() -> None:
    communes = Territory.objects.filter(level="commune")
    found = communes.aggregate(found=Percentiles(F("population"), filter=Q(code__startswith="40")))["found"]
    assert found == pytest.approx([22_109, by_hand([31_592, 22_109, 6_130], 0.9)])
    rows = communes.order_by().values("departement__code").annotate(found=Percentiles(F("population")))
    groups = {row["departement__code"]: row["found"] for row in rows}
    assert groups["40"] == pytest.approx([22_109, by_hand([31_592, 22_109, 6_130], 0.9)])
    assert groups["84"] == [92_188, 92_188]


def test_seconds_are_whole_and_never_rounded_up() -> None:
    start = timezone.now().replace(microsecond=999_999)
    user = User.objects.create(email="montre@exemple.fr", date_joined=start, last_login=start + timedelta(days=2))
    row = User.objects.filter(pk=user.pk).values_list(Seconds("date_joined"), lasted("date_joined", "last_login"))
    assert row.get() == (int(start.timestamp()), 2 * 86_400)

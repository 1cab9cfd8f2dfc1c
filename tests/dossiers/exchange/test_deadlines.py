"""A delay ends with its day, on the territory's clocks."""

import datetime as dt

import pytest

from dossiers.exchange.deadlines import due_moment, local_day
from portal.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("40", dt.date(2026, 1, 15), "2026-01-15T22:59:59+00:00"),
        ("40", dt.date(2026, 7, 15), "2026-07-15T21:59:59+00:00"),
        # The night when clocks go back: the day's last second is already winter's.
        ("40", dt.date(2026, 10, 25), "2026-10-25T22:59:59+00:00"),
        ("974", dt.date(2026, 7, 15), "2026-07-15T19:59:59+00:00"),
    ],
)
def test_the_last_second_of_the_day(code, day, expected):
    territory = Territory.objects.get(level="departement", code=code)
    assert due_moment(territory, day).isoformat() == expected


def test_the_day_is_the_territory_s():
    moment = dt.datetime(2026, 1, 15, 21, 30, tzinfo=dt.UTC)
    assert local_day(Territory.objects.get(level="departement", code="40"), moment) == dt.date(2026, 1, 15)
    assert local_day(Territory.objects.get(level="departement", code="974"), moment) == dt.date(2026, 1, 16)

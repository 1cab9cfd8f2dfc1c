"""The baseline of other tests is not disturbed by the modules that load the whole of France."""

import pytest

from portal.territories.models import Territory, TerritoryImport


@pytest.mark.django_db
def test_the_baseline_is_small():
    assert Territory.objects.filter(level="commune").count() < 50
    assert not TerritoryImport.objects.exists()

"""The whole of France: what the issue's reference figures say, and what makes a second or a bad load harmless."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count

from portal.territories.models import PostalCode, Territory, TerritoryAlias, TerritoryImport, TerritoryLink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france"), pytest.mark.xdist_group("france")]


def get(level: str, code: str) -> Territory:
    return Territory.objects.get(level=level, code=code)


def touching(level: str) -> int:
    """How many EPCI touch several territories of ``level``."""
    links = TerritoryLink.objects.filter(descendant__level="epci", ancestor__level=level)
    return links.values("descendant").annotate(n=Count("pk")).filter(n__gt=1).order_by().count()


@pytest.mark.parametrize(
    ("level", "number"),
    [("nation", 1), ("region", 26), ("departement", 109), ("epci", 1255), ("ept", 11), ("commune", 34969)],
)
def test_every_territory_is_there(level, number):
    assert Territory.objects.current().filter(level=level).count() == number


def test_kinds_are_those_of_the_cog():
    assert Counter(Territory.objects.filter(level="epci").values_list("kind", flat=True)) == {
        "CC": 989,
        "CA": 230,
        "METRO": 21,
        "CU": 14,
        "MET69": 1,
    }
    for level in ("region", "departement"):
        assert Territory.objects.filter(level=level, kind="com").count() == 8
    assert Territory.objects.filter(level="departement", kind="drom").count() == 5


def test_former_and_inner_communes_are_aliases():
    assert Counter(TerritoryAlias.objects.values_list("kind", flat=True)) == {
        "commune-deleguee": 2105,
        "commune-associee": 471,
        "arrondissement-municipal": 45,
    }
    assert TerritoryAlias.objects.get(code="13201").commune.name == "Marseille"


def test_intercommunalites_over_borders():
    assert touching("departement") == 89
    assert touching("region") == 26


@pytest.mark.parametrize(("departement", "number"), [("84", 13), ("40", 18)])
def test_principal_intercommunalites_of_a_departement(departement, number):
    owner = get("departement", departement)
    assert Territory.objects.filter(level="epci", departement=owner).count() == number


def test_an_intercommunalite_over_two_departements_is_in_both():
    aire = get("epci", "200030435")
    assert aire.departement == get("departement", "40")
    assert aire.region == get("region", "75")
    for key in [("departement", "40"), ("departement", "32"), ("region", "75"), ("region", "76")]:
        assert Territory.objects.inside(get(*key)).filter(pk=aire.pk).exists(), key
    # Its communes stay each in their own.
    barcelonne = get("commune", "32027")
    assert not Territory.objects.inside(get("departement", "40")).filter(pk=barcelonne.pk).exists()


def test_communes_without_intercommunalite():
    grouped = TerritoryLink.objects.filter(ancestor__level="epci", descendant__level="commune").values("descendant")
    alone = Territory.objects.filter(level="commune").exclude(pk__in=grouped)
    assert alone.count() == 98
    assert set(alone.exclude(departement__kind="com").values_list("code", flat=True)) == {
        "22016",
        "29083",
        "29155",
        "85113",
    }


def test_a_region_and_a_departement_of_one_code_are_two():
    assert get("region", "84").name == "Auvergne-Rhône-Alpes"
    assert get("departement", "84").name == "Vaucluse"
    assert get("departement", "84").region.name == "Provence-Alpes-Côte d'Azur"
    assert not Territory.objects.inside(get("region", "84")).filter(level="departement", code="84").exists()
    assert Territory.objects.inside(get("region", "84")).filter(level="departement").count() == 12


def test_the_boroughs_of_greater_paris_lie_in_it():
    ept = Territory.objects.filter(level="ept")
    assert Territory.objects.inside(get("epci", "200054781")).filter(level="ept").count() == ept.count() == 11
    plaine = get("ept", "200057867")
    assert plaine.departement.code == "93"
    assert Territory.objects.containing(get("commune", "93066")).filter(pk=plaine.pk).exists()


def test_names_and_postal_codes_repeat():
    assert Territory.objects.filter(level="commune", name="Sainte-Colombe").count() == 12
    assert PostalCode.objects.filter(code="51300").count() == 46


@pytest.mark.parametrize(
    ("level", "code", "zone"),
    [
        ("commune", "40192", "Europe/Paris"),
        ("departement", "2A", "Europe/Paris"),
        ("region", "01", "America/Guadeloupe"),
        ("region", "02", "America/Martinique"),
        ("departement", "973", "America/Cayenne"),
        ("commune", "97411", "Indian/Reunion"),
        ("epci", "249740119", "Indian/Reunion"),
        ("region", "06", "Indian/Mayotte"),
        ("commune", "97502", "America/Miquelon"),
        ("region", "977", "America/St_Barthelemy"),
        ("departement", "978", "America/Marigot"),
        ("commune", "98412", "Indian/Kerguelen"),
        ("departement", "986", "Pacific/Wallis"),
        ("commune", "98735", "Pacific/Tahiti"),
        ("region", "988", "Pacific/Noumea"),
    ],
)
def test_time_zones(level, code, zone):
    assert get(level, code).time_zone == zone


def test_population_is_added_up():
    landes = get("departement", "40")
    communes = Territory.objects.filter(level="commune", departement=landes).values_list("population", flat=True)
    assert landes.population == sum(communes) > 400_000
    assert 66_000_000 < get("nation", "FR").population < 71_000_000


@pytest.mark.parametrize(
    ("level", "code", "label"),
    [
        ("commune", "2A004", "Ajaccio (2A)"),
        ("commune", "2B033", "Bastia (2B)"),
        ("commune", "97411", "Saint-Denis (974)"),
        ("commune", "98735", "Papeete (987)"),
        ("region", "04", "La Réunion (région)"),
        ("departement", "974", "La Réunion (département)"),
        ("departement", "975", "Saint-Pierre-et-Miquelon (collectivité d’outre-mer)"),
    ],
)
def test_labels_tell_territories_apart(level, code, label):
    assert get(level, code).label == label


def test_slugs_break_at_apostrophes():
    assert get("region", "93").slug == "provence-alpes-cote-d-azur"
    assert get("commune", "40001").slug == "aire-sur-l-adour"


def test_closure_holds_every_territory_with_itself_and_the_nation():
    total = Territory.objects.count()
    assert TerritoryLink.objects.filter(ancestor__level="nation").count() == total
    assert Territory.objects.filter(ancestor_links__ancestor_id=get("commune", "75056").pk).count() == 1
    # nation, région, département, EPCI, EPT, itself
    assert TerritoryLink.objects.filter(descendant=get("commune", "93066")).count() == 6


# --- Loading again ----------------------------------------------------------------------------------------------------
def test_loading_the_same_files_again_does_nothing(django_assert_num_queries, capsys):
    before = TerritoryImport.objects.count()
    with django_assert_num_queries(1):
        call_command("import_territories")
    assert TerritoryImport.objects.count() == before
    assert "déjà chargé" in capsys.readouterr().out


def test_a_forced_load_changes_nothing_that_is_right(capsys):
    links = set(TerritoryLink.objects.order_by().values_list("pk", flat=True))
    call_command("import_territories", "--force")
    record = TerritoryImport.objects.latest("pk")
    assert (record.vintage, record.created, record.updated, record.ended) == (2026, 0, 0, 0)
    assert set(TerritoryLink.objects.order_by().values_list("pk", flat=True)) == links
    assert "34969" in capsys.readouterr().out

"""Finding territories as people type them, over the whole of France."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.territories.lookups import LIMIT, POSTAL_LIMIT, find_territories
from portal.territories.models import Territory
from portal.territories.selectors import parse_key, territory_by_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france"), pytest.mark.xdist_group("france")]


def labels(text: str, **options) -> list[str]:
    return [match.territory.label for match in find_territories(text, **options).matches]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("landes", "Landes (département)"),
        ("LANDES", "Landes (département)"),
        ("mont de marsan", "Mont-de-Marsan (40)"),
        ("Mont-de-Marsan", "Mont-de-Marsan (40)"),
        ("  mont   de  marsan ", "Mont-de-Marsan (40)"),
        ("evry courcouronnes", "Évry-Courcouronnes (91)"),
        ("ÉVRY-COURC", "Évry-Courcouronnes (91)"),
        ("st denis", "Saint-Denis (974)"),
        ("ste colombe 05", "Sainte-Colombe (05)"),
        ("Sainte-Colombe (05)", "Sainte-Colombe (05)"),
        ("l'isle d’abeau", "L'Isle-d'Abeau (38)"),
        ("oeting", "Œting (57)"),
        ("strasb", "Strasbourg (67)"),
        ("Y", "Y (80)"),
        ("40", "Landes (département)"),
        ("2a", "Corse-du-Sud (département)"),
        ("1", "Ain (département)"),
        ("974", "La Réunion (département)"),
        ("40192", "Mont-de-Marsan (40)"),
        ("2a004", "Ajaccio (2A)"),
        ("200040442", "CA Luberon Monts de Vaucluse (intercommunalité)"),
        ("200 040 442", "CA Luberon Monts de Vaucluse (intercommunalité)"),
        ("214001927", "Mont-de-Marsan (40)"),
        ("40000", "Mont-de-Marsan (40)"),
        ("40 000", "Mont-de-Marsan (40)"),
        ("51300 vitry", "Vitry-le-François (51)"),
        ("Nouvelle Aquitaine", "Nouvelle-Aquitaine (région)"),
        ("la reunion", "La Réunion (région)"),
        ("luberon monts", "CA Luberon Monts de Vaucluse (intercommunalité)"),
        ("polynesie", "Polynésie française (collectivité d’outre-mer)"),
        ("plaine commune", "Plaine Commune (établissement public territorial)"),
    ],
)
def test_the_best_answer_comes_first(typed, first):
    assert labels(typed)[0] == first


def test_a_departement_number_is_never_a_region():
    assert labels("84") == ["Vaucluse (département)"]
    assert labels("75") == ["Paris (département)"]


def test_a_collectivity_is_found_once():
    assert labels("saint barthelemy")[:2] == ["Saint-Barthélemy (collectivité d’outre-mer)", "Saint-Barthélemy (977)"]


def test_namesakes_are_told_apart_and_ranked_by_population():
    found = find_territories("Sainte-Colombe").matches
    namesakes = [match for match in found if match.territory.name == "Sainte-Colombe"]
    assert len(namesakes) == 12
    assert found[:12] == namesakes, "the very name before longer ones"
    assert len({match.territory.label for match in namesakes}) == 12
    populations = [match.territory.population for match in namesakes]
    assert populations == sorted(populations, reverse=True)
    assert namesakes[0].context.startswith("Commune · Rhône · ")


def test_prefixes_come_before_the_middle_of_names():
    found = labels("marsan")
    assert found[0] == "Marsan (32)"
    assert found.index("Marsannay-la-Côte (21)") < found.index("Mont-de-Marsan (40)")


def test_a_shared_postal_code_gives_all_its_communes():
    found = find_territories("51300")
    served = [match for match in found.matches if match.via == "code postal 51300"]
    assert len(served) == 46
    assert not found.more
    # 51300 is also an INSEE code: last, and said.
    assert [match.via for match in found.matches[46:]] == ["code Insee 51300"]


def test_the_beginning_of_a_postal_code():
    found = find_territories("4000")
    assert found.matches[0].territory.name == "Mont-de-Marsan"


@pytest.mark.parametrize(
    ("typed", "label", "via"),
    [
        ("Fargniers", "Tergnier (02)", "commune associée Fargniers"),
        ("arbignieu", "Arboys en Bugey (01)", "commune déléguée Arbignieu"),
        ("lyon 3e", "Lyon (69)", "arrondissement municipal Lyon 3e Arrondissement"),
        ("paris 12", "Paris (75)", "arrondissement municipal Paris 12e Arrondissement"),
    ],
)
def test_aliases_lead_to_their_commune_and_say_so(typed, label, via):
    match = find_territories(typed).matches[0]
    assert (match.territory.label, match.via) == (label, via)


def test_an_ended_territory_is_not_found(landes):
    Territory.objects.filter(pk=landes.pk).update(ended_on="2027-01-01")
    assert "Landes (département)" not in labels("landes")
    assert labels("40") == []
    assert territory_by_key(landes.key) is None


def test_levels_restrict_what_is_found():
    assert labels("landes", levels=["departement"]) == ["Landes (département)"]
    assert labels("51300", levels=["departement"]) == []
    assert {match.territory.level for match in find_territories("bordeaux", levels=["epci"]).matches} == {"epci"}


def test_results_are_bounded_and_say_that_there_is_more():
    found = find_territories("saint")
    assert len(found.matches) == LIMIT
    assert found.more
    assert len(find_territories("saint", limit=5).matches) == 5
    assert not find_territories("mont de marsan").more


def test_the_screen_does_not_give_the_bound_as_the_count(client):
    assert f"Plus de {LIMIT} territoires pour" in client.get("/territoires/choisir/?q=saint").content.decode()
    assert "Plus de" not in client.get("/territoires/choisir/?q=sainte-colombe 05").content.decode()


@pytest.mark.parametrize(("typed", "queries"), [("st", 1), ("landes", 2), ("mont de marsan", 3), ("51300", 2)])
def test_constant_queries(typed, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        assert [match.context for match in find_territories(typed).matches]


@pytest.mark.parametrize("typed", ["", " ", "\x00", "%", "_", "😀" * 5000, "'\"; --", "\ud800", "﷽", "-", "st"])
def test_odd_text_is_safe(typed):
    assert len(find_territories(typed).matches) <= POSTAL_LIMIT


def test_wildcards_are_not_wildcards():
    assert labels("%landes%") == labels("landes")
    assert labels("l_ndes") == labels("l ndes")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.text("0123456789ab st'-%_", max_size=12)))
def test_any_text_gives_few_results_in_few_queries(typed):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(find_territories(typed).matches) <= POSTAL_LIMIT + LIMIT
    assert len(queries) <= 6


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_is_no_key_or_a_key_of_one(text):
    parsed = parse_key(text)
    assert parsed is None or f"{parsed[0]}-{parsed[1]}".lower() == text.lower()
    territory_by_key(text)


def test_the_prefix_is_read_from_the_index():
    """On SQLite and PostgreSQL alike, the first look-up does not scan the table."""
    explained = Territory.objects.filter(search_name__folded_prefix="mont de mar").order_by().explain()
    assert "search_name" in explained or "Index" in explained
    assert "SCAN" not in explained
    assert "Seq Scan" not in explained

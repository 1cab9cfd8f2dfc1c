"""The search page through its address."""

import html
import re

import pytest

from tests.factories import make_initiative, make_news

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    """The titles of the results, in order, without their marks."""
    found = re.findall(r'<h3 class="fr-card__title"><a [^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub(r"</?mark>", "", title)) for title in found]


def find(client, q: str, **params) -> list[str]:
    response = client.get("/recherche/", {"q": q, **params})
    assert response.status_code == 200
    return titles(response)


@pytest.mark.parametrize(
    "words",
    [
        "médiation",
        "MEDIATION",
        "médiations",
        "l’accès",
        "acces",
        "accéder droits",
        "co-construction",
        "coconstruction",
        "co construire",
        "publique",
        "publics",
        "formée",
        "formees",
        "cœur",
        "coeur",
        "droits acces",
    ],
)
def test_accents_case_elision_hyphens_and_word_forms_are_ignored(client, landes_space, commit, words):
    with commit():
        page = make_news(
            landes_space,
            title="La médiation au cœur de l'accès aux droits",
            lead="Une co-construction ouverte aux publics, formés et accédant.",
        )
        make_news(landes_space, title="Rien à voir", lead="Un autre sujet.")
    assert find(client, words) == [page.title]


def test_every_kind_is_found_with_its_count(client, landes_space, commit):
    with commit():
        make_news(landes_space, title="Festival des libellules")
        make_news(landes_space, title="Une libellule")
        make_initiative(landes_space, title="La maison des libellules")
    response = client.get("/recherche/", {"q": "libellule"})
    content = response.content.decode()
    assert "Actualités (2)" in content
    assert "Initiatives (1)" in content
    assert "Tout (3)" in content
    assert find(client, "libellule", type="initiative") == ["La maison des libellules"]

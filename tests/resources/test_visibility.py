"""Drafts and private resources stay out of every public surface; visible ones are on it at once."""

from __future__ import annotations

import pytest
from wagtail.models import PageViewRestriction

from tests.resources.factories import make_document, make_resource

LANDES = "/territoires/nouvelle-aquitaine/landes/ressources/"
SURFACES = ["/ressources/", "/ressources/rss/", "/ressources/atom/", "/ressources/?vue=liste", LANDES, f"{LANDES}rss/"]


@pytest.mark.parametrize("address", SURFACES)
def test_a_draft_and_a_private_resource_are_nowhere(client, landes_space, address):
    make_resource(landes_space, title="Ressource ouverte")
    make_resource(landes_space, title="Brouillon secret", live=False, type="infographie")
    private = make_resource(landes_space, title="Réservée aux hubs", type="questionnaire")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    shown = client.get(address).content.decode()
    assert "Ressource ouverte" in shown
    for secret in ("Brouillon secret", "Réservée aux hubs", "Infographie", "Questionnaire"):
        assert secret not in shown


def test_a_resource_is_listed_in_its_own_space_and_nationally(client, landes_space, nouvelle_aquitaine):
    make_resource(landes_space, title="Pour les Landes")
    region = "/territoires/nouvelle-aquitaine/ressources/"
    for address, shown in [
        ("/ressources/", True),
        (LANDES, True),
        (region, False),
        (f"{region}?portee=dedans", True),
    ]:
        assert ("Pour les Landes" in client.get(address).content.decode()) is shown, address


def test_related_resources_and_users_are_the_visible_ones_only(client, landes_space):
    from resources.models import ResourceRelation

    hidden = make_resource(landes_space, title="Associée cachée", live=False)
    shown = make_resource(landes_space, title="Associée visible")
    page = make_resource(landes_space, title="Guide principal")
    for related in (hidden, shown):
        page.relations.add(ResourceRelation(related=related))
    page.save()
    content = client.get(page.url).content.decode()
    assert "Associée visible" in content
    assert "Associée cachée" not in content
    back = client.get(shown.url)
    assert [user.title for user in back.context["used_in"]] == ["Guide principal"]


def test_the_page_shows_its_files_with_type_and_size(client, landes_space):
    document = make_document("guide.odt", content=b"x" * 2048, title="Guide d'atelier")
    page = make_resource(landes_space, documents=[document], duration=150)
    response = client.get(page.url)
    content = response.content.decode()
    assert "ODT – 2,0\xa0Kio" in content
    assert document.url in content
    assert document.url.startswith("/documents/")
    assert response.context["json_ld"]["timeRequired"] == "PT2H30M"
    assert response.context["json_ld"]["encoding"][0]["contentSize"] == "2048 B"

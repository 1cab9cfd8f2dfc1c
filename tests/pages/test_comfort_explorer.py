"""The explorer across spaces: whose page it is, who wrote last, and filters by territory, state and kind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.territories.models import Space, Territory
from tests.events.factories import make_event
from tests.factories import make_member, make_news, section

pytestmark = pytest.mark.django_db
MINE = "/admin/mes-pages/"


@pytest.fixture
def region_space(landes_space):
    return Space.objects.get(territory__level="region", territory__code="75")


@pytest.fixture
def vaucluse_space(db):
    return open_territory_space(territory=Territory.objects.get(level="departement", code="84"))


@pytest.fixture
def pages(landes_space, region_space, vaucluse_space, commit):
    """One page in every state, and one in other spaces."""
    author = make_member(Role.EDITOR, landes_space.territory, first_name="Ana", last_name="Lafitte")
    with commit():
        made = {"Publiée": make_news(landes_space, title="Publiée")}
        made["Publiée"].save_revision(user=author)
    made["Brouillon"] = make_news(landes_space, title="Brouillon", live=False)
    changed = made["Modifiée"] = make_news(landes_space, title="Modifiée")
    changed.lead = "Un autre chapô."
    changed.save_revision(user=author)
    made["Relue"] = make_news(landes_space, title="Relue", live=False)
    made["Relue"].save_revision(user=author)
    made["Relue"].get_workflow().start(made["Relue"], author)
    planned = made["Prévue"] = make_news(landes_space, title="Prévue", live=False)
    planned.go_live_at = timezone.now() + timedelta(days=3)
    planned.save_revision(user=author).publish()
    made["Périmée"] = make_news(landes_space, title="Périmée", live=False, expired=True)
    made["Rencontre"] = make_event(landes_space, title="Rencontre")
    made["Régionale"] = make_news(region_space, title="Régionale")
    made["Vauclusienne"] = make_news(vaucluse_space, title="Vauclusienne")
    return made


def shown(client, pages, query="", address=MINE):
    html = client.get(f"{address}{query}").content.decode()
    return {title for title, page in pages.items() if f"/admin/pages/{page.pk}/edit/" in html}


LANDES = {"Publiée", "Brouillon", "Modifiée", "Relue", "Prévue", "Périmée", "Rencontre"}


def test_all_my_pages_across_my_spaces_and_no_other(client, landes, nouvelle_aquitaine, nation, pages):
    client.force_login(make_member(Role.EDITOR, landes))
    assert shown(client, pages) == LANDES
    client.force_login(make_member(Role.EDITOR, nouvelle_aquitaine))
    assert shown(client, pages) == LANDES | {"Régionale"}
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    assert shown(client, pages) == set(pages)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SENDER])
def test_who_writes_no_page_has_no_such_list(client, landes, pages, role):
    client.force_login(make_member(role, landes))
    response = client.get(MINE)
    assert response.status_code in (302, 403)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?etat=live", {"Publiée", "Modifiée", "Rencontre", "Régionale"}),
        ("?etat=draft", {"Brouillon", "Relue", "Prévue"}),
        ("?etat=changed", {"Modifiée", "Publiée"}),
        ("?etat=review", {"Relue"}),
        ("?etat=scheduled", {"Prévue"}),
        ("?etat=expired", {"Périmée"}),
        ("?nature=event", {"Rencontre"}),
        ("?nature=event&nature=news&etat=live", {"Publiée", "Modifiée", "Rencontre", "Régionale"}),
        ("?ressort=mine", {"Régionale"}),
        ("?espace={landes}", LANDES),
        ("?espace={landes}&etat=expired", {"Périmée"}),
    ],
)
def test_filters(client, nouvelle_aquitaine, landes_space, pages, query, expected):
    client.force_login(make_member(Role.EDITOR, nouvelle_aquitaine))
    query = query.format(landes=landes_space.pk)
    if query == "?etat=live":
        pages["Publiée"].save_revision().publish()
    found = shown(client, pages, query)
    assert found == expected
    # The explorer has the same filters, beneath the page it shows.
    explorer = f"/admin/pages/{Space.objects.get(territory=nouvelle_aquitaine).page_id}/"
    assert shown(client, pages, query, explorer) == expected


@pytest.mark.parametrize("query", ["?etat=x", "?espace=x", "?espace=99999999999999999999", "?nature=x", "?ressort=%00"])
def test_bad_values_are_told(client, landes, pages, query):
    client.force_login(make_member(Role.EDITOR, landes))
    for address in (MINE, f"{MINE}results/", "/admin/pages/"):
        assert client.get(address + query, follow=True).status_code == 200


def test_the_space_of_others_is_no_choice(client, landes, pages, vaucluse_space):
    client.force_login(make_member(Role.EDITOR, landes))
    html = client.get(MINE).content.decode()
    assert "Vaucluse" not in html
    assert "Vauclusienne" not in client.get(f"{MINE}?espace={vaucluse_space.pk}").content.decode()


def test_columns_say_the_space_and_who_wrote_last(client, landes, landes_space, pages):
    client.force_login(make_member(Role.EDITOR, landes))
    actualites = section(landes_space, "actualites")
    for address in (MINE, f"/admin/pages/{actualites.pk}/", "/admin/pages/search/?q=Publi"):
        html = client.get(address).content.decode()
        assert "Modifiée par" in html, address
        assert "Ana Lafitte" in html, address
        assert "Landes" in html[html.index("<table") :], address


def test_search_is_filtered_too(client, landes, landes_space, pages, commit):
    client.force_login(make_member(Role.EDITOR, landes))
    with commit():
        make_news(landes_space, title="Publiée bis", live=False)
    assert "Publiée bis" in client.get(f"{MINE}?q=Publi%C3%A9e").content.decode()
    html = client.get(f"{MINE}?q=Publi%C3%A9e&etat=draft").content.decode()
    assert "Publiée bis" in html
    assert f"/admin/pages/{pages['Publiée'].pk}/edit/" not in html


def test_the_same_queries_for_one_and_three(client, landes, landes_space, django_assert_num_queries):
    editor = make_member(Role.EDITOR, landes)
    client.force_login(editor)
    actualites = section(landes_space, "actualites")
    for number in (1, 2):
        for _ in range(number):
            make_news(landes_space).save_revision(user=editor)
        client.get(f"{MINE}?nature=news&p=1")
        with django_assert_num_queries(33):
            client.get(f"{MINE}?nature=news&etat=live")
        with django_assert_num_queries(40):
            client.get(f"/admin/pages/{actualites.pk}/")

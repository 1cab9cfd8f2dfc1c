"""Screens of segments: what is counted and saved is one's own territory's, whatever is posted."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import ModelLogEntry

from newsletters import segments
from newsletters.models import Segment
from pages.services import open_territory_space
from portal.core.models import Audience
from portal.territories.models import Territory
from tests.factories import make_member
from tests.newsletters.factories import make_list, make_subscriber

pytestmark = pytest.mark.django_db
CREATE = "/admin/segments/ajouter/"
INDEX = "/admin/newsletters/segment/"


@pytest.fixture
def vaucluse(landes_space):
    territory = Territory.objects.get(level="departement", code="84")
    open_territory_space(territory=territory)
    return territory


@pytest.fixture
def editor(client, landes, landes_space):
    """Somebody who writes the letters of the Landes, signed in. Their only open space."""
    user = make_member("editor", landes)
    client.force_login(user)
    return user


def form(*lists, **fields):
    return {"nom": "Les hubs", "listes": [one.pk for one in lists], "portee": "inside"} | fields


def text(response):
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_a_segment_is_saved_with_its_conditions_logged_and_read_again(client, editor, landes, landes_list):
    hubs = Audience.objects.create(name="Hubs", slug="hubs")
    anna = make_subscriber(landes_list, name="Anna", territory=landes, organisation_kind="association")
    anna.audiences.add(hubs)
    make_subscriber(landes_list)
    data = form(
        landes_list,
        territoire="departement-40",
        roles=[hubs.pk],
        organisations=["association", "hub"],
        depuis="2020-01-31",
    )
    assert client.post(CREATE, data).status_code == 302
    made = Segment.objects.get()
    assert made.conditions == {
        "territory": landes.pk,
        "reach": "inside",
        "audiences": [hubs.pk],
        "organisation_kinds": ["association", "hub"],
        "subscribed_since": "2020-01-31",
    }
    assert (made.territory, made.created_by, segments.count(made)) == (landes, editor, 1)
    said = segments.describe(made)
    for words in (landes_list.name, "Landes", "Hubs", "Association, Hub territorial", "31 janvier 2020"):
        assert words in said
    page = BeautifulSoup(client.get(f"/admin/segments/{made.pk}/").content, "html.parser")
    assert page.find("input", {"name": "territoire"})["value"] == "departement-40"
    assert page.find("input", {"name": "roles", "value": str(hubs.pk)}).has_attr("checked")
    assert client.post(f"/admin/segments/{made.pk}/", form(landes_list, nom="Tous")).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.conditions) == ("Tous", {})
    actions = ModelLogEntry.objects.filter(action__startswith="newsletters.segment").order_by("pk")
    assert list(actions.values_list("action", "user")) == [
        ("newsletters.segment.create", editor.pk),
        ("newsletters.segment.change", editor.pk),
    ]


@pytest.mark.parametrize("htmx", [False, True])
def test_counting_saves_nothing_and_needs_no_name(client, editor, landes_list, htmx):
    make_subscriber(landes_list, organisation_kind="hub")
    make_subscriber(landes_list)
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post(CREATE, form(landes_list, nom="", organisations=["hub"], compter="1"), headers=headers)
    assert answer.status_code == 200
    assert "1 personne en ce moment" in text(answer)
    assert ("<form" in answer.content.decode()) is not htmx
    assert not Segment.objects.exists()
    wrong = client.post(CREATE, form(landes_list, clic="-3", compter="1"), headers=headers)
    assert "Corrigez les conditions" in text(wrong)


def test_lists_of_another_territory_are_not_offered_and_a_forged_post_is_refused(
    client, editor, landes, landes_list, vaucluse, nouvelle_aquitaine
):
    theirs = make_list(vaucluse, name="Interne du Vaucluse")
    above = make_list(nouvelle_aquitaine, name="Interne de la région")
    make_subscriber(theirs, above, landes_list)
    shown = client.get(CREATE).content.decode()
    for one in (theirs, above):
        assert one.name not in shown
        for data in (form(one), form(landes_list, aussi=[one.pk]), form(landes_list, sauf=[one.pk])):
            for extra in ({}, {"compter": "1"}):
                answer = client.post(CREATE, data | extra)
                assert "n’est pas de ce territoire" in text(answer)
                assert "1 personne" not in text(answer)
    assert not Segment.objects.exists()
    assert client.get(f"{CREATE}?territoire={vaucluse.pk}").status_code == 404
    assert client.post(f"{CREATE}?territoire={vaucluse.pk}", form(theirs)).status_code == 404
    for wrong in ("x", "-1", "9" * 30):
        assert client.get(f"{CREATE}?territoire={wrong}").status_code == 404


def test_another_territorys_segment_is_neither_seen_nor_touched(client, editor, landes, vaucluse):
    theirs = Segment.objects.create(territory=vaucluse, name="Secret du Vaucluse")
    assert "Secret" not in client.get(INDEX).content.decode()
    path = f"/admin/segments/{theirs.pk}/"
    assert client.get(path).status_code == 404
    assert client.post(path, form(make_list(vaucluse))).status_code == 404
    assert client.post(f"{path}archiver/").status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name, theirs.archived_at) == ("Secret du Vaucluse", None)


def test_whoever_holds_several_territories_chooses_one_first(client, landes_space, landes, nouvelle_aquitaine):
    client.force_login(make_member("editor", nouvelle_aquitaine))
    page = client.get(CREATE)
    assert [one["value"] for one in BeautifulSoup(page.content, "html.parser").select("#territoire option")] == [
        str(nouvelle_aquitaine.pk),
        str(landes.pk),
    ]
    assert client.get(f"{CREATE}?territoire={landes.pk}").status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"nom": ""}, "Donnez un nom"),
        ({"listes": []}, "au moins une liste"),
        ({"territoire": "Nulle part"}, "Aucun territoire"),
        ({"portee": "ailleurs"}, "ailleurs"),
        ({"organisations": ["pirates"]}, "pirates"),
        ({"clic": "99999"}, "1098"),
        ({"depuis": "hier"}, "date valide"),
        ({"depuis": "2999-01-01"}, "à venir"),
        ({"roles": ["x"]}, "Un des rôles"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(client, editor, landes_list, fields, sentence):
    answer = client.post(CREATE, form(landes_list, nom="Mon segment à moi") | fields)
    assert answer.status_code == 422
    assert sentence in text(answer).replace("\u202f", "").replace("\xa0", "")
    if "nom" not in fields:
        assert "Mon segment à moi" in answer.content.decode()
    assert not Segment.objects.exists()


def test_an_archived_segment_comes_back(client, editor, landes, landes_list):
    one = Segment.objects.create(territory=landes, name="Un")
    for archived in (True, False):
        client.post(f"/admin/segments/{one.pk}/archiver/")
        one.refresh_from_db()
        assert (one.archived_at is not None) is archived


@pytest.mark.parametrize("role", ["contributor", "instructor"])
def test_other_roles_have_no_segments(client, landes_space, landes, role):
    client.force_login(make_member(role, landes))
    one = Segment.objects.create(territory=landes, name="Un")
    for path in (CREATE, f"/admin/segments/{one.pk}/", INDEX):
        assert client.get(path).status_code in (302, 403)


def test_the_list_costs_the_same_with_one_segment_or_three(client, editor, landes, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("newsletters_segment_modeladmin_index"))
        return len(queries)

    Segment.objects.create(territory=landes, name="Un")
    cost()
    before = cost()
    for name in ("Deux", "Trois"):
        Segment.objects.create(territory=landes, name=name)
    assert cost() == before

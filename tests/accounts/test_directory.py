"""The directory: what each reader may see, and that nothing else leaves by any door."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.accounts.enums import Role, Shown
from portal.accounts.models import Organisation, Profile
from portal.territories.models import Territory
from tests.factories import make_member, make_user

from .proofs import prove

pytestmark = pytest.mark.django_db
FIELDS = ("name", "function", "organisation", "territory", "email", "phone")
SECRETS = {
    "function": "=SECRET-POSTE",
    "organisation": "SECRET-ORGANISATION",
    "territory": "Dax (40)",
    "email": "secret-adresse@exemple.fr",
    "phone": "0558000000",
}


def territory(level, code):
    return Territory.objects.get(level=level, code=code)


def listed(place, *, email=None, last="Visible", shown=None, **fields):
    """A person at ``place`` whose name the network sees, and of the rest what ``shown`` says."""
    user = make_user(first_name="Camille", last_name=last, territory=place, **({"email": email} if email else {}))
    audiences = {f"show_{name}": value for name, value in ({"name": Shown.NETWORK} | (shown or {})).items()}
    return Profile.objects.create(user=user, **(audiences | fields))


@pytest.fixture
def dax():
    return territory("commune", "40088")


@pytest.fixture
def secretive(dax, landes):
    """Everything filled in; only the name is shown."""
    organisation = Organisation.objects.create(name=SECRETS["organisation"], kind="hub", territory=landes)
    return listed(
        dax,
        email=SECRETS["email"],
        function="mediation",
        position=SECRETS["function"],
        organisation=organisation,
        phone=SECRETS["phone"],
    )


def read(client, user, **query):
    client.cookies.clear()
    client.force_login(user)
    return client.get(reverse("directory"), query).content.decode()


def export(client, user, kind="csv", **filters):
    client.cookies.clear()
    client.force_login(user)
    prove(client, user)
    return client.post(reverse("directory-export"), {"format": kind} | filters)


# --- Who sees whom ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "level", "code", "network", "staff"),
    [
        (Role.ADMIN_NATIONAL, "nation", "FR", True, True),
        (Role.EDITOR, "region", "75", True, True),
        (Role.EDITOR, "departement", "40", True, True),
        (Role.INSTRUCTOR, "departement", "40", True, True),
        (Role.CONTRIBUTOR, "departement", "40", True, False),
        (Role.SENDER, "epci", "244000675", True, False),
        (Role.CONTRIBUTOR, "epci", "244000808", False, False),
        (Role.EDITOR, "departement", "47", False, False),
        (None, None, None, False, False),
    ],
)
def test_the_scope_of_each_reader(client, dax, role, level, code, network, staff):
    listed(dax, last="Reseau")
    listed(dax, last="Equipes", shown={"name": Shown.STAFF})
    listed(dax, last="Cachee", shown={"name": Shown.NOBODY, "email": Shown.NETWORK})
    reader = make_member(role, territory(level, code)) if role else make_user(territory=dax)
    html = read(client, reader)
    assert ("Reseau" in html) is network
    assert ("Equipes" in html) is staff
    assert "Cachee" not in html


def test_who_is_listed_sees_the_directory_of_their_departement(client, dax, landes):
    reader = listed(territory("commune", "40192"), last="Lectrice").user
    listed(dax, last="Voisine")
    listed(territory("commune", "47001"), last="Lointaine")
    html = read(client, reader)
    assert "Voisine" in html
    assert "Lointaine" not in html
    # No longer listed, no longer shown the others.
    Profile.objects.filter(user=reader).update(show_name=Shown.NOBODY)
    assert "Voisine" not in read(client, reader)


def test_a_disabled_account_and_one_without_a_territory_are_not_there(client, dax, landes):
    gone, nowhere = listed(dax, last="Partie"), listed(dax, last="Nullepart")
    gone.user.is_active, nowhere.user.territory = False, None
    gone.user.save()
    nowhere.user.save()
    html = read(client, make_member(Role.EDITOR, landes))
    assert "Partie" not in html
    assert "Nullepart" not in html


def test_each_field_has_its_own_audience(client, secretive, landes):
    editor, contributor = make_member(Role.EDITOR, landes), make_member(Role.CONTRIBUTOR, landes)
    for field in SECRETS:
        for audience, seen in [
            (Shown.NOBODY, (False, False)),
            (Shown.STAFF, (True, False)),
            (Shown.NETWORK, (True, True)),
        ]:
            Profile.objects.update(**{f"show_{name}": Shown.NOBODY for name in SECRETS} | {f"show_{field}": audience})
            for reader, sees in zip((editor, contributor), seen, strict=True):
                html = read(client, reader)
                assert "Visible" in html
                shown = {name for name, value in SECRETS.items() if value in html}
                assert shown == ({field} if sees else set())


# --- Leaks -----------------------------------------------------------------------------------------------------------
def test_filters_and_searches_answer_by_what_is_shown_alone(client, secretive, landes):
    contributor = make_member(Role.CONTRIBUTOR, landes)
    queries = [
        {"q": "SECRET-POSTE"},
        {"q": "SECRET-ORGANISATION"},
        {"q": "secret-adresse"},
        {"q": "0558"},
        {"fonction": "mediation"},
        {"nature": "hub"},
        {"territoire": "commune-40088"},
        {"territoire": "departement-40"},
    ]
    for query in queries:
        assert "Visible" not in read(client, contributor, **query), query
    Profile.objects.update(**{f"show_{name}": Shown.NETWORK for name in FIELDS})
    for query in queries:
        # Addresses and numbers are read, not searched.
        searched = query.get("q", "SECRET").startswith("SECRET")
        assert ("Visible" in read(client, contributor, **query)) is searched, query


def test_an_export_holds_what_its_reader_sees_and_is_logged(client, secretive, landes):
    instructor = make_member(Role.INSTRUCTOR, landes)
    listed(territory("commune", "84007"), last="Ailleurs", shown=dict.fromkeys(FIELDS, Shown.NETWORK))
    text = export(client, instructor, q="Camille").content.decode("utf-8-sig")
    assert "Visible" in text
    assert not [value for value in (*SECRETS.values(), "Ailleurs") if value in text]
    entry = ModelLogEntry.objects.get(action="accounts.directory.export")
    assert entry.user == instructor
    assert entry.data == {"count": 1, "format": "csv", "filters": {"text": "Camille"}}

    Profile.objects.update(**{f"show_{name}": Shown.STAFF for name in FIELDS})
    response = export(client, instructor, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][6] == SECRETS["email"]
    assert rows[1][2] == "'=SECRET-POSTE"
    assert len(rows) == 2


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR, Role.SENDER])
def test_who_may_not_export_does_not(client, secretive, landes, role):
    reader = make_member(role, landes)
    assert "Exporter" not in read(client, reader)
    assert export(client, reader).status_code == 403
    assert not ModelLogEntry.objects.filter(action="accounts.directory.export").exists()


def test_an_export_asks_again_who_one_is_and_has_a_limit(client, secretive, landes):
    instructor = make_member(Role.INSTRUCTOR, landes)
    client.force_login(instructor)
    assert "/compte/" in client.post(reverse("directory-export"), {"format": "csv"}).url
    assert client.get(reverse("directory-export")).status_code == 405
    for _ in range(10):
        assert export(client, instructor).status_code == 200
    assert export(client, instructor).status_code == 302


def test_bad_filters_are_said_and_harm_nothing(client, secretive, landes):
    editor = make_member(Role.EDITOR, landes)
    assert "Aucun territoire" in read(client, editor, territoire="Atlantide")
    for query in ({"fonction": "roi"}, {"nature": "x"}, {"q": "\x00"}, {"q": "a " * 60}, {"sens": "x"}):
        assert "Annuaire du réseau" in read(client, editor, **query)


def test_the_list_costs_the_same_whatever_its_length(client, dax, landes, django_assert_num_queries):
    editor = make_member(Role.EDITOR, landes)
    everything = dict.fromkeys(FIELDS, Shown.NETWORK)
    listed(dax, shown=everything)
    read(client, editor)
    with django_assert_num_queries(14):
        client.get(reverse("directory"))
    for _ in range(2):
        listed(territory("commune", "40192"), shown=everything)
    with django_assert_num_queries(14):
        client.get(reverse("directory"))

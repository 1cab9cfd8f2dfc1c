"""What must never be public, planted and looked for on every public surface."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.index import get_indexed_models
from wagtail.models import PageViewRestriction

from events.filters import AgendaForm
from events.models import EventPage

from .factories import JOIN_URL, a_date, day_in, make_event, reload

LANDES = "/territoires/nouvelle-aquitaine/landes/agenda/"
SURFACES = [
    f"{base}{path}"
    for base in (LANDES, "/agenda/")
    for path in ("", "?periode=tous", "mois/", "rss/", "atom/", "calendrier.ics", "calendrier.ics?periode=tous")
] + ["/", "/territoires/nouvelle-aquitaine/landes/"]


def everywhere(client) -> str:
    """The text of every public surface, folded lines of calendars joined."""
    texts = []
    for address in SURFACES:
        response = client.get(address)
        assert response.status_code == 200, address
        texts.append(response.content.decode().replace("\r\n ", ""))
    return "\n".join(texts)


def test_a_draft_a_private_and_an_unpublished_event_are_nowhere(client, landes_space):
    make_event(landes_space, a_date(day_in(0)), title="Visible")
    draft = make_event(landes_space, a_date(day_in(0)), title="Secret brouillon", live=False)
    private = make_event(landes_space, a_date(day_in(0)), title="Secret privé")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    gone = make_event(landes_space, a_date(day_in(0)), title="Secret retiré")
    reload(gone).unpublish()
    text = everywhere(client)
    assert "Visible" in text
    assert "Secret" not in text
    for event in (draft, private, gone):
        assert client.get(f"{event.url}evenement.ics").status_code == 404
        assert client.get(event.url).status_code in (302, 404)


def test_the_calendar_of_a_private_agenda_is_not_given(client, landes_space):
    event = make_event(landes_space, a_date(day_in(0)), title="Secret")
    etag = client.get(f"{LANDES}calendrier.ics")["ETag"]
    restriction = PageViewRestriction.objects.create(
        page=event.get_parent(), restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="g"))
    for headers in ({}, {"If-None-Match": etag}, {"If-None-Match": "*"}):
        assert client.get(f"{LANDES}calendrier.ics", headers=headers).status_code == 404
    assert "Secret" not in client.get("/agenda/calendrier.ics").content.decode()


@pytest.mark.parametrize("mode", ["en_ligne", "hybride"])
def test_the_join_link_is_never_public(client, landes_space, mode):
    event = make_event(landes_space, a_date(day_in(0)), title="Visio", mode=mode, join_url=JOIN_URL)
    addresses = (event.url, f"{event.url}evenement.ics")
    text = everywhere(client) + "".join(client.get(a).content.decode().replace("\r\n ", "") for a in addresses)
    assert "Visio" in text
    assert "secret-7f3a" not in text
    assert EventPage in get_indexed_models()
    assert "join_url" not in {field.field_name for field in EventPage.get_search_fields()}
    assert "secret-7f3a" not in " ".join([event.place_text, event.organiser_text])


def test_the_replacement_of_a_cancelled_event_is_named_only_once_public(client, landes_space):
    other = make_event(landes_space, title="Secret remplaçant", live=False)
    event = make_event(landes_space, status="annule", status_reason="Salle fermée", replaced_by=other)
    assert "Secret" not in client.get(event.url).content.decode()
    other = reload(other)
    other.save_revision().publish()
    assert "Secret remplaçant" in client.get(event.url).content.decode()


VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(["\x00", "\ud800", "a-venir", "passes", "tous", "salon", "on", "%", "9" * 400, "-1", "0"]),
)
NAMES = st.sampled_from([*AgendaForm.base_fields, "page", "inconnu", "\x00"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=6),
    st.sampled_from(["", "mois/", "mois/2026-12/", "mois/2026-99/", "rss/", "calendrier.ics"]),
)
def test_no_query_string_is_an_error(client, landes_space, pairs, path):
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    response = client.get(LANDES + path, data)
    assert response.status_code == (404 if "99" in path else response.status_code)
    assert response.status_code in (200, 404)

"""Events made of others, and warnings that dates fall together."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from events.models import EventPage, EventTemplate, RegistrationQuestion
from portal.accounts.enums import Role
from portal.core.models import Theme
from portal.territories.models import Territory
from tests.factories import make_member

from ..factories import a_date, a_rule, day_in, make_event, make_registration, make_venue, reload
from ..test_admin import add, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client(client, landes):
    client.force_login(make_member(Role.EDITOR, landes))
    return client


@pytest.fixture
def outsider(landes):
    return make_member(Role.EDITOR, Territory.objects.get(level="departement", code="47"))


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def model_event(landes_space):
    theme = Theme.objects.create(slug="a-theme", name="Un thème", family="culture")
    page = make_event(
        landes_space,
        rules=[a_rule(count=3)],
        title="Café numérique",
        themes=[theme],
        capacity=8,
        registration="internal",
        status="reprogramme",
        figures="12 personnes",
        questions=[RegistrationQuestion(label="Votre structure ?", sort_order=0)],
    )
    make_registration(page.occurrences.order_by("starts_at")[0])
    return page


def begun(response) -> EventPage:
    return EventPage.objects.get(pk=response.redirect_chain[-1][0].rstrip("/").split("/")[-2])


def test_an_event_is_duplicated_to_new_dates(editor_client, model_event):
    address = reverse("event_duplicate", args=[model_event.pk])
    assert 'value="Café numérique"' in editor_client.get(address).content.decode()
    data = {"title": "Café numérique, saison 2", "dates": "01/09/2027\n08/09/2027 14:00-16:00"}
    response = editor_client.post(address, data, follow=True)
    made = begun(response)
    assert (made.live, made.title, made.slug) == (False, "Café numérique, saison 2", "cafe-numerique-saison-2")
    assert (made.capacity, made.registration, made.figures, made.status) == (8, "internal", "", "programme")
    draft = made.get_latest_revision_as_object()
    assert [f"{each.start_date} {each.start_time}" for each in draft.dates.all()] == [
        "2027-09-01 None",
        "2027-09-08 14:00:00",
    ]
    assert draft.rules.count() == 0
    assert [theme.slug for theme in draft.themes.all()] == ["a-theme"]
    asked = draft.questions.get()
    assert (asked.label, asked.key == model_event.questions.get().key) == ("Votre structure ?", False)
    assert model_event.questions.count() == 1
    draft.save_revision().publish()
    assert made.occurrences.count() == 2
    assert reload(model_event).occurrences.count() == 3


def test_bad_dates_of_a_copy_are_named(editor_client, model_event):
    response = editor_client.post(
        reverse("event_duplicate", args=[model_event.pk]), {"title": "Saison 2", "dates": "01/13/2027"}
    )
    assert "Ligne 1" in text_of(response)
    assert EventPage.objects.count() == 1


def test_a_model_is_kept_in_the_space_and_events_begin_from_it(editor_client, model_event, landes_space):
    keep = reverse("event_template_keep", args=[model_event.pk])
    assert editor_client.post(keep, {"name": "Café"}).status_code == 302
    assert "déjà un modèle" in text_of(editor_client.post(keep, {"name": "café"}))
    template = EventTemplate.objects.get()
    assert template.space == landes_space
    assert "12 personnes" not in str(template.data)
    assert "Café" in text_of(editor_client.get(reverse("event_templates")))
    made = begun(editor_client.post(reverse("event_template_begin", args=[template.pk]), follow=True))
    draft = made.get_latest_revision_as_object()
    assert (made.live, draft.title, draft.slug) == (False, "Café numérique", "cafe-numerique")
    assert draft.dates.count() == draft.rules.count() == 0
    assert (draft.capacity, draft.questions.get().label) == (8, "Votre structure ?")
    assert editor_client.post(reverse("event_template_forget", args=[template.pk])).status_code == 302
    assert not EventTemplate.objects.exists()


def test_a_model_whose_place_and_theme_were_deleted_says_so_or_goes_on(editor_client, model_event):
    editor_client.post(reverse("event_template_keep", args=[model_event.pk]), {"name": "Café"})
    template = EventTemplate.objects.get()
    template.data |= {"themes": [999_999]}
    template.save()
    made = begun(editor_client.post(reverse("event_template_begin", args=[template.pk]), follow=True))
    assert not made.themes.exists()
    template.data |= {"venue": 999_999}
    template.save()
    response = editor_client.post(reverse("event_template_begin", args=[template.pk]), follow=True)
    assert "Choisissez le lieu" in text_of(response)
    assert EventPage.objects.count() == 2


def test_models_of_other_spaces_are_not_there(client, editor_client, model_event, outsider):
    editor_client.post(reverse("event_template_keep", args=[model_event.pk]), {"name": "Café"})
    template = EventTemplate.objects.get()
    client.force_login(outsider)
    assert "Café" not in text_of(client.get(reverse("event_templates")))
    for name in ("event_template_begin", "event_template_forget"):
        assert client.post(reverse(name, args=[template.pk])).status_code == 404
    for name in ("event_duplicate", "event_template_keep"):
        assert client.get(reverse(name, args=[model_event.pk])).status_code == 404
    assert EventTemplate.objects.count() == 1


def test_the_editor_warns_of_dates_that_fall_together_and_publishes(editor_client, landes_space):
    place = make_venue(name="Salle des fêtes")
    make_event(landes_space, a_date(day_in(9)), venue=place, title="Un autre atelier")
    data = posted(place, [{"start_date": f"{day_in(9)}"}])
    response = add(editor_client, landes_space, data)
    assert response.status_code == 302
    told = text_of(editor_client.get(response.url))
    assert "« Un autre atelier » se tient au même lieu" in told
    assert EventPage.objects.get(slug="cafe-numerique").live


def test_the_same_theme_the_same_day_in_the_same_territory_is_told(editor_client, landes_space, model_event):
    theme = Theme.objects.get(slug="a-theme")
    other = make_event(landes_space, a_date(day_in(10)), themes=[theme], title="Autre")
    make_event(landes_space, a_date(day_in(10)), title="Sans thème")
    told = text_of(editor_client.get(reverse("event_dates", args=[other.pk])))
    assert "« Café numérique » porte ce jour-là sur le même thème" in told
    assert "Sans thème" not in told

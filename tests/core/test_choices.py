"""What cards and filters write in Python: the same as a template would, escaped, and never out of date."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import caches
from django.db import connection
from django.template import Context, Template
from django.template.defaultfilters import truncatechars
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from pages.models import NewsPage
from portal.core.cards import card_rows
from portal.core.choices import Choice, choice_input, territory_options
from portal.core.images import prefetch_card_images
from portal.core.templatetags.portal_tags import fr_date, shortened
from portal.territories.models import Territory
from tests.factories import make_news

ESCAPED = "&lt;b&gt;&quot;"


def territory(level: str, code: str) -> Territory:
    return Territory.objects.get(level=level, code=code)


@pytest.mark.django_db
class TestTerritoryOptions:
    def test_nothing_chosen_selects_the_whole(self):
        options = territory_options(None, None)
        assert options.count(" selected") == 1
        assert options.startswith('<option value="" selected>Tous les territoires</option><optgroup label="Régions">')

    def test_a_proposed_territory_is_selected_in_its_place(self):
        options = territory_options(None, territory("departement", "40"))
        assert options.count(" selected") == 1
        assert '<option value="departement-40" selected>Landes</option>' in options
        assert options.count("departement-40") == 1

    def test_any_other_territory_is_put_first(self):
        options = territory_options(None, territory("commune", "40088"))
        assert options.startswith(
            '<option value="">Tous les territoires</option><option value="commune-40088" selected>Dax (40)</option>'
        )

    def test_a_region_proposes_its_departements_and_a_departement_nothing(self):
        options = territory_options(territory("region", "75"), None)
        assert "departement-40" in options
        assert "departement-32" not in options
        assert "region-" not in options
        assert territory_options(territory("departement", "40"), None) == ""

    def test_a_changed_name_is_written_at_once_and_escaped(self, django_capture_on_commit_callbacks):
        caches["pages"].clear()
        landes = territory("departement", "40")
        assert ">Landes<" in territory_options(None, None)
        with django_capture_on_commit_callbacks(execute=True):
            landes.name = 'Landes <b>"'
            landes.save()
        assert f">Landes {ESCAPED}</option>" in territory_options(None, None)
        assert f'<option value="departement-40" selected>Landes {ESCAPED}</option>' in territory_options(None, landes)
        caches["pages"].clear()


@pytest.mark.parametrize(("single", "kind"), [(True, "radio"), (False, "checkbox")])
def test_a_choice_is_escaped_labelled_and_checked(single, kind):
    html = choice_input(Choice("i-1", 'v"', 'Un <b>"', True), "nom", single=single)
    assert f'<input type="{kind}" id="i-1" name="nom" value="v&quot;" checked>' in html
    assert f'<label class="fr-label" for="i-1">Un {ESCAPED}</label>' in html
    assert " checked" not in choice_input(Choice("i", "v", "Un", False), "nom", single=single)


@given(st.text(alphabet="abé ü\u0301œ<&", max_size=12), st.integers(2, 10))
def test_a_shortened_text_never_is_longer_nor_loses_what_fits(text, length):
    short = shortened(text, length)
    assert len(short) <= length
    if "\u0301" not in truncatechars(text, 100):
        assert short == truncatechars(text, length)


def test_days_are_written_as_in_french():
    assert fr_date(dt.date(2026, 3, 1)) == "1er mars 2026"
    assert fr_date(dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC)) == "3 mars 2026"


def test_a_constant_part_is_the_template_itself():
    found = Template('{% load portal_tags %}{% constant "partials/scripts.html" %}').render(Context())
    assert found.count("<script") == 3
    assert "dsfr.module.min.js" in found


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_images_of_cards_come_in_one_query_and_two_where_they_are_new(landes_space, count):
    for number in range(count):
        image = get_image_model().objects.create(title=f"Bus {number}", file=get_test_image_file(f"bus-{number}.png"))
        make_news(landes_space, image=image, image_alt="Un bus")
    cards = Template("{% load portal_tags %}{% for item in items %}{% card_image item %}{% endfor %}")

    def shown() -> tuple[str, int]:
        caches["renditions"].clear()
        items = list(card_rows(NewsPage.objects.order_by("pk")))
        with CaptureQueriesContext(connection) as captured:
            prefetch_card_images(items)
        return cards.render(Context({"items": items})), len(captured)

    first, queries = shown()
    assert queries == 2
    with CaptureQueriesContext(connection) as captured:
        again, queries = shown()
    assert (again, queries, len(captured)) == (first, 1, 2)
    assert first.count("<img") == count

"""Blocks of a body: what they show, what they refuse, how many queries they cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.stream_block import StreamBlockValidationError

from pages.models import HomePage, StandardPage
from portal.core.blocks import BodyBlock
from tests.factories import add_page, make_news

pytestmark = pytest.mark.django_db


def body(*blocks: tuple[str, Any]) -> Any:
    """A body as it is read from the database."""
    return BodyBlock().to_python(
        [{"type": kind, "value": value, "id": f"b{n}"} for n, (kind, value) in enumerate(blocks)]
    )


def rendered(*blocks: tuple[str, Any]) -> str:
    value = body(*blocks)
    return value.render_as_block({"request": None}) if hasattr(value, "render_as_block") else str(value)


def errors_of(*blocks: tuple[str, Any]) -> dict[int, Any]:
    with pytest.raises(StreamBlockValidationError) as caught:
        BodyBlock().clean(body(*blocks))
    return caught.value.block_errors


def test_a_tile_leads_where_it_says_and_shows_its_pictogram():
    html = rendered(
        ("tiles", {"items": [{"title": "Se former", "url": "https://exemple.fr/", "pictogram": "self-training"}]})
    )
    assert '<a href="https://exemple.fr/" rel="noopener external">Se former</a>' in html
    assert "pictograms/digital/self-training.svg#artwork-major" in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "java\u200bscript:alert(1)",
        "//exemple.fr",
        "vbscript:x",
        "n'importe quoi",
    ],
)
def test_a_link_that_runs_is_refused_beside_its_field(address):
    errors = errors_of(("buttons", {"items": [{"label": "Voir", "url": address, "style": "primary"}]}))
    assert "Cette adresse n'est pas acceptée" in repr(errors[0].block_errors["items"].as_json_data())


def test_a_link_needs_a_page_or_an_address():
    errors = errors_of(("buttons", {"items": [{"label": "Voir", "style": "primary"}]}))
    assert "Choisissez une page ou donnez une adresse." in repr(errors[0].block_errors["items"].as_json_data())


def test_a_forged_rich_text_is_stored_clean():
    forged = '<p onclick="x()">Bonjour <a href="javascript:x()">ici</a><script>x()</script></p>'
    stored = BodyBlock().get_prep_value(BodyBlock().clean(body(("text", forged))))
    assert stored[0]["value"] == "<p>Bonjour <a>ici</a></p>"
    inner = BodyBlock().clean(body(("callout", {"title": "", "text": f"<h2>Non</h2>{forged}"})))
    assert BodyBlock().get_prep_value(inner)[0]["value"]["text"] == "<p>Non</p><p>Bonjour <a>ici</a></p>"


def test_internal_links_of_the_editor_are_kept():
    text = '<p data-block-key="abc12">Voir <a linktype="page" id="3">la page</a>.</p>'
    assert BodyBlock().get_prep_value(body(("text", text)))[0]["value"] == text


def test_headings_skip_no_level():
    assert "Un intertitre de niveau 3 suit un titre de niveau 1" in str(errors_of(("text", "<h3>Trop bas</h3>"))[0])
    BodyBlock().clean(body(("text", "<h2>Un</h2><h3>Deux</h3>"), ("text", "<h3>Trois</h3><h2>Quatre</h2>")))


def test_titles_of_components_follow_the_headings_of_the_text():
    callout = ("callout", {"title": "À noter", "text": "<p>Oui.</p>"})
    assert '<h2 class="fr-callout__title">À noter</h2>' in rendered(callout)
    assert '<h3 class="fr-callout__title">À noter</h3>' in rendered(("text", "<h2>Partie</h2>"), callout)


def test_a_video_needs_its_transcript_and_loads_nothing():
    errors = errors_of(("video", {"title": "Le bus", "url": "https://videos.exemple.fr/1", "transcript": ""}))
    assert "transcript" in errors[0].block_errors
    html = rendered(
        ("video", {"title": "Le bus", "url": "https://videos.exemple.fr/1", "transcript": "On voit un bus."})
    )
    assert "On voit un bus." in html
    assert "<iframe" not in html
    assert "<video" not in html


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"data": [["a"]], "table_caption": "", "table_header_choice": "row"}, "Donnez un titre au tableau"),
        (
            {"data": [["a"]], "table_caption": "T", "table_header_choice": "neither"},
            "Choisissez les cellules d'en-tête",
        ),
        ({"data": [["", None]], "table_caption": "T", "table_header_choice": "row"}, "Remplissez le tableau."),
        ({"data": "x", "table_caption": "T"}, "n'est pas lisible"),
        ({"data": [["a"] * 50] * 50, "table_caption": "T", "table_header_choice": "row"}, "dépasse 2000 cellules"),
    ],
)
def test_a_table_a_screen_reader_could_not_read_is_refused(table, message):
    assert message in str(errors_of(("table", table))[0])


def test_a_table_has_its_caption_and_header_cells():
    table = {
        "data": [["Lieu", "Jour"], ["Dax", "<b>lundi</b>"]],
        "table_caption": "Passages",
        "table_header_choice": "both",
    }
    html = rendered(("table", BodyBlock().child_blocks["table"].clean(table)))
    assert "<caption>Passages</caption>" in html
    assert '<th scope="col">Jour</th>' in html
    assert '<th scope="row">Dax</th>' in html
    assert "&lt;b&gt;lundi" in html


def test_a_place_links_to_the_map_without_loading_it():
    html = rendered(
        ("map_link", {"name": "Mairie", "address": "1 place\nDax", "latitude": "43.7", "longitude": "-1.05"})
    )
    assert "https://www.openstreetmap.org/?mlat=43.7&amp;mlon=-1.05#map=17/43.7/-1.05" in html
    assert "<iframe" not in html
    errors = errors_of(("map_link", {"name": "M", "address": "A", "latitude": "43.7", "longitude": None}))
    assert "longitude" in errors[0].block_errors


def test_highlighted_pages_leave_out_what_is_not_visible(landes_space):
    shown, gone = make_news(landes_space, title="Visible"), make_news(landes_space, title="Retirée")
    gone.unpublish()
    html = rendered(("highlighted_pages", {"title": "À lire", "pages": [shown.pk, gone.pk, 10**7]}))
    assert "Visible" in html
    assert "Retirée" not in html


def test_the_same_page_twice_is_refused(landes_space):
    news = make_news(landes_space)
    errors = errors_of(("highlighted_pages", {"title": "", "pages": [news.pk, news.pk]}))
    assert "La même page est choisie deux fois." in repr(errors[0].block_errors["pages"])


def test_a_body_costs_the_same_queries_for_one_and_many_pages(landes_space, client):
    news = [make_news(landes_space) for _ in range(6)]

    def queries(groups: list[list[int]]) -> int:
        page = add_page(
            HomePage.objects.get(), StandardPage(title="Sommaire", slug=f"sommaire-{len(groups)}", lead="…")
        )
        page.body = BodyBlock().to_python(
            [{"type": "highlighted_pages", "value": {"title": "", "pages": group}} for group in groups]
        )
        page.save()
        client.get(page.url)
        from portal.core.page_cache import invalidate_pages

        invalidate_pages()
        client.get("/accessibilite/")  # chrome in memory
        with CaptureQueriesContext(
            connection,
        ) as captured:
            html = client.get(page.url).content.decode()
        assert all(item.title in html for item in news if any(item.pk in group for group in groups))
        return len(captured)

    assert queries([[news[0].pk]]) == queries([[news[0].pk, news[1].pk], [news[2].pk], [each.pk for each in news[3:]]])


def test_clean_says_what_is_missing_in_french():
    with pytest.raises(ValidationError):
        BodyBlock().clean(body(("text", "<p> </p>")))
    assert "Écrivez un texte." in str(errors_of(("text", "<p>\u00a0</p>"))[0])

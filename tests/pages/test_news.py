"""News and initiatives: what their pages show, what their forms refuse."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from pages.models import InitiativeDocument, NewsPage, RelatedPage
from portal.core.models import Theme
from tests.factories import make_initiative, make_news, make_user

pytestmark = pytest.mark.django_db


def graph(html: str) -> list[dict]:
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    return json.loads(block[1])["@graph"]


def refusals(page: NewsPage, **changes: object) -> dict[str, list[str]]:
    form_class = NewsPage.get_edit_handler().get_form_class()
    data = {"title": page.title, "slug": page.slug, "lead": page.lead, "echelon": "local", "body-count": "0"}
    for formset in ("related_links", "comments"):
        data |= {f"{formset}-TOTAL_FORMS": "0", f"{formset}-INITIAL_FORMS": "0"}
    form = form_class(data | changes, instance=page, for_user=make_user())
    return dict(form.errors)


def test_a_page_says_what_where_and_when(client, landes_space):
    theme = Theme.objects.create(name="Santé", slug="sante-test", family="inclusion")
    news = make_news(
        landes_space, title="Un bus", echelon="departemental", themes=[theme], first_published_at=timezone.now()
    )
    html = client.get(news.url).content.decode()
    assert '<h1 class="portal-title">Un bus</h1>' in html
    assert "Échelon départemental" in html
    assert 'href="/territoires/nouvelle-aquitaine/landes/actualites/?theme=sante-test"' in html
    assert "Publié le <time" in html


def test_structured_data_cannot_be_broken_out_of(client, landes_space):
    hostile = "</script><script>alert(1)</script> & <!-- \u2028"
    news = make_news(landes_space, title=hostile, lead=hostile)
    html = client.get(news.url).content.decode()
    assert "<script>alert" not in html
    article, crumbs = graph(html)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == hostile
    assert article["contentLocation"]["name"] == "Landes"
    assert crumbs["itemListElement"][0]["name"] == "Accueil"
    assert crumbs["itemListElement"][-1]["item"].endswith(news.url)


def test_the_home_page_says_who_publishes(client):
    assert {each["@type"] for each in graph(client.get("/").content.decode())} == {"Organization", "WebSite"}


def test_a_share_shows_the_image(client, landes_space):
    image = get_image_model().objects.create(title="Bus", file=get_test_image_file(size=(1300, 800)))
    html = client.get(make_news(landes_space, image=image, image_alt="Un bus jaune").url).content.decode()
    assert re.search(r'<meta property="og:image" content="http://testserver/media/images/[^"]+\.jpg">', html)
    assert '<meta property="og:image:alt" content="Un bus jaune">' in html
    assert 'alt="Un bus jaune"' in html.split("<article")[1]
    assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_the_author_is_named_only_where_the_editor_says_so(client, landes_space):
    author = make_user(first_name="Camille", last_name="Exemple")
    assert "Camille" not in client.get(make_news(landes_space, owner=author).url).content.decode()
    html = client.get(make_news(landes_space, owner=author, show_author=True).url).content.decode()
    assert "Par Camille Exemple" in html
    assert author.email not in html


def test_chosen_related_pages_are_shown_in_order_while_visible(client, landes_space):
    first, private, second = (make_news(landes_space, title=f"Liée {n}") for n in "ABC")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    news = make_news(landes_space)
    for order, page in enumerate((second, private, first)):
        RelatedPage.objects.create(source=news, page=page, sort_order=order)
    html = client.get(news.url).content.decode().split("À lire aussi")[1]
    assert html.index("Liée C") < html.index("Liée A")
    assert "Liée B" not in html


def test_without_a_choice_the_newest_of_the_space_are_proposed(client, landes_space, nouvelle_aquitaine):
    make_news(nouvelle_aquitaine.space, title="D'ailleurs")
    make_news(landes_space, title="Voisine")
    html = client.get(make_news(landes_space).url).content.decode().split("À lire aussi")[1]
    assert "Voisine" in html
    assert "ailleurs" not in html


def test_an_initiative_shows_its_sections_documents_and_replay(client, landes_space):
    initiative = make_initiative(
        landes_space, impacts="300 000 €", bearers="Préfecture", replay_url="https://v.exemple.fr/1"
    )
    document = Document.objects.create(title="Bilan", file=ContentFile(b"x" * 2048, "bilan.pdf"), file_size=2048)
    InitiativeDocument.objects.create(page=initiative, document=document)
    html = client.get(initiative.url).content.decode()
    assert "<p>300 000 €</p>" in html
    assert "Préfecture" in html
    assert f'href="{document.url}"' in html
    assert "PDF – 2,0" in html
    assert 'href="https://v.exemple.fr/1"' in html
    assert "Points de vigilance" not in html


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": "x" * 300}, "title", "255"),
        ({"title": "  "}, "title", "requis"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "URL"),
        ({"source_url": "https://exemple.fr/"}, "source", "Nommez le journal"),
        ({"lead": "x" * 501}, "lead", "500"),
        ({"echelon": "mondial"}, "echelon", "choix"),
    ],
)
def test_the_form_refuses_beside_the_field(landes_space, changes, field, message):
    assert message in " ".join(refusals(make_news(landes_space), **changes)[field])


def test_the_form_wants_an_alternative_text(landes_space):
    image = get_image_model().objects.create(title="Bus", file=get_test_image_file())
    news = make_news(landes_space)
    assert "Décrivez l'image" in refusals(news, image=str(image.pk))["image_alt"][0]
    assert "image_alt" not in refusals(news, image=str(image.pk), image_decorative="on")

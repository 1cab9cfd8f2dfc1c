"""The addresses of pages: two of one title in one section, and one that somebody wrote."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from portal.accounts.enums import Role
from tests.factories import make_member, make_news, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, landes_space, landes):
    user = make_member(Role.EDITOR, landes)
    client.force_login(user)
    return user


def typed(client, address, **fields):
    """What the form at ``address`` sends, with ``fields`` changed."""
    form = client.get(address).context["form"]
    data = {}
    for bound in [*form, *(field for formset in form.formsets.values() for field in formset.management_form)]:
        value = bound.value()
        data[bound.html_name] = "" if value is None or isinstance(value, bool) else value
    data |= {"body-count": "0"} | fields
    return {name: value for name, value in data.items() if not hasattr(value, "stream_block")}


def add(client, parent, **fields):
    address = reverse("wagtailadmin_pages:add", args=["pages", "newspage", parent.pk])
    return client.post(address, typed(client, address, lead="Un chapô.", **fields))


def slugs(parent):
    return sorted(Page.objects.child_of(parent).values_list("slug", flat=True))


def test_pages_of_one_title_are_numbered(client, editor, landes_space):
    news = section(landes_space, "actualites")
    for _ in range(3):
        assert add(client, news, title="L’Œuvre été", slug="loeuvre-ete").status_code == 302
    assert slugs(news) == ["loeuvre-ete", "loeuvre-ete-2", "loeuvre-ete-3"]


def test_an_address_written_by_hand_that_is_taken_is_refused_with_a_free_one(client, editor, landes_space):
    taken = make_news(landes_space, slug="prise")
    news = taken.get_parent()
    html = add(client, news, title="Autre titre", slug="prise").content.decode()
    assert "L’adresse « prise » est déjà celle d’une autre page de cette rubrique." in html
    assert "« prise-2 »" in html
    assert 'value="Autre titre"' in html
    assert slugs(news) == ["prise"]


def test_the_address_of_a_published_page_is_not_changed_behind_ones_back(client, editor, landes_space):
    make_news(landes_space, title="Prise", slug="prise")
    mine = make_news(landes_space, title="Mienne", slug="mienne")
    address = reverse("wagtailadmin_pages:edit", args=[mine.pk])
    html = client.post(address, typed(client, address, title="Prise", slug="prise")).content.decode()
    assert "est déjà celle d’une autre page" in html
    assert slugs(mine.get_parent()) == ["mienne", "prise"]


def test_another_section_may_have_the_same(client, editor, landes_space, nation):
    from portal.territories.models import Space

    make_news(Space.objects.get(territory=nation), title="Même titre", slug="meme-titre")
    news = section(landes_space, "actualites")
    add(client, news, title="Même titre", slug="meme-titre")
    assert slugs(news) == ["meme-titre"]

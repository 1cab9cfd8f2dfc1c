"""What is proposed for a letter: by place, period, theme and kind, and only what anyone may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from newsletters.letters.blocks import Scope
from newsletters.letters.checks import problems
from newsletters.letters.rendering import render
from newsletters.letters.selection import as_blocks, last_days, propose
from newsletters.services.letters import add_to_letter, draft_letter, pages_inside
from portal.core.enums import ThemeFamily
from portal.core.models import Theme
from portal.territories.models import Space, Territory
from tests.events.factories import a_date, day_in, make_event
from tests.factories import make_initiative, make_member, make_news
from tests.newsletters.letters.factories import block, make_letter, pages
from tests.resources.factories import make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def region_space(landes_space):
    return Space.objects.get(territory__level="region", territory__code="75")


def titles(criteria):
    return [proposal.page.title for proposal in propose(criteria)]


def test_place_inside_above_both(landes_space, region_space, landes, nouvelle_aquitaine):
    make_news(landes_space, title="Des Landes")
    make_news(region_space, title="De la région")
    here = last_days(landes)
    assert titles(here) == ["Des Landes"]
    assert titles(replace(here, scope=Scope.ABOVE)) == ["De la région"]
    assert sorted(titles(replace(here, scope=Scope.BOTH))) == ["De la région", "Des Landes"]
    assert sorted(titles(last_days(nouvelle_aquitaine))) == ["De la région", "Des Landes"]


def test_what_not_everybody_may_read_is_not_proposed(landes_space, landes):
    seen = make_news(landes_space, title="Publique")
    make_news(landes_space, title="Brouillon", live=False)
    private = make_news(landes_space, title="Privée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert [proposal.pk for proposal in propose(last_days(landes))] == [seen.pk]
    assert propose(last_days(landes), leave_out=[seen.pk]) == []


def test_period_is_of_publication_and_for_events_of_their_date(landes_space, landes):
    old = timezone.now() - timedelta(days=20)
    make_news(landes_space, title="Ancienne", first_published_at=old)
    make_news(landes_space, title="Récente", first_published_at=timezone.now() - timedelta(days=2))
    make_event(landes_space, title="Dans dix jours")
    make_event(landes_space, title="Annulé", status="annule", status_reason="Grève.")
    assert titles(last_days(landes)) == ["Récente", "Dans dix jours"]
    assert titles(replace(last_days(landes), horizon=5)) == ["Récente"]
    assert titles(last_days(landes, days=30, kinds=("news",))) == ["Récente", "Ancienne"]


def test_themes_and_kinds(landes_space, landes):
    theme, other = (
        Theme.objects.create(name=name, slug=name, family=ThemeFamily.INCLUSION) for name in ("sante", "code")
    )
    make_resource(landes_space, title="Au thème", themes=[theme])
    make_resource(landes_space, title="D’un autre", themes=[other])
    make_initiative(landes_space, title="Une initiative")
    assert titles(last_days(landes, kinds=("resource",), themes=(theme.slug,))) == ["Au thème"]
    assert titles(last_days(landes, kinds=("initiative",))) == ["Une initiative"]


@pytest.mark.parametrize("count", [1, 3])
def test_constant_queries(landes_space, landes, django_assert_num_queries, count):
    for _ in range(count):
        make_news(landes_space)
        make_resource(landes_space)
        make_initiative(landes_space)
        make_event(landes_space)
    criteria = last_days(landes)
    with django_assert_num_queries(9):  # One a kind, the facts, one a type of page.
        assert len(propose(criteria)) == 4 * count


def test_a_draft_is_made_of_what_was_chosen_in_its_order(landes_space, landes):
    first, second = make_news(landes_space, title="Première"), make_news(landes_space, title="Seconde")
    event = make_event(landes_space)
    editor = make_member("editor", landes)
    criteria = last_days(landes)
    by_pk = {proposal.pk: proposal for proposal in propose(criteria)}
    letter = draft_letter(
        space=landes_space,
        actor=editor,
        title="La lettre de mai",
        criteria=criteria,
        chosen=[by_pk[event.pk], by_pk[second.pk], by_pk[first.pk]],
        introduction="Bonjour,\n\n<b>à</b> tous",
    )
    letter.refresh_from_db()
    assert not letter.live
    assert letter.owner == editor
    assert letter.get_parent().slug == "lettres"
    assert letter.list.territory == landes
    draft = letter.get_latest_revision_as_object()
    assert [child.block_type for child in draft.body] == ["intro", "agenda", "selection"]
    assert draft.body[0].value.source == "<p>Bonjour,</p><p>&lt;b&gt;à&lt;/b&gt; tous</p>"
    assert [item["page"].pk for item in draft.body[2].value["pages"]] == [second.pk, first.pk]


def test_nobody_drafts_for_another_territory(landes_space):
    stranger = make_member("editor", Territory.objects.get(level="departement", code="84"))
    criteria = last_days(landes_space.territory)
    with pytest.raises(PermissionDenied):
        draft_letter(space=landes_space, actor=stranger, title="x", criteria=criteria, chosen=[])
    letter = make_letter(landes_space)
    with pytest.raises(PermissionDenied):
        add_to_letter(letter=letter, actor=stranger, criteria=criteria, chosen=[])


def test_pages_are_added_once_before_the_end_and_what_is_published_stays(landes_space, landes):
    kept, new = make_news(landes_space), make_news(landes_space)
    end = block("footer", {"why": "", "sender": "Ici"})
    letter = make_letter(landes_space, pages(kept), end, live=True)
    editor = make_member("editor", landes)
    criteria = last_days(landes)
    add_to_letter(letter=letter, actor=editor, criteria=criteria, chosen=propose(criteria))
    letter.refresh_from_db()
    draft = letter.get_latest_revision_as_object()
    assert [child.block_type for child in draft.body] == ["pages", "selection", "footer"]
    assert [item["page"].pk for item in draft.body[1].value["pages"]] == [new.pk]
    assert [child.block_type for child in letter.body] == ["pages", "footer"]
    newer = make_news(landes_space)
    add_to_letter(letter=letter, actor=editor, criteria=criteria, chosen=propose(criteria))
    letter.refresh_from_db()
    again = letter.get_latest_revision_as_object()
    assert [child.block_type for child in again.body] == ["pages", "selection", "footer"]
    assert pages_inside(again) == {kept.pk, new.pk, newer.pk}


def test_blocks_hold_the_criteria_they_came_of(landes_space, landes):
    make_news(landes_space)
    criteria = last_days(landes, themes=())
    [made] = as_blocks(criteria, propose(criteria))
    assert made["value"]["since"] == criteria.since.isoformat()
    assert made["value"]["kinds"] == ["news"]


def test_the_themes_of_a_selection_are_kept_by_the_form(client, landes_space, landes):
    theme = Theme.objects.create(name="Santé", slug="sante", family=ThemeFamily.INCLUSION)
    make_resource(landes_space, themes=[theme])
    editor = make_member("editor", landes)
    criteria = last_days(landes, themes=("sante",))
    letter = draft_letter(space=landes_space, actor=editor, title="Santé", criteria=criteria, chosen=propose(criteria))
    client.force_login(editor)
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[letter.pk])).content.decode()
    assert "sante" in shown
    value = letter.get_latest_revision_as_object().body[0].value
    assert value["themes"] == ["sante"]
    assert letter.body.stream_block.clean(letter.body)[0].value["themes"] == ["sante"]


def test_a_chosen_event_that_is_past_or_called_off_is_said(landes_space):
    off = make_event(landes_space, title="Annulé", status="annule", status_reason="Grève.")
    past = make_event(landes_space, a_date(day_in(-5)), title="Passé")
    letter = make_letter(landes_space, pages(off, past))
    found = {each.code: each.level for each in problems(letter, render(letter))}
    assert found == {"event_called_off": "warning", "event_past": "warning"}

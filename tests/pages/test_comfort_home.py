"""The admin's home: what waits, what is mine, what ends soon; and one click to write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from pages.enums import ReportReason, ReviewOrigin
from pages.models import PageReport, ReviewItem
from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.territories.models import Territory
from tests.factories import make_member, make_news, section

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def fill(space, title, owner):
    page = make_news(space, title=f"Page {title}", expire_at=timezone.now() + timedelta(days=10))
    make_news(space, title=f"Plus tard {title}", expire_at=timezone.now() + timedelta(days=60))
    ReviewItem.objects.create(
        origin=ReviewOrigin.EDITION, kind="news", title=f"Relecture {title}", space=space, territory=space.territory
    )
    PageReport.objects.create(page=page, space=space, title=f"Signalement {title}", reason=ReportReason.ERRORS)
    draft = make_news(space, title=f"Brouillon {title}", live=False, owner=owner, has_unpublished_changes=True)
    draft.save_revision()
    old = make_news(space)
    Page.objects.filter(pk=old.pk).update(last_published_at=timezone.now() - timedelta(days=400))


def test_an_editor_finds_what_waits_in_their_spaces(client, landes, landes_space):
    editor = make_member(Role.EDITOR, landes)
    other = open_territory_space(territory=Territory.objects.get(level="departement", code="84"))
    fill(landes_space, "des Landes", editor)
    fill(other, "du Vaucluse", make_member(Role.EDITOR, other.territory))
    client.force_login(editor)
    html = client.get(HOME).content.decode()
    for said in ("Page", "Relecture", "Signalement", "Brouillon"):
        assert f"{said} des Landes" in html
    assert "du Vaucluse" not in html
    assert "Plus tard" not in html
    for heading in ("À relire avant publication (1)", "Signalements des lecteurs (1)", "Pages à relire (1)"):
        assert heading in html


def test_one_click_to_write_in_ones_space(client, landes, landes_space):
    client.force_login(make_member(Role.EDITOR, landes))
    html = client.get(HOME).content.decode()
    for slug, model in (("actualites", "pages/newspage"), ("agenda", "events/eventpage"),
                        ("ressources", "resources/resourcepage")):  # fmt: skip
        address = f"/admin/pages/add/{model}/{section(landes_space, slug).pk}/"
        assert address in html
        assert client.get(address).status_code == 200


def test_nothing_waits(client, landes, landes_space):
    client.force_login(make_member(Role.EDITOR, landes))
    html = client.get(HOME).content.decode()
    for said in ("Rien n’attend votre relecture.", "Aucun signalement à traiter.", "Vous n’avez aucun brouillon.",
                 "Aucune page ne sera retirée", "Toutes vos pages ont été relues."):  # fmt: skip
        assert said in html


def test_who_only_sends_letters_has_no_such_panel(client, landes, landes_space):
    client.force_login(make_member(Role.SENDER, landes))
    html = client.get(HOME).content.decode()
    for said in ("Mes espaces", "Signalements", "Pages à relire", "Bientôt périmé"):
        assert said not in html


@pytest.mark.parametrize("role", ["superuser", Role.ADMIN_NATIONAL])
def test_the_national_administration_writes_in_the_national_space(client, nation, landes_space, role):
    user = make_member(Role.ADMIN_NATIONAL, nation)
    if role == "superuser":
        user.is_superuser = True
        user.save()
    client.force_login(user)
    html = client.get(HOME).content.decode()
    assert f"/admin/pages/add/pages/newspage/{section(nation.space, 'actualites').pk}/" in html
    assert f"/admin/pages/add/pages/newspage/{section(landes_space, 'actualites').pk}/" not in html


def test_the_same_queries_for_one_and_three(client, landes, landes_space, django_assert_num_queries):
    editor = make_member(Role.EDITOR, landes)
    client.force_login(editor)
    for number in (1, 2):
        for each in range(number):
            fill(landes_space, f"{number}-{each}", editor)
        client.get(HOME)
        with django_assert_num_queries(38):
            client.get(HOME)

"""Opening, nesting, closing and opening again."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, TaskState, Workflow

from pages.models import ArchivedPage, NewsPage, SpaceReviewTask
from pages.services import SpaceError, close_territory_space, open_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.core.facts import wrong_facts
from portal.core.models import PageFact
from portal.core.sections import registered_sections, space_closed, space_opened
from portal.territories.models import Space, Territory
from tests.factories import add_page, make_member, make_news, make_user, section

NA = "/territoires/nouvelle-aquitaine"
LANDES = f"{NA}/landes"


def territory(key):
    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


def fresh(space):
    return Space.objects.select_related("page", "collection", "territory").get(pk=space.pk)


def slugs(space):
    return set(Page.objects.get(pk=space.page_id).get_children().values_list("slug", flat=True))


# --- Opening ---------------------------------------------------------------------------------------------------------
def test_a_space_nests_under_its_region_with_its_sections(landes_space):
    page = landes_space.page
    assert page.url_path.endswith(f"{LANDES}/")
    assert slugs(landes_space) == {s.slug for s in registered_sections()}
    assert fresh(landes_space).collection.get_parent().name == "Nouvelle-Aquitaine (région)"


def test_opening_twice_gives_the_same_space(landes_space, landes):
    counts = Page.objects.count(), Collection.objects.count(), Workflow.objects.count()
    assert open_territory_space(territory=landes) == landes_space
    assert (Page.objects.count(), Collection.objects.count(), Workflow.objects.count()) == counts


def test_a_news_item_is_listed_in_its_own_space_and_nationally_only(client, landes_space):
    news = make_news(landes_space, title="Un bus numérique dans les Landes")
    assert PageFact.objects.get(page=news).space == landes_space
    for address, shown in [
        ("/actualites/", True),
        (f"{LANDES}/actualites/", True),
        (f"{NA}/actualites/", False),
        (f"{NA}/actualites/?portee=dedans", True),
    ]:
        assert (news.title in client.get(address).content.decode()) is shown, address
    assert section(landes_space, "actualites").live


@pytest.mark.django_db
def test_first_editors_are_named_and_can_work_at_once(landes, nation):
    admin, editor = make_member(Role.ADMIN_NATIONAL, nation), make_user()
    space = open_territory_space(territory=landes, actor=admin, editors=[editor])
    held = editor.memberships.get()
    assert (held.role, held.territory, held.granted_by) == (Role.EDITOR, landes, admin)
    assert space.page.permissions_for_user(editor).can_edit()


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMIN_NATIONAL, Role.DEPOSITOR, Role.READER)]
)
def test_only_the_national_administration_opens_and_closes(role, landes_space, landes):
    actor = make_member(role, landes)
    with pytest.raises(SpaceError):
        open_territory_space(territory=territory("departement-47"), actor=actor)
    with pytest.raises(SpaceError):
        close_territory_space(space=landes_space, actor=actor)
    assert not Space.objects.filter(territory__code="47").exists()
    assert fresh(landes_space).is_open


@pytest.mark.django_db
def test_a_territory_that_is_no_more_gets_no_space(landes):
    Territory.objects.filter(pk=landes.pk).update(ended_on=timezone.localdate())
    with pytest.raises(SpaceError, match="n'existe plus"):
        open_territory_space(territory=landes)


@pytest.mark.django_db
def test_a_receiver_that_fails_leaves_nothing_half_open(landes):
    def broken(**kwargs):
        raise RuntimeError("lettres")

    space_opened.connect(broken)
    try:
        before = Page.objects.count(), Collection.objects.count()
        with pytest.raises(RuntimeError):
            open_territory_space(territory=landes)
    finally:
        space_opened.disconnect(broken)
    assert (Page.objects.count(), Collection.objects.count()) == before
    assert not Space.objects.filter(territory=landes).exists()


def test_signals_carry_the_space_and_the_actor(landes_space, landes, nation):
    admin, heard = make_member(Role.ADMIN_NATIONAL, nation), []

    def listen(signal, space, actor, **kwargs):
        heard.append((signal, space.pk, actor))

    for signal in (space_opened, space_closed):
        signal.connect(listen)
    try:
        close_territory_space(space=landes_space, actor=admin)
        open_territory_space(territory=landes, actor=admin)
    finally:
        for signal in (space_opened, space_closed):
            signal.disconnect(listen)
    assert heard == [(space_closed, landes_space.pk, admin), (space_opened, landes_space.pk, admin)]


@pytest.mark.django_db
def test_namesakes_get_their_own_address():
    """La Réunion is a région and a département; a second page of the same slug is told apart by its code."""
    region = open_territory_space(territory=territory("region-04"))
    departement = open_territory_space(territory=territory("departement-974"))
    assert departement.page.url_path.endswith("/territoires/la-reunion/la-reunion/")
    close_territory_space(space=region)
    assert fresh(departement).page.url_path.endswith("/territoires/la-reunion-974/")


# --- Workflow --------------------------------------------------------------------------------------------------------
def test_the_default_workflow_is_that_of_the_spaces_editors(landes_space, landes, nouvelle_aquitaine, nation):
    news = make_news(landes_space, live=False)
    workflow = news.get_workflow()
    assert workflow == fresh(landes_space).workflow
    task = workflow.tasks.get().specific
    own, above = make_member(Role.EDITOR, landes), make_member(Role.EDITOR, nouvelle_aquitaine)
    admin, other = make_member(Role.ADMIN_NATIONAL, nation), make_member(Role.EDITOR, territory("departement-47"))
    contributor = make_member(Role.CONTRIBUTOR, landes)
    news.save_revision()
    state = workflow.start(news, contributor)
    for user, allowed in [(own, True), (above, True), (admin, True), (other, False), (contributor, False)]:
        assert bool(task.get_actions(news, user)) is allowed, user.memberships.get()
    state.current_task_state.approve(user=own)
    news.refresh_from_db()
    assert news.live


def test_closing_takes_the_review_away(landes_space, landes):
    news, editor = make_news(landes_space), make_member(Role.EDITOR, landes)
    task = landes_space.workflow.tasks.get().specific
    assert task.get_actions(news, editor)
    close_territory_space(space=landes_space)
    assert not task.get_actions(news, User.objects.get(pk=editor.pk))
    open_territory_space(territory=landes)
    assert task.get_actions(news, User.objects.get(pk=editor.pk))


def test_what_waits_is_listed_to_who_may_review_it(landes_space, landes, nouvelle_aquitaine):
    news, contributor = make_news(landes_space, live=False), make_member(Role.CONTRIBUTOR, landes)
    news.save_revision()
    state = landes_space.workflow.start(news, contributor)
    own, above = make_member(Role.EDITOR, landes), make_member(Role.EDITOR, nouvelle_aquitaine)
    other = make_member(Role.EDITOR, territory("departement-47"))
    for user, waiting in [(own, 1), (above, 1), (other, 0), (contributor, 0), (make_user(is_superuser=True), 1)]:
        assert TaskState.objects.reviewable_by(user).count() == waiting
    state.cancel()
    assert not TaskState.objects.reviewable_by(own).exists()


# --- Nesting ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_intermediate_space_opened_later_takes_the_deeper_ones(client, landes, nouvelle_aquitaine):
    epci = open_territory_space(territory=territory("epci-244000808"))
    deep = open_territory_space(territory=landes)
    news = make_news(fresh(epci), title="Une annonce", slug="annonce")
    epci = fresh(epci)
    assert epci.page.url_path.endswith("/territoires/landes/ca-mont-de-marsan-agglomeration/")
    region = open_territory_space(territory=nouvelle_aquitaine)
    epci, deep = fresh(epci), fresh(deep)
    assert deep.page.get_parent().pk == region.page_id
    assert epci.page.url_path.endswith(f"{LANDES}/ca-mont-de-marsan-agglomeration/")
    assert epci.collection.get_parent() == deep.collection
    assert deep.collection.get_parent() == region.collection
    moved = "ca-mont-de-marsan-agglomeration/actualites/annonce/"
    response = client.get(f"/territoires/landes/{moved}", follow=True)
    assert response.redirect_chain[-1][0] == f"{LANDES}/{moved}"
    assert news.title in response.content.decode()
    assert wrong_facts() == []


@pytest.mark.django_db
def test_an_epci_over_two_departements_lies_under_its_principal_one():
    open_territory_space(territory=territory("departement-32"))
    space = open_territory_space(territory=territory("epci-200030435"))
    assert space.page.get_parent().specific.slug == "territoires"
    landes = open_territory_space(territory=territory("departement-40"))
    assert fresh(space).page.get_parent().pk == landes.page_id


# --- Closing and opening again ---------------------------------------------------------------------------------------
def test_a_closed_space_leads_to_its_parent_and_keeps_everything(client, landes_space, landes):
    news = make_news(landes_space, title="Bientôt archivée", slug="bientot")
    editor, count = make_member(Role.EDITOR, landes), Page.objects.count()
    close_territory_space(space=landes_space)
    assert Page.objects.count() == count
    for address in (f"{LANDES}/", f"{LANDES}/actualites/", f"{LANDES}/actualites/bientot/"):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, f"{NA}/"), address
    assert news.title not in client.get("/actualites/").content.decode()
    assert not fresh(landes_space).page.permissions_for_user(editor).can_edit()
    close_territory_space(space=landes_space)  # Twice does nothing.
    assert ArchivedPage.objects.filter(page=news).count() == 1


def test_opening_again_restores_exactly_what_was_live(client, landes_space, landes):
    published = make_news(landes_space, title="Publiée", slug="publiee")
    published.save_revision().publish()
    published.refresh_from_db()
    published.title = "Brouillon en cours"
    published.save_revision()
    draft = make_news(landes_space, title="Jamais publiée", slug="jamais", live=False)
    retired = make_news(landes_space, title="Retirée", slug="retiree")
    retired.unpublish()
    scheduled = make_news(landes_space, title="Programmée", slug="programmee", live=False)
    scheduled.go_live_at = timezone.now() + dt.timedelta(hours=1)
    scheduled.save_revision().publish()
    before = {
        page.pk: (page.live, page.has_unpublished_changes, page.live_revision_id, page.last_published_at, page.title)
        for page in Page.objects.all()
    }
    close_territory_space(space=landes_space)
    assert not Page.objects.filter(path__startswith=landes_space.page.path, live=True).exists()
    assert not scheduled.revisions.filter(approved_go_live_at__isnull=False).exists()
    open_territory_space(territory=landes)
    after = {
        page.pk: (page.live, page.has_unpublished_changes, page.live_revision_id, page.last_published_at, page.title)
        for page in Page.objects.all()
    }
    assert after == before
    assert scheduled.revisions.get().approved_go_live_at == scheduled.go_live_at
    assert client.get(f"{LANDES}/actualites/publiee/").status_code == 200
    listing = client.get(f"{LANDES}/actualites/").content.decode()
    assert "Publiée" in listing
    assert not any(title in listing for title in ("Brouillon en cours", draft.title, "Retirée", "Programmée"))
    assert not Redirect.objects.filter(old_path__startswith=LANDES).exists()
    assert not ArchivedPage.objects.exists()
    assert wrong_facts() == []


def test_what_was_scheduled_is_not_published_while_closed(landes_space):
    scheduled = make_news(landes_space, live=False)
    scheduled.go_live_at = timezone.now() + dt.timedelta(hours=1)
    scheduled.save_revision().publish()
    close_territory_space(space=landes_space)
    NewsPage.objects.filter(pk=scheduled.pk).update(go_live_at=timezone.now() - dt.timedelta(minutes=1))
    call_command("publish_scheduled")
    scheduled.refresh_from_db()
    assert not scheduled.live


def test_closing_a_region_moves_its_open_spaces_up_and_opening_takes_them_back(
    client, landes_space, nouvelle_aquitaine
):
    news = make_news(landes_space, slug="annonce")
    region = Space.objects.get(territory=nouvelle_aquitaine)
    close_territory_space(space=region)
    assert fresh(landes_space).page.url_path.endswith("/territoires/landes/")
    assert client.get("/territoires/landes/actualites/annonce/").status_code == 200
    assert client.get(f"{LANDES}/actualites/annonce/", follow=True).status_code == 200
    open_territory_space(territory=nouvelle_aquitaine)
    assert fresh(landes_space).page.url_path.endswith(f"{LANDES}/")
    assert news.title in client.get(f"{LANDES}/actualites/annonce/").content.decode()
    assert wrong_facts() == []


@pytest.mark.django_db
def test_the_national_space_does_not_close(nation):
    with pytest.raises(SpaceError, match="national"):
        close_territory_space(space=nation.space)


# --- Pages moved between spaces --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_page_moved_to_another_space_follows_its_rights_facts_and_review(client, landes_space):
    other = open_territory_space(territory=territory("departement-47"))
    dax = territory("commune-40088")
    news = make_news(landes_space, title="Un départ", slug="depart", territory=dax)
    news.save_revision().publish()
    editor, host = make_member(Role.EDITOR, territory("departement-40")), make_member(Role.EDITOR, other.territory)
    news.refresh_from_db()
    news.move(section(other, "actualites"), pos="last-child")
    news = NewsPage.objects.get(pk=news.pk)
    assert news.territory is None
    assert news.get_latest_revision_as_object().territory is None
    fact = PageFact.objects.get(page=news)
    assert (fact.space, fact.territory) == (other, other.territory)
    assert news.get_workflow() == other.workflow
    assert not news.permissions_for_user(editor).can_edit()
    assert news.permissions_for_user(host).can_publish()
    response = client.get(f"{LANDES}/actualites/depart/")
    assert (response.status_code, response.url) == (301, f"{NA}/lot-et-garonne/actualites/depart/")
    assert news.title in client.get(response.url).content.decode()


def test_a_territory_that_the_new_space_contains_is_kept(landes_space, nouvelle_aquitaine):
    dax = territory("commune-40088")
    news = make_news(landes_space, territory=dax)
    news.move(section(Space.objects.get(territory=nouvelle_aquitaine), "actualites"), pos="last-child")
    news = NewsPage.objects.get(pk=news.pk)
    assert news.territory == dax
    assert PageFact.objects.get(page=news).territory == dax


def test_a_closed_space_does_not_take_pages_back_that_left_it(landes_space, landes):
    other = open_territory_space(territory=territory("departement-47"))
    news = make_news(landes_space)
    close_territory_space(space=landes_space)
    Page.objects.get(pk=news.pk).move(section(other, "actualites"), pos="last-child")
    open_territory_space(territory=landes)
    news.refresh_from_db()
    assert not news.live


def test_a_page_added_by_hand_at_the_address_of_a_section_is_left_alone(landes_space, landes):
    listing = section(landes_space, "actualites")
    assert add_page(listing, NewsPage(title="A", slug="a", lead="x")).get_parent().pk == listing.pk
    open_territory_space(territory=landes)
    assert slugs(landes_space) == {s.slug for s in registered_sections()}


# --- Nothing is published in a closed space ---------------------------------------------------------------------------
@pytest.fixture
def closed(landes_space, landes, nouvelle_aquitaine):
    """The Landes closed beneath Nouvelle-Aquitaine, and a draft there. Yields (news, an editor of the région)."""
    news = make_news(landes_space, title="Archivée", slug="archivee")
    news.save_revision().publish()
    close_territory_space(space=landes_space)
    return NewsPage.objects.get(pk=news.pk), make_member(Role.EDITOR, nouvelle_aquitaine)


def people(host):
    return [host, make_user(is_superuser=True, email="racine@exemple.fr")]


@pytest.mark.django_db
def test_nobody_may_publish_into_a_closed_space(closed, landes_space):
    news, host = closed
    parent = news.get_parent()
    for user in people(host):
        for page in (news, Page.objects.get(pk=news.pk)):
            rights = page.permissions_for_user(user)
            assert (rights.can_edit(), rights.can_publish(), rights.can_submit_for_moderation()) == (True, False, False)
        assert not parent.permissions_for_user(user).can_publish_subpage()
        with pytest.raises(PublishPermissionError):
            news.save_revision().publish(user=user, skip_permission_checks=False)
        assert not SpaceReviewTask().may_review(news, user)
    assert not NewsPage.objects.get(pk=news.pk).live


@pytest.mark.django_db
def test_the_screens_refuse_to_publish_into_a_closed_space(client, closed):
    news, host = closed
    client.force_login(host)
    edit = reverse("wagtailadmin_pages:edit", args=[news.pk])
    assert "action-publish" not in client.get(edit).content.decode()
    client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={news.pk}")
    assert not NewsPage.objects.get(pk=news.pk).live


@pytest.mark.django_db
def test_a_live_page_is_not_moved_into_a_closed_space_and_a_draft_may_leave_it(closed, nouvelle_aquitaine):
    news, host = closed
    live = make_news(nouvelle_aquitaine.space, title="En ligne", slug="en-ligne")
    inside, outside = news.get_parent(), live.get_parent()
    for user in people(host):
        assert not live.permissions_for_user(user).can_move_to(inside)
        assert news.permissions_for_user(user).can_move_to(outside)


@pytest.mark.django_db
def test_once_open_again_its_pages_are_published_again(closed, landes):
    news, host = closed
    open_territory_space(territory=landes)
    news = NewsPage.objects.get(pk=news.pk)
    news.unpublish()
    assert news.permissions_for_user(host).can_publish()
    assert news.get_parent().permissions_for_user(host).can_publish_subpage()

"""The fixed part of the site: home page, directory, help, obligatory pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Task,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
)

from portal.core.sections import space_opened
from portal.territories.models import Space, Territory

from ..models import HelpIndexPage, HomePage, StandardPage, TerritoryDirectoryPage
from .spaces import add_sections, set_up_space

WAGTAILS_GROUPS, WAGTAILS_WORKFLOW = ("Editors", "Moderators"), "Moderators approval"
OBLIGATORY_PAGES = (
    ("accessibilite", "Accessibilité : partiellement conforme"),
    ("mentions-legales", "Mentions légales"),
    ("donnees-personnelles", "Données personnelles"),
)


@transaction.atomic
def ensure_site() -> HomePage:
    """The home page of the default site, with its fixed pages; what is missing is made. Idempotent.

    The default site is set to ``SITE_URL``. Needs the nation among the territories; replaces Wagtail's own page.
    """
    home: HomePage | None = HomePage.objects.first()
    if home is None:
        home = _make_home()
    set_address(home)
    nation = Territory.objects.nation()
    space = Space.objects.filter(territory=nation).first() or set_up_space(territory=nation, page=home)
    add_sections(space)
    space_opened.send(sender=Space, space=space, actor=None)
    children = set(home.get_children().values_list("slug", flat=True))
    fixed: list[Page] = []
    if "territoires" not in children:
        fixed.append(TerritoryDirectoryPage(title="Territoires", slug="territoires", show_in_menus=True))
    if "aide" not in children:
        fixed.append(HelpIndexPage(title="Aide", slug="aide"))
    fixed += [StandardPage(title=title, slug=slug) for slug, title in OBLIGATORY_PAGES if slug not in children]
    for page in fixed:
        home.add_child(instance=page)
    _remove_unused_defaults()
    return home


def _remove_unused_defaults() -> None:
    """Wagtail's own groups and workflow, in English and beside ours, as long as nobody has come to use them."""
    used = Q(pk__in=WorkflowState.objects.values("workflow"))
    # Wagtail attaches its own to the root, above every site.
    used |= Q(pk__in=WorkflowPage.objects.filter(page__depth__gt=1).values("workflow"))
    Workflow.objects.filter(name=WAGTAILS_WORKFLOW).exclude(used).delete()
    held = TaskState.objects.values("task")
    Task.objects.filter(name=WAGTAILS_WORKFLOW, workflow_tasks=None).exclude(pk__in=held).delete()
    approving = GroupApprovalTask.groups.through.objects.values("group")
    Group.objects.filter(name__in=WAGTAILS_GROUPS, user=None).exclude(pk__in=approving).delete()


def set_address(home: HomePage) -> None:
    """The default site stands at ``SITE_URL``: canonical addresses, feeds and the sitemap are made of it."""
    address = urlsplit(settings.SITE_URL)
    wanted = {
        "hostname": address.hostname or "localhost",
        "port": address.port or (443 if address.scheme == "https" else 80),
        "root_page": home,
        "site_name": "Portail de l’inclusion numérique",
    }
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if any(getattr(site, name, None) != value for name, value in wanted.items() if name != "root_page") or (
        site.root_page_id != home.pk
    ):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()


def _make_home() -> HomePage:
    Locale.objects.get_or_create(language_code="fr")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    Page.objects.filter(depth=2, slug="home").exclude(content_type__model="homepage").delete()
    root.refresh_from_db()
    home = HomePage(
        title="Portail de l’inclusion numérique", slug="accueil", headline="Le numérique pour tous, près de chez vous"
    )
    root.add_child(instance=home)
    return home

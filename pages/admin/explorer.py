"""The explorer as an editor of several spaces needs it: whose page it is, who wrote last, and filters that say so.

Wagtail's listing, search and per-type listings share their columns and filters: they are completed here in place,
before anything is shown (``complete_listings``), and serve « Toutes mes pages » too.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from django import forms
from django.db.models import IntegerField, Prefetch, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.functional import cached_property
from django_filters import filters
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import (
    ExplorableIndexView,
    GenericPageFilterSet,
    IndexView,
    PageFilterSet,
    PageListingMixin,
)
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page, Revision, WorkflowState, get_default_page_content_type
from wagtail.permissions import policy_registry

from portal.accounts.abilities import can, get_abilities
from portal.accounts.rules import Ability
from portal.core.enums import ContentKind
from portal.core.models import PageFact
from portal.territories.models import Space, TerritoryLink

STATES = [
    ("live", "Publiée"),
    ("draft", "Brouillon"),
    ("changed", "Publiée, avec des changements à publier"),
    ("review", "En relecture"),
    ("scheduled", "Programmée"),
    ("expired", "Périmée"),
]
REACHES = [("mine", "Mes espaces, sans ceux qu’ils contiennent")]


def in_state(pages: QuerySet[Page], state: str) -> QuerySet[Page]:
    """``pages`` in one of :data:`STATES`; all of them for any other value."""
    if state == "live":
        return pages.filter(live=True)
    if state == "draft":
        return pages.filter(live=False, expired=False)
    if state == "changed":
        return pages.filter(live=True, has_unpublished_changes=True)
    if state == "expired":
        return pages.filter(expired=True)
    if state == "review":
        kind = get_default_page_content_type()
        waiting: Any = WorkflowState.objects.active().filter(base_content_type=kind)
        return pages.filter(pk__in=_keys(waiting))
    if state == "scheduled":
        planned: Any = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
        return pages.filter(pk__in=_keys(planned))
    return pages


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The pages that ``rows`` name, as numbers: generic relations keep them as text, which PostgreSQL does not mix."""
    return rows.order_by().annotate(_page=Cast("object_id", IntegerField())).values("_page")


def held_spaces(user: Any) -> QuerySet[Space]:
    """The spaces of the territories that the person's own roles name; the national space for a superuser."""
    abilities = get_abilities(user)
    spaces = Space.objects.filter(closed_at=None)
    if abilities.everything:
        return spaces.filter(territory__level="nation")
    return spaces.filter(territory__in=[held.territory_id for held in abilities.memberships if held.territory_id])


def reachable_spaces(request: HttpRequest | None) -> QuerySet[Space]:
    """The spaces the person writes in, by name."""
    if request is None:
        return Space.objects.none()
    territories = get_abilities(request.user).territories(Ability.ACCESS_ADMIN)
    spaces = Space.objects.filter(territory__in=territories).select_related("territory")
    return spaces.order_by("territory__name", "pk")


class SpaceFilter(filters.ModelChoiceFilter):
    """Pages that lie in a space, or are about a territory inside it."""

    def filter(self, qs: QuerySet[Page], value: Space | None) -> QuerySet[Page]:
        if value is None:
            return qs
        inside = TerritoryLink.objects.filter(ancestor=value.territory_id).values("descendant")
        return qs.filter(pk__in=PageFact.objects.filter(territory__in=inside).values("page"))


class ReachFilter(filters.ChoiceFilter):
    def filter(self, qs: QuerySet[Page], value: str) -> QuerySet[Page]:
        if value != "mine":
            return qs
        spaces = held_spaces(self.parent.request.user)
        return qs.filter(pk__in=PageFact.objects.filter(space__in=spaces.values("pk")).values("page"))


class StateFilter(filters.ChoiceFilter):
    def filter(self, qs: QuerySet[Page], value: str) -> QuerySet[Page]:
        return qs.filter(pk__in=in_state(Page.objects.all(), value).values("pk")) if value else qs


class KindFilter(filters.MultipleChoiceFilter):
    def filter(self, qs: QuerySet[Page], value: list[str]) -> QuerySet[Page]:
        return qs.filter(pk__in=PageFact.objects.filter(kind__in=value).values("page")) if value else qs


def _filters() -> dict[str, Any]:
    return {
        "etat": StateFilter(label="État", choices=STATES, empty_label="Tous", widget=forms.RadioSelect),
        "espace": SpaceFilter(label="Territoire", queryset=reachable_spaces, empty_label="Tous"),
        "ressort": ReachFilter(label="Ressort", choices=REACHES, empty_label="Tous", widget=forms.RadioSelect),
        "nature": KindFilter(label="Nature", choices=ContentKind.choices, widget=forms.CheckboxSelectMultiple),
    }


def space_of(page: Page) -> str:
    """The name of the space the page lies in, and of its own territory where it is another."""
    fact = getattr(page, "fact", None)
    if fact is None or fact.space is None:
        return ""
    space = fact.space.territory
    return space.name if fact.territory in (None, space) else f"{space.name} ({fact.territory.name})"


class EditorColumn(Column):
    """Who wrote last, to those who may edit the page: the way there is shown to more people."""

    def get_cell_context_data(self, instance: Page, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        policy = policy_registry.get_by_type(Page)
        if not policy.may_edit(parent_context["request"].user, instance):
            context["value"] = context["raw_value"] = ""
        return context


def last_editor(page: Page) -> str:
    revision = page.latest_revision
    return str(revision.user) if revision and revision.user else ""


def _columns() -> list[Column]:
    return [
        Column("space", label="Espace", accessor=space_of, width="12%"),
        EditorColumn("editor", label="Modifiée par", accessor=last_editor, width="12%"),
    ]


def _with_columns(columns: list[Column]) -> list[Column]:
    """``columns`` with ours after the title (and the parent), once."""
    if any(column.name == "space" for column in columns):
        return columns
    at = next((n for n, column in enumerate(columns) if column.name not in ("bulk_actions", "title", "parent")), 0)
    return [*columns[:at], *_columns(), *columns[at:]]


def complete_listings() -> None:
    """Put columns and filters in place; called once, when the hooks are read."""
    for filterset in (PageFilterSet, GenericPageFilterSet):
        filterset.base_filters = OrderedDict([*_filters().items(), *filterset.base_filters.items()])
    for view in (PageListingMixin, IndexView, ExplorableIndexView):
        view.base_columns[:] = _with_columns(view.base_columns)
    annotate = PageListingMixin.annotate_queryset

    def annotated(self: Any, pages: Any) -> Any:
        """With what our columns show: five more queries a list, none a page."""
        revisions = Revision.objects.defer("content").select_related("user")
        return annotate(self, pages).prefetch_related(
            Prefetch("fact", PageFact.objects.select_related("space__territory", "territory")),
            Prefetch("latest_revision", revisions),
        )

    PageListingMixin.annotate_queryset = annotated


class MyPagesView(IndexView):
    """Every page the person may change, across their spaces."""

    # The explorer's, with the type of page, which listings of one type leave out.
    base_columns = ExplorableIndexView.base_columns
    page_title = "Toutes mes pages"
    header_icon = "doc-empty-inverse"

    def get_base_queryset(self) -> QuerySet[Page]:
        mine = self.permission_policy.instances_user_has_any_permission_for(self.request.user, ["change", "publish"])
        pages: QuerySet[Page] = self.model.objects.filter(depth__gt=1, pk__in=mine.order_by().values("pk"))
        annotated: QuerySet[Page] = self.annotate_queryset(pages)
        return annotated

    @cached_property
    def add_url(self) -> None:
        """Pages are added in a section: there is no page to add « anywhere »."""
        return


class MyPagesViewSet(PageListingViewSet):
    """« Toutes mes pages », under /admin/mes-pages/."""

    model = Page
    index_view_class = MyPagesView
    icon = "doc-empty-inverse"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return found | {"add_url_name": None}

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


def my_pages_viewset() -> MyPagesViewSet:
    """For ``register_admin_viewset``."""
    return MyPagesViewSet("my_pages", url_prefix="mes-pages")


class MyPagesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can(request.user, Ability.PUBLISH)


def menu_item() -> MenuItem:
    """For ``register_admin_menu_item``."""
    return MyPagesMenuItem(
        "Toutes mes pages", reverse("my_pages:index"), name="mes-pages", icon_name="doc-empty-inverse", order=101
    )

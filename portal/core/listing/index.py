"""The page of a listing: its items, its screen, its feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.core.paginator import Page as PaginatorPage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from portal.territories.models import Space

from ..cards import card_rows
from ..contribution import contribution_to
from ..images import prefetch_card_images
from ..pages import BasePage
from .feeds import FEED_SIZE, FeedEntry, feed_response
from .forms import ListingForm
from .paging import page_of

NONE_MATCHES = "Rien ne correspond aux filtres choisis."


class FilterableIndexPage(RoutablePageMixin, BasePage):
    """A section of a space: the list of its pages, its filters and its feeds."""

    item_model: ClassVar[type[BasePage]]
    form_class: ClassVar[type[ListingForm]] = ListingForm
    #: Columns of ``item_model`` that its cards show besides those of any page of content.
    item_columns: ClassVar[tuple[str, ...]] = ()
    per_page: ClassVar[int] = 12
    #: Said of a list that has nothing at all.
    empty_text: ClassVar[str] = "Rien n’est encore publié ici."
    #: What is listed, for « 12 actualités » : singular, plural.
    item_names: ClassVar[tuple[str, str]] = ("résultat", "résultats")
    pictogram: ClassVar[str] = "search"

    class Meta:
        abstract = True

    # --- What is listed ------------------------------------------------------------------------------------------
    def get_items(self) -> QuerySet[Any]:
        """Live, public items of every space, newest first, with what a card and a feed need."""
        items = self.item_model._default_manager.filter(fact__visible=True, fact__kind=self.item_model.fact_kind)
        return (
            card_rows(items, "first_published_at", "last_published_at", *self.item_columns)
            .prefetch_related("themes")
            .order_by("-fact__date", "-fact__page_id")
        )

    def get_form(self, request: HttpRequest) -> ListingForm:
        form = self.form_class(request.GET, space=self.space)
        form.full_clean()
        return form

    def filtered_items(self, form: ListingForm) -> QuerySet[Any]:
        return form.filter(form.scope(self.get_items()))

    def arranged_items(self, form: ListingForm, request: HttpRequest) -> Sequence[Any] | QuerySet[Any]:
        """What the page shows, in its order; feeds keep the order of dates."""
        return self.filtered_items(form)

    # --- Screens --------------------------------------------------------------------------------------------------
    @path("")
    def listing(self, request: HttpRequest) -> TemplateResponse:
        form = self.get_form(request)
        page = self.paginate(request, self.arranged_items(form, request))
        prefetch_card_images(page.object_list)
        return self.render(request, context_overrides=self.listing_context(request, form, page))

    def listing_context(self, request: HttpRequest, form: ListingForm, page: PaginatorPage[Any]) -> dict[str, Any]:
        """What ``pages/listing.html`` shows."""
        query = form.query()
        feed_query = f"?{query}" if query else ""
        url = self.get_url(request) or "/"
        count = page.paginator.count
        return {
            "form": form,
            "items": page,
            "notices": form.notices,
            "filter_query": query,
            "active_filters": form.active_filters(),
            "noindex": bool(form.active) or page.number > 1,
            "empty_text": NONE_MATCHES if form.active else self.empty_text,
            "index_url": url,
            "rss_url": f"{url}rss/{feed_query}",
            "atom_url": f"{url}atom/{feed_query}",
            "result_label": f"{count} {self.item_names[0 if count < 2 else 1]}",
            "national_url": "" if form.is_national else self.national_url(request),
            "pictogram_name": self.pictogram,
            "page_numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        }

    @property
    def proposal(self) -> tuple[str, str] | None:
        """(« Proposer un événement », address of its form on this territory), or None where nothing is proposed."""
        kind = contribution_to(self.item_model)
        if kind is None:
            return None
        territory = f"?territoire={self.space.territory.key}" if self.space else ""
        return f"Proposer {kind.label[:1].lower()}{kind.label[1:]}", f"/contribuer/{kind.slug}/{territory}"

    def national_url(self, request: HttpRequest) -> str:
        """The address of the same section of the national space. No query: it lies under the home page."""
        home = self.breadcrumb[0] if self.breadcrumb else None
        return f"{home.get_url(request)}{self.slug}/" if home is not None else ""

    @path("rss/")
    def rss(self, request: HttpRequest) -> HttpResponse:
        return self.feed(request, Rss201rev2Feed)

    @path("atom/")
    def atom(self, request: HttpRequest) -> HttpResponse:
        return self.feed(request, Atom1Feed)

    def paginate(self, request: HttpRequest, items: Any) -> PaginatorPage[Any]:
        """The page of items asked for; 404 for a number that is none or too high."""
        return page_of(request, items, self.per_page)

    def filter_query(self, request: HttpRequest) -> str:
        """The filters in force as a query string, without the page number: what feeds and paging links carry."""
        return self.get_form(request).query()

    # --- Feeds ----------------------------------------------------------------------------------------------------
    def feed(self, request: HttpRequest, kind: type[Rss201rev2Feed | Atom1Feed]) -> HttpResponse:
        """The first :data:`FEED_SIZE` items under the same filters as the listing."""
        form = self.get_form(request)
        query = form.query()
        filters = ", ".join(each.value for each in form.active_filters())
        title = f"{self.title} – {self.space}" if self.space else self.title
        return feed_response(
            kind,
            (self.feed_entry(item, request) for item in self.filtered_items(form)[:FEED_SIZE]),
            title=f"{title} ({filters})" if filters else title,
            url=(self.get_full_url(request) or "") + (f"?{query}" if query else ""),
            description=self.search_description or self.title,
            feed_url=request.build_absolute_uri(),
        )

    def feed_entry(self, item: Any, request: HttpRequest) -> FeedEntry:
        """What a feed says of ``item``."""
        url = item.get_full_url(request)
        published = item.first_published_at or item.fact.date
        return FeedEntry(
            title=item.title,
            url=url,
            text=item.lead,
            published=published,
            updated=item.last_published_at or published,
            uid=url,
            categories=[theme.name for theme in item.themes.all()],
        )


def local_today(space: Space | None) -> date:
    """The day it is in the space's territory."""
    return timezone.localdate(timezone=ZoneInfo(space.territory.time_zone if space else "Europe/Paris"))

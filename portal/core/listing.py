"""The one filterable index: a validated form drives filters, paging, feeds and ``noindex``.

A concrete index names ``item_model`` and ``form_class``; a subclass of :class:`ListingForm` adds its fields and its
``filter_<field>`` methods. The same GET parameters give the same set on the page and in every feed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as PaginatorPage
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from portal.territories.models import Space, Territory, TerritoryLink
from portal.territories.selectors import territory_by_key

from .models import Theme
from .pages import BasePage

FEED_SIZE = 50
MAX_PAGE = 10_000


class Scope:
    """What a space's listing shows: its own pages, or all those inside its territory."""

    OWN = "espace"
    INSIDE = "dedans"
    CHOICES = [(OWN, "Cet espace"), (INSIDE, "Tout le territoire")]


class TerritoryKeyField(forms.CharField):
    """A territory by its key ("departement-40")."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, required=False, **kwargs)

    def clean(self, value: Any) -> Territory | None:  # type: ignore[override]
        key = super().clean(value)
        if not key:
            return None
        territory = territory_by_key(key)
        if territory is None:
            raise forms.ValidationError("Ce territoire n'existe pas.")
        return territory


class ListingForm(forms.Form):
    """Filters common to every listing. A bad value is dropped, told in :attr:`notices`, and never an error."""

    q = forms.CharField(label="Mots du titre ou du chapô", max_length=100, required=False)
    territoire = TerritoryKeyField(label="Territoire")
    portee = forms.ChoiceField(label="Portée", choices=Scope.CHOICES, required=False)
    au_dessus = forms.BooleanField(
        label="Aussi ce qui vient d'au-dessus (département, région, national)", required=False
    )
    theme = forms.ModelMultipleChoiceField(
        label="Thèmes", queryset=Theme.objects.all(), to_field_name="slug", required=False
    )

    def __init__(self, *args: Any, space: Space | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.space = space

    @property
    def notices(self) -> list[str]:
        """Sentences about the parameters that were not understood and were left out."""
        return [
            f"Le filtre « {self.fields[name].label} » a été ignoré : {' '.join(errors)}"
            for name, errors in self.errors.items()
            if name in self.fields
        ]

    @property
    def active(self) -> dict[str, Any]:
        """The filters in force, by field name."""
        self.full_clean() if not hasattr(self, "cleaned_data") else None
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "", False) and value != []
        }

    def filter(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """``items`` under the filters in force, each by its ``filter_<field>`` method."""
        active = self.active
        for name in self.fields:
            method = getattr(self, f"filter_{name}", None)
            if method and name in active and (not isinstance(active[name], QuerySet) or active[name]):
                items = method(items, active[name])
        return items

    def filter_q(self, items: QuerySet[Any], words: str) -> QuerySet[Any]:
        for word in words.replace("\x00", "").split()[:8]:
            items = items.filter(Q(title__icontains=word) | Q(lead__icontains=word))
        return items

    def filter_theme(self, items: QuerySet[Any], themes: Iterable[Theme]) -> QuerySet[Any]:
        return items.filter(
            pk__in=items.model.themes.through.objects.filter(theme__in=themes).values(_page_column(items))
        )

    def filter_territoire(self, items: QuerySet[Any], territory: Territory) -> QuerySet[Any]:
        return items.filter(self.territory_q(territory, above=bool(self.cleaned_data.get("au_dessus"))))

    @staticmethod
    def territory_q(territory: Territory, *, above: bool) -> Q:
        """Items inside ``territory``, and where ``above`` says so those of what contains it."""
        inside = Q(fact__territory__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))
        if above:
            inside |= Q(fact__territory__in=TerritoryLink.objects.filter(descendant=territory).values("ancestor"))
        return inside

    def scope(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """``items`` of the listing's own space (the national one lists every space)."""
        if self.space is None or self.space.territory.level == "nation":
            return items
        active = self.active
        scoped = (
            self.territory_q(self.space.territory, above=False)
            if active.get("portee") == Scope.INSIDE
            else Q(fact__space=self.space)
        )
        if active.get("au_dessus"):
            scoped |= Q(
                fact__territory__in=TerritoryLink.objects.filter(descendant=self.space.territory).values("ancestor")
            )
        return items.filter(scoped)


def _page_column(items: QuerySet[Any]) -> str:
    """The column of a theme table that points at the page."""
    through: type[Model] = items.model.themes.through
    return next(f.name for f in through._meta.fields if f.related_model is items.model)


class FilterableIndexPage(RoutablePageMixin, BasePage):
    """A section of a space: the list of its pages, its filters and its feeds."""

    item_model: ClassVar[type[BasePage]]
    form_class: ClassVar[type[ListingForm]] = ListingForm
    per_page: ClassVar[int] = 12
    empty_text: ClassVar[str] = "Rien n'est encore publié ici."

    class Meta:
        abstract = True

    # --- What is listed ------------------------------------------------------------------------------------------
    def get_items(self) -> QuerySet[Any]:
        """Live, public items of every space, newest first, with what a card needs."""
        return (
            self.item_model._default_manager.filter(fact__visible=True, fact__kind=self.item_model.fact_kind)
            .select_related("fact__territory", "fact__space__territory", "image")
            .prefetch_related("themes", "image__renditions")
            .order_by("-fact__date", "-fact__page_id")
        )

    def get_form(self, request: HttpRequest) -> ListingForm:
        form = self.form_class(request.GET, space=self.space)
        form.full_clean()
        return form

    def filtered_items(self, form: ListingForm) -> QuerySet[Any]:
        return form.filter(form.scope(self.get_items()))

    # --- Screens --------------------------------------------------------------------------------------------------
    @path("")
    def listing(self, request: HttpRequest) -> TemplateResponse:
        form = self.get_form(request)
        page = self.paginate(request, self.filtered_items(form))
        return self.render(
            request,
            context_overrides={
                "form": form,
                "items": page,
                "notices": form.notices,
                "filter_query": self.filter_query(request),
                "noindex": bool(form.active) or page.number > 1,
                "empty_text": self.empty_text,
            },
        )

    @path("rss/")
    def rss(self, request: HttpRequest) -> HttpResponse:
        return self.feed(request, Rss201rev2Feed)

    @path("atom/")
    def atom(self, request: HttpRequest) -> HttpResponse:
        return self.feed(request, Atom1Feed)

    def paginate(self, request: HttpRequest, items: QuerySet[Any]) -> PaginatorPage[Any]:
        """The page of items asked for; 404 for a number that is none or too high."""
        number = request.GET.get("page", "1")
        if not (number.isascii() and number.isdigit()) or not 1 <= int(number[:9]) <= MAX_PAGE:
            raise Http404("Cette page de la liste n'existe pas.")
        try:
            return Paginator(items, self.per_page).page(int(number))
        except EmptyPage as error:
            raise Http404("Cette page de la liste n'existe pas.") from error

    def filter_query(self, request: HttpRequest) -> str:
        """The filters in force as a query string, without the page number: what feeds and paging links carry."""
        known = set(self.form_class.base_fields)
        pairs = [(k, v) for k, values in request.GET.lists() for v in values if k in known and v]
        return urlencode(pairs)

    # --- Feeds ----------------------------------------------------------------------------------------------------
    def feed(self, request: HttpRequest, kind: type[SyndicationFeed]) -> HttpResponse:
        """The first :data:`FEED_SIZE` items under the same filters as the listing."""
        form = self.get_form(request)
        query = self.filter_query(request)
        address = self.get_full_url(request) + (f"?{query}" if query else "")
        feed = kind(
            title=f"{self.title} — {self.space}" if self.space else self.title,
            link=address,
            description=self.search_description or self.title,
            language="fr",
            feed_url=request.build_absolute_uri(),
        )
        for item in self.filtered_items(form)[:FEED_SIZE]:
            url = item.get_full_url(request)
            feed.add_item(
                title=item.title,
                link=url,
                description=item.lead,
                pubdate=item.first_published_at,
                updateddate=item.last_published_at,
                unique_id=url,
                categories=[theme.name for theme in item.themes.all()],
            )
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

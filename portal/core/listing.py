"""The one filterable index: a validated form drives filters, paging, feeds and ``noindex`` (docs/pages.md).

A concrete index names ``item_model`` and ``form_class``; a subclass of :class:`ListingForm` adds its fields and its
``filter_<field>`` methods. The same GET parameters give the same set on the page and in every feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import EmptyPage, Paginator
from django.core.paginator import Page as PaginatorPage
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from portal.territories.enums import Level
from portal.territories.models import Space, Territory, TerritoryLink

from .cards import card_rows
from .choices import territory_options
from .filters import ManyField, TerritoryKeyField, ThemeField
from .images import prefetch_card_images
from .models import Theme
from .pages import BasePage

FEED_SIZE = 50
#: Pages of results one may turn, and so the rows a count or an offset reads: beyond, filters are the way.
MAX_PAGE = 100
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Scope:
    """What a space's listing shows: its own pages, or all those inside its territory."""

    OWN = "espace"
    INSIDE = "dedans"
    CHOICES = [(OWN, "Cet espace"), (INSIDE, "Tout le territoire")]


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, as a tag one removes: ``query`` is what remains of the query string without it."""

    label: str
    value: str
    query: str


class ListingForm(forms.Form):
    """Filters common to every listing. A bad value is dropped, told in :attr:`notices`, and never an error."""

    q = forms.CharField(label="Mots du titre ou du chapô", max_length=100, required=False)
    portee = forms.ChoiceField(label="Portée", choices=Scope.CHOICES, required=False, widget=forms.RadioSelect)
    territoire = TerritoryKeyField(label="Territoire")
    au_dessus = forms.BooleanField(
        label="Inclure les échelons supérieurs",
        help_text="Ce que publient le département, la région et le niveau national.",
        required=False,
    )
    theme = ThemeField()

    #: Values that are those of an absent filter.
    defaults: ClassVar[dict[str, Any]] = {"portee": Scope.OWN}

    def __init__(self, data: Any = None, *args: Any, space: Space | None = None, **kwargs: Any) -> None:
        super().__init__(_plain(data), *args, auto_id="filtre-%s", label_suffix="", **kwargs)
        self.space = space
        if self.is_national:
            del self.fields["portee"]

    @property
    def is_national(self) -> bool:
        """Whether the listing is the national one, which aggregates every space."""
        return self.space is None or self.space.territory.level == Level.NATION

    # --- What was understood ------------------------------------------------------------------------------------------
    @cached_property
    def notices(self) -> list[str]:
        """Sentences about the parameters that were not understood and were left out."""
        told = [
            f"Le filtre « {self.fields[name].label} » a été ignoré : {' '.join(map(str, errors))}"
            for name, errors in self.errors.items()
            if name in self.fields
        ]
        for name, field in self.fields.items():
            if isinstance(field, ManyField) and (unknown := getattr(field, "unknown", [])):
                values = ", ".join(f"« {value[:40]} »" for value in unknown[:3])
                told.append(f"Le filtre « {self.fields[name].label} » ne connaît pas {values}.")
        return told

    @property
    def active(self) -> dict[str, Any]:
        """The filters in force, by field name."""
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "", False)
            and not (isinstance(value, Sequence | QuerySet) and len(value) == 0)
            and self.defaults.get(name) != value
        }

    def pairs(self) -> list[tuple[str, str, str]]:
        """Every value in force as (field, value as in the address, label): the base of links and tags."""
        found = []
        for name, value in self.active.items():
            values = value if isinstance(value, list | tuple | QuerySet) else [value]
            found += [(name, *self.describe(name, each)) for each in values]
        return found

    def describe(self, name: str, value: Any) -> tuple[str, str]:
        """(value in an address, label for people) of one value of a field."""
        field = self.fields[name]
        if isinstance(value, Territory):
            return value.key, value.label
        if isinstance(value, Model):
            return str(getattr(value, getattr(field, "to_field_name", None) or "slug")), str(value)
        if value is True:
            return "on", str(field.label)
        if isinstance(value, date):
            return value.isoformat(), value.strftime("%d/%m/%Y")
        labels = {str(key): str(label) for key, label in _flat(getattr(field, "choices", ()))}
        return str(value), labels.get(str(value), str(value))

    def query(self, *, without: tuple[str, str] | None = None) -> str:
        """The filters in force as a query string, without the page number."""
        return urlencode([(n, v) for n, v, _ in self.pairs() if (n, v) != without])

    def active_filters(self) -> list[ActiveFilter]:
        return [
            ActiveFilter(str(self.fields[name].label), label, self.query(without=(name, value)))
            for name, value, label in self.pairs()
        ]

    def territory_options(self) -> SafeString:
        """Options of the territory filter; empty where there is nothing to choose."""
        territory = self.space.territory if self.space else None
        return territory_options(territory, self.active.get("territoire"))

    # --- Filters ------------------------------------------------------------------------------------------------------
    def filter(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """``items`` under the filters in force, each by its ``filter_<field>`` method."""
        active = self.active
        for name in self.fields:
            method = getattr(self, f"filter_{name}", None)
            if method and name in active:
                items = method(items, active[name])
        return items

    def filter_q(self, items: QuerySet[Any], words: str) -> QuerySet[Any]:
        for word in words.split()[:8]:
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
        if territory.level == Level.NATION:
            return Q()
        inside = Q(fact__territory__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))
        if above:
            inside |= Q(fact__territory__in=TerritoryLink.objects.filter(descendant=territory).values("ancestor"))
        return inside

    def scope(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """``items`` of the listing's own space (the national one lists every space)."""
        if self.is_national or self.space is None:
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


class PeriodFormMixin(forms.Form):
    """« du … au … » on the date of publication, days of the listing's own time zone."""

    du = forms.DateField(label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def zone(self) -> ZoneInfo:
        space: Space | None = getattr(self, "space", None)
        return ZoneInfo(space.territory.time_zone if space else "Europe/Paris")

    def filter_du(self, items: QuerySet[Any], day: date) -> QuerySet[Any]:
        return items.filter(fact__date__gte=_moment(day, time.min, self.zone()))

    def filter_au(self, items: QuerySet[Any], day: date) -> QuerySet[Any]:
        return items.filter(fact__date__lte=_moment(day, time.max, self.zone()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("du") and cleaned.get("au") and cleaned["du"] > cleaned["au"]:
            self.add_error("au", "la fin précède le début.")
        return cleaned


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """``day`` at ``at`` there; at the ends of the calendar, where no conversion is possible, in UTC."""
    return datetime.combine(day, at, ZoneInfo("UTC") if day.year in (1, 9999) else zone)


def _plain(data: Any) -> Any:
    """The parameters without characters that no field takes and a database may refuse (NUL, lone surrogates)."""
    if not isinstance(data, QueryDict):
        return data
    plain = QueryDict(mutable=True)
    for key, values in data.lists():
        if key.isascii() and len(key) <= 40:
            plain.setlist(key, [_NOT_XML.sub("", value)[:1000] for value in values[:200]])
    return plain


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _page_column(items: QuerySet[Any]) -> str:
    """The column of a theme table that points at the page."""
    through: type[Model] = items.model.themes.through
    return next(f.name for f in through._meta.fields if f.related_model is items.model)


class BoundedPaginator(Paginator):
    """A paginator that counts no further than the pages one may turn."""

    @cached_property
    def most(self) -> int:
        return MAX_PAGE * int(self.per_page)

    @cached_property
    def counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: self.most + 1].count()
        return len(self.object_list)

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self.counted, self.most)

    @property
    def is_capped(self) -> bool:
        """Whether there is more than what can be turned through."""
        return self.counted > self.most


class PinnedFirst(Sequence[Any]):
    """``pinned`` then ``rest`` (which leaves them out): one list for a paginator."""

    def __init__(self, pinned: list[Any], rest: QuerySet[Any]) -> None:
        self.pinned, self.rest = pinned, rest

    @cached_property
    def _length(self) -> int:
        return len(self.pinned) + self.rest.order_by().values("pk")[: MAX_PAGE * 100 + 1].count()

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, wanted: Any) -> Any:
        start, stop = wanted.start or 0, wanted.stop
        head = self.pinned[start:stop]
        shift = len(self.pinned)
        return head + list(self.rest[max(start - shift, 0) : max(stop - shift, 0)])


class FilterableIndexPage(RoutablePageMixin, BasePage):
    """A section of a space: the list of its pages, its filters and its feeds."""

    item_model: ClassVar[type[BasePage]]
    form_class: ClassVar[type[ListingForm]] = ListingForm
    #: Columns of ``item_model`` that its cards show besides those of any page of content.
    item_columns: ClassVar[tuple[str, ...]] = ()
    per_page: ClassVar[int] = 12
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
            "empty_text": self.empty_text,
            "index_url": url,
            "rss_url": f"{url}rss/{feed_query}",
            "atom_url": f"{url}atom/{feed_query}",
            "result_label": f"{count} {self.item_names[0 if count < 2 else 1]}",
            "national_url": "" if form.is_national else self.national_url(request),
            "pictogram_name": self.pictogram,
            "page_numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        }

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
        number = request.GET.get("page", "1")
        if not (number.isascii() and number.isdigit() and len(number) <= 9) or not 1 <= int(number) <= MAX_PAGE:
            raise Http404("Cette page de la liste n’existe pas.")
        try:
            return BoundedPaginator(items, self.per_page).page(int(number))
        except EmptyPage as error:
            raise Http404("Cette page de la liste n’existe pas.") from error

    def filter_query(self, request: HttpRequest) -> str:
        """The filters in force as a query string, without the page number: what feeds and paging links carry."""
        return self.get_form(request).query()

    # --- Feeds ----------------------------------------------------------------------------------------------------
    def feed(self, request: HttpRequest, kind: type[Rss201rev2Feed | Atom1Feed]) -> HttpResponse:
        """The first :data:`FEED_SIZE` items under the same filters as the listing."""
        form = self.get_form(request)
        query = form.query()
        address = (self.get_full_url(request) or "") + (f"?{query}" if query else "")
        filters = ", ".join(each.value for each in form.active_filters())
        title = f"{self.title} – {self.space}" if self.space else self.title
        feed = kind(
            title=xml_text(f"{title} ({filters})" if filters else title),
            link=address,
            description=xml_text(self.search_description or self.title),
            language="fr",
            feed_url=request.build_absolute_uri(),
        )
        for item in self.filtered_items(form)[:FEED_SIZE]:
            url = item.get_full_url(request)
            published = item.first_published_at or item.fact.date
            feed.add_item(
                title=xml_text(item.title),
                link=url,
                description=xml_text(item.lead),
                pubdate=published,
                updateddate=item.last_published_at or published,
                unique_id=url,
                categories=[xml_text(theme.name) for theme in item.themes.all()],
            )
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def xml_text(text: str) -> str:
    """``text`` without the characters XML cannot carry."""
    return _NOT_XML.sub("", text)


def local_today(space: Space | None) -> date:
    """The day it is in the space's territory."""
    return timezone.localdate(timezone=ZoneInfo(space.territory.time_zone if space else "Europe/Paris"))

"""The agenda of a space: list, month, feeds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.contrib.routable_page.models import path

from portal.core.listing import NONE_MATCHES, FeedEntry, FilterableIndexPage, Scope, local_today
from portal.territories.enums import Level
from portal.territories.models import Territory

from .. import geography
from ..archives import years_of
from ..filters import AgendaForm, Period
from ..months import Month, month_grid, read_month
from ..text import DAYS, sentence
from .events import EventPage
from .occurrences import Occurrence


class AgendaPage(FilterableIndexPage):
    """« Agenda » of a space. What it lists is occurrences: an event of three dates is there three times."""

    item_model = EventPage
    form_class = AgendaForm
    template = "events/agenda_page.html"
    subpage_types = ["events.EventPage"]
    empty_text = "Aucun événement n’est annoncé pour l’instant."
    per_page = 20
    item_names = ("date", "dates")
    pictogram = "calendar"

    class Meta:
        verbose_name = "agenda"
        verbose_name_plural = "agendas"

    # --- What is listed ---------------------------------------------------------------------------------------------
    def get_items(self) -> QuerySet[Any]:
        """Occurrences of every space that anyone may read, soonest first."""
        return Occurrence.objects.live_public().for_lists().order_by("starts_at", "pk")

    def filtered_items(self, form: Any) -> Any:
        items = form.filter(form.scope(self.get_items()))
        return items.order_by("-starts_at", "-pk") if form.period == Period.PAST and not form.by_month else items

    # --- Screens ------------------------------------------------------------------------------------------------------
    def listing_context(self, request: HttpRequest, form: Any, page: Any) -> dict[str, Any]:
        return super().listing_context(request, form, page) | self.around(request, form) | {"view": "list"}

    @path("mois/")
    def this_month(self, request: HttpRequest) -> TemplateResponse:
        return self.month(request, Month.of(local_today(self.space)).key)

    @path("mois/<str:key>/")
    def month(self, request: HttpRequest, key: str) -> TemplateResponse:
        """A month as a table, under the same filters but those of dates."""
        today = local_today(self.space)
        month = Month.parse(key)
        if month is None or not month.is_near(today):
            raise Http404("Ce mois n’est pas dans l’agenda.")
        form: Any = self.get_form(request)
        form.by_month = True
        dates = read_month(month, self.filtered_items(form))
        around = self.around(request, form)
        return self.render(
            request,
            context_overrides=around
            | {
                "view": "month",
                "month": month,
                "day_names": DAYS,
                "weeks": month_grid(month, dates, today),
                "count": dates.count,
                "previous": month.previous if month.previous.is_near(today) else None,
                "next": month.next if month.next.is_near(today) else None,
                "noindex": bool(form.active),
                "index_url": f"{around['agenda_url']}mois/{month.key}/",
            },
        )

    @path("territoires/")
    def by_territory(self, request: HttpRequest) -> TemplateResponse:
        """How many dates each territory inside the space's has, under the same filters but that of the territory."""
        form: Any = self.get_form(request)
        form.by_territory = True
        within = self.space.territory if self.space else Territory.objects.nation()
        items = form.filter(self.get_items().filter(form.territory_q(within, above=False)))
        counts = geography.count_inside(items, within)
        whole = items.order_by().filter(page__fact__territory=within).count()
        context = self.around(request, form)
        pairs = [(name, value) for name, value, _ in form.pairs() if name not in ("territoire", "portee")]
        query = urlencode([*pairs, *([] if form.is_national else [("portee", Scope.INSIDE)])])
        if within.level == Level.NATION:
            rows, drawn = geography.country(counts)
            address = f"{context['agenda_url']}?{query}{'&' if query else ''}territoire="
            context |= {"map": drawn, "shapes": geography.draw(drawn.links, counts, address)}
        else:
            rows = geography.rows_of(counts)
        return self.render(
            request,
            context_overrides=context
            | {
                "view": "territories",
                "rows": rows,
                "whole": whole,
                "territory_query": query,
                "heading": "Dates par territoire",
                "empty_text": NONE_MATCHES if form.active else self.empty_text,
                "pictogram_name": self.pictogram,
                "noindex": bool(form.active),
                "index_url": f"{context['agenda_url']}territoires/",
            },
        )

    @path("archives/")
    def archives(self, request: HttpRequest) -> TemplateResponse:
        """What is past, by year and theme, under the same filters but those of dates."""
        form: Any = self.get_form(request)
        form.by_month = True
        context = self.around(request, form)
        return self.render(
            request,
            context_overrides=context
            | {
                "view": "archives",
                "years": years_of(self.filtered_items(form).past(form.now)),
                "pictogram_name": self.pictogram,
                "noindex": bool(form.active),
                "index_url": f"{context['agenda_url']}archives/",
            },
        )

    def around(self, request: HttpRequest, form: AgendaForm) -> dict[str, Any]:
        """What both screens show around the events."""
        query = form.query()
        suffix = f"?{query}" if query else ""
        url = self.get_url(request) or "/"
        calendar = f"{self.get_full_url(request) or ''}calendrier.ics{suffix}"
        return {
            "form": form,
            "notices": form.notices,
            "active_filters": form.active_filters(),
            "filter_query": query,
            "agenda_url": url,
            "rss_url": f"{url}rss/{suffix}",
            "atom_url": f"{url}atom/{suffix}",
            "calendar_url": calendar,
            "webcal_url": "webcal" + calendar[calendar.index(":") :] if "://" in calendar else calendar,
        }

    # --- Feeds ------------------------------------------------------------------------------------------------------
    def feed(self, request: HttpRequest, kind: Any) -> HttpResponse:
        """RSS or Atom, with the calendar's validators: a reader who has it is told so before a date is read."""
        from ..feeds.conditional import File, Validators

        validators = Validators(request)
        if early := validators.named() or validators.fresh():
            return early
        made = super().feed(request, kind)
        return validators.answer(File(made.content, made["Content-Type"]))

    def feed_entry(self, item: Any, request: HttpRequest) -> FeedEntry:
        page = item.page
        status = "" if item.is_ordinary else f"{item.status_text} : "
        where = f" {item.place_text}." if item.place_text else ""
        return FeedEntry(
            title=f"{status}{item.shown_title}",
            url=page.get_full_url(request),
            text=f"{sentence(item.when_and_zone)}.{where} {page.lead}",
            published=page.first_published_at or item.created_at,
            updated=item.modified_at,
            uid=f"urn:uuid:{item.uid}",
            categories=[page.get_format_display(), item.get_mode_display()],
        )

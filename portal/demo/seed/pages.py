"""News, events, resources, initiatives, help and fixed pages: through the pages' own publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from events.models import EventDate, EventPage, Venue
from pages.models import (
    FormField,
    FormPage,
    HelpIndexPage,
    HelpPage,
    HomePage,
    InitiativePage,
    NewsPage,
    StandardPage,
    TerritoryPage,
)
from portal.accounts.models import Organisation
from portal.core.models import Audience, Theme
from portal.territories.models import Space
from portal.territories.selectors import territory_by_key
from resources.models import Beneficiary, ResourceFile, ResourceLink, ResourcePage

from ..content import components
from ..content import events as event_content
from ..content import help as help_content
from ..content import initiatives as initiative_content
from ..content import news as news_content
from ..content import registrations as registration_content
from ..content import resources as resource_content
from ..content import standard as standard_content
from ..content.names import IN
from ..content.spaces import INTRODUCTION
from .body import stream, typeset
from .media import ALTS, document
from .store import Store


class Seeder:
    """Seeds pages into the sections of open spaces. ``today`` is what every date is counted from."""

    def __init__(self, store: Store, images: dict[str, Any], today: dt.date) -> None:
        self.store, self.images, self.today = store, images, today
        self.spaces = {
            space.territory.key: space for space in Space.objects.filter(closed_at=None).select_related("territory")
        }
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.audiences = {audience.slug: audience for audience in Audience.objects.all()}
        self.organisations = {each.name: each for each in Organisation.objects.all()}

    # --- Helpers -----------------------------------------------------------------------------------------------------
    def section(self, key: str, slug: str) -> Page | None:
        """The section page, read afresh: adding children changes it."""
        space = self.spaces.get(key)
        return space and Page.objects.child_of(Page.objects.get(pk=space.page_id)).filter(slug=slug).first()

    def common(self, row: dict[str, Any]) -> dict[str, Any]:
        slug = row.get("image", "")
        image = self.images.get(slug)
        return {
            "title": typeset(row["title"]),
            "slug": slugify(row["title"])[:80],
            "lead": typeset(row["lead"]),
            "image": image,
            "image_alt": ALTS[slug] if image else "",
            "body": stream(row.get("body", [])),
        }

    def publish(self, parent: Page, page: Any, *, days_ago: int = 0, after: Callable[[Any], None] | None = None) -> Any:
        """Add ``page`` as a draft, fill its relations, publish it as of ``days_ago``."""
        page.live = False
        moment = timezone.now() - dt.timedelta(days=days_ago, minutes=7)
        page.first_published_at = moment
        if parent.get_children().filter(slug=page.slug).exists():
            page.slug = f"{page.slug[:76]}-{parent.numchild}"
        parent.add_child(instance=page)
        if after:
            after(page)
        page.full_clean(exclude=["path", "depth"])
        page.save_revision().publish()
        return page

    def themed(self, page: Any, row: dict[str, Any]) -> None:
        page.themes.set([self.themes[slug] for slug in row.get("themes", ()) if slug in self.themes])

    # --- Kinds -------------------------------------------------------------------------------------------------------
    def news(self) -> None:
        for number, row in enumerate(news_content.NEWS):
            if (parent := self.section(row["space"], "actualites")) is None:
                continue

            def make(row=row, parent=parent, number=number) -> NewsPage:  # type: ignore[no-untyped-def]
                page = NewsPage(
                    **self.common(row),
                    echelon=row["echelon"],
                    source=row.get("source", ""),
                    source_url=row.get("source_url", ""),
                    pinned_until=self.today + dt.timedelta(days=row["pinned"]) if row.get("pinned") else None,
                )
                return self.publish(
                    parent, page, days_ago=row.get("days_ago", number * 3), after=lambda made: self.themed(made, row)
                )

            self.store.once(f"news:{row['space']}:{slugify(row['title'])}", make)

    def initiatives(self) -> None:
        for row in initiative_content.INITIATIVES:
            if (parent := self.section(row["space"], "initiatives")) is None:
                continue

            def make(row=row, parent=parent) -> InitiativePage:  # type: ignore[no-untyped-def]
                territory = territory_by_key(row.get("territory", ""))
                fields = {name: row[name] for name in InitiativePage.SECTIONS}
                page = InitiativePage(**self.common(row), **fields, territory=territory)
                return self.publish(parent, page, days_ago=20, after=lambda made: self.themed(made, row))

            self.store.once(f"initiative:{row['space']}", make)

    def venue(self, key: str) -> Venue | None:
        name, insee, postal_code, address = event_content.VENUES[key]
        commune = territory_by_key(f"commune-{insee}")
        if commune is None:
            return None

        def make() -> Venue:
            latitude, longitude = registration_content.COORDINATES.get(insee, (None, None))
            return Venue.objects.create(
                name=name,
                latitude=latitude,
                longitude=longitude,
                commune=commune,
                postal_code=postal_code,
                address=address,
                access_notes="Entrée de plain-pied. Adresse inventée pour la démonstration.",
            )

        return self.store.once(f"venue:{key}", make)

    def events(self) -> None:
        for row in event_content.EVENTS:
            if (parent := self.section(row["space"], "agenda")) is None:
                continue
            venue = self.venue(row["venue"]) if row.get("venue") else None
            if row["mode"] != "en_ligne" and venue is None:
                continue

            def make(row=row, parent=parent, venue=venue) -> EventPage:  # type: ignore[no-untyped-def]
                first = self.today + dt.timedelta(days=row["day"])
                dates = [
                    EventDate(
                        start_date=first + dt.timedelta(days=offset),
                        start_time=dt.time(row["hour"]) if row["hour"] else None,
                        end_time=dt.time(row["hour"] + row["hours"], row.get("minutes", 0)) if row["hour"] else None,
                        end_date=first + dt.timedelta(days=offset + 1) if not row["hour"] else None,
                        sort_order=place,
                    )
                    for place, offset in enumerate(row.get("repeats", (0,)))
                ]
                page = EventPage(
                    **self.common(row),
                    **row["fields"],
                    mode=row["mode"],
                    venue=venue,
                    dates=dates,
                    organisation=self.organisations.get(row.get("organisation", "")),
                )

                def after(made: EventPage) -> None:
                    self.themed(made, row)
                    made.audiences.set([self.audiences[slug] for slug in row["audiences"] if slug in self.audiences])

                return self.publish(parent, page, days_ago=max(1, 25 - row["day"] // 4), after=after)

            self.store.once(f"event:{row['key']}", make)

    def resources(self) -> None:
        beneficiaries = {each.pk: each for each in Beneficiary.objects.all()}
        for number, row in enumerate(resource_content.RESOURCES):
            if (parent := self.section(row["space"], "ressources")) is None:
                continue

            def make(row=row, parent=parent, number=number) -> ResourcePage:  # type: ignore[no-untyped-def]
                files = [
                    found
                    for kind in row.get("files", ())
                    if (found := document(self.store, f"{slugify(row['title'])[:60]}", row["title"],
                                          row["lines"] if kind != "csv" else resource_content.TABLE, kind))
                ]  # fmt: skip
                issued = self.today - dt.timedelta(days=40 + number * 9)
                page = ResourcePage(
                    **self.common(row),
                    **row["fields"],
                    issued_on=issued,
                    reviewed_on=issued + dt.timedelta(days=20),
                    organisation=self.organisations.get(row.get("organisation", "")),
                    files=[ResourceFile(document=each, sort_order=place) for place, each in enumerate(files)],
                    links=[
                        ResourceLink(url=url, label=label, sort_order=place)
                        for place, (url, label) in enumerate(row.get("links", ()))
                    ],
                )

                def after(made: ResourcePage) -> None:
                    self.themed(made, row)
                    made.beneficiaries.set(
                        [beneficiaries[code] for code in row["beneficiaries"] if code in beneficiaries]
                    )

                return self.publish(parent, page, days_ago=2 + number * 4, after=after)

            self.store.once(f"resource:{slugify(row['title'])}", make)

    def help(self) -> None:
        index = HelpIndexPage.objects.first()
        if index is None:
            return
        for title, lead, body in help_content.PAGES:

            def make(title=title, lead=lead, body=body) -> HelpPage:  # type: ignore[no-untyped-def]
                parent = HelpIndexPage.objects.get(pk=index.pk)
                page = HelpPage(title=typeset(title), slug=slugify(title)[:80], lead=typeset(lead), body=stream(body))
                return self.publish(parent, page)

            self.store.once(f"help:{slugify(title)}", make)

    def components(self) -> None:
        """A help page with every component of a body."""
        index = HelpIndexPage.objects.first()
        # What a person deleted of the pictures or of the news stays out of the page, and so does the page.
        needed = ("bus-numerique", "accueil-orientation", "concertation-table", "tiers-lieu", "carte-territoires",
                  "lettre-information", "telephone-demarches")  # fmt: skip
        guide = document(self.store, "guide-des-composants", components.GUIDE[0], components.GUIDE[1], "pdf")
        pages = list(NewsPage.objects.live().filter(fact__visible=True).order_by("pk")[:3])
        if index is None or guide is None or not pages or not all(slug in self.images for slug in needed):
            return

        def make() -> HelpPage:
            page = HelpPage(
                title=components.TITLE,
                slug=slugify(components.TITLE),
                lead=typeset(components.LEAD),
                body=stream(components.body(self.images, guide, pages)),
            )
            return self.publish(HelpIndexPage.objects.get(pk=index.pk), page)

        self.store.once("help:components", make)

    def questionnaire(self) -> None:
        def make() -> FormPage:
            content = standard_content.QUESTIONNAIRE
            fields = [
                FormField(
                    label=typeset(label),
                    field_type=kind,
                    choices=choices.replace(",", "\n"),
                    required=required,
                    sort_order=place,
                )
                for place, (label, kind, choices, required) in enumerate(content["fields"])
            ]
            page = FormPage(
                title=content["title"],
                slug="questionnaire-du-reseau",
                introduction=typeset(content["introduction"]),
                thank_you_text=content["thanks"],
                form_fields=fields,
            )
            return self.publish(HomePage.objects.get(), page)

        self.store.once("form:questionnaire", make)

    def fill(self) -> None:
        """Texts of the pages that the site and the spaces already have; one that somebody wrote is left alone."""
        for slug, (lead, body) in standard_content.PAGES.items():
            page = StandardPage.objects.filter(slug=slug, depth=3).first()
            if page is not None and not page.body and not page.lead:
                self.publish_text(page, lead=typeset(lead), body=stream(body))
        for key, space in self.spaces.items():
            where = IN.get(key, "de ce territoire")
            page = TerritoryPage.objects.filter(pk=space.page_id).first()
            if page is not None and not page.introduction:
                self.publish_text(page, introduction=INTRODUCTION.format(where=where))

    @staticmethod
    def publish_text(page: Any, **texts: str) -> None:
        for name, value in texts.items():
            setattr(page, name, value)
        page.save_revision().publish()

"""One UID at a time: what becomes of its dates, decided, then written in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Page

from portal.accounts.models import User
from portal.core.models import Theme
from portal.core.page_forms import free_slug
from portal.territories.text import fold

from ..enums import Status
from ..models import AgendaPage, EventDate, EventPage, Occurrence
from ..models.events import MAX_DATES
from .drafting import VANISHED, Drafted, digest_of, draft, key_of
from .enums import Outcome
from .models import ImportedEvent, ImportedPage, ImportLine, ImportRun
from .parsed import ParsedEvent
from .places import Places

logger = logging.getLogger(__name__)

EDITED = "Modifié ici depuis l’import : la version de la source n’est pas reprise."
DELETED = "Supprimé ici depuis l’import : il n’est pas réimporté."
MOST_SEQUENCE = 2**31
Twin = tuple[str, Any]


def is_edited(imported: ImportedPage, page: EventPage) -> bool:
    """Whether somebody wrote the page, put it online or took it down since the last import."""
    return page.latest_revision_id != imported.revision or page.live != imported.live


class Writer:
    """What one run does with the events it read. ``dry``: everything is decided, nothing written."""

    def __init__(self, run: ImportRun, agenda: AgendaPage, owner: User, *, dry: bool, now: datetime) -> None:
        self.run, self.source, self.agenda, self.owner = run, run.source, agenda, owner
        self.dry, self.now = dry, now
        self.places = Places(run.source.space, dry=dry)
        self.themes = {fold(theme.name): theme for theme in Theme.objects.order_by("pk")}
        self._twins: dict[Twin, EventPage | str] | None = None
        self.known: dict[str, ImportedPage] = {}

    def know(self, uids: Iterable[str]) -> None:
        """Read what was imported of these before. Two queries."""
        found = (
            ImportedPage.objects.filter(source=self.source, uid__in=list(uids))
            .select_related("page")
            .prefetch_related("events")
        )
        self.known = {imported.uid: imported for imported in found.order_by("pk")}

    def take(self, uid: str, events: list[ParsedEvent]) -> list[ImportLine]:
        """One line for each of ``events``, all of one UID. Never raises: what fails is refused, and nothing of it
        written."""
        try:
            with transaction.atomic():
                return self._take(self.known.get(uid), events)
        except Exception:
            logger.exception("An event could not be imported.")
            self.places.forget()
            reason = "Erreur inattendue : cet événement n’a pas été importé."
            return [self.line(event, Outcome.REJECTED, reason) for event in events]

    def line(self, event: ParsedEvent, outcome: str, reason: str = "", page: Any = None) -> ImportLine:
        return ImportLine(
            run=self.run,
            number=max(0, event.line),
            uid=event.uid,
            recurrence_id=event.recurrence_id or "",
            outcome=outcome,
            reason=reason[:500],
            title=event.title[:255],
            day=event.start_date,
            page_id=page.pk if page is not None else None,
        )

    # --- Deciding -------------------------------------------------------------------------------------------------
    def _take(self, imported: ImportedPage | None, events: list[ParsedEvent]) -> list[ImportLine]:
        private = [event for event in events if event.private]
        lines = [self.line(event, Outcome.SKIPPED, "Privé à la source.") for event in private]
        events = [event for event in events if not event.private]
        if not events:
            return lines
        page = imported.page if imported else None
        if imported and page is None and not imported.take_back:
            return lines + [self.line(event, Outcome.SKIPPED, DELETED) for event in events]
        if page is None and all(event.status == "cancelled" for event in events):
            reason = "Annulé à la source avant d’avoir été importé."
            return lines + [self.line(event, Outcome.SKIPPED, reason) for event in events]
        kept, left = self._nearest(events)
        reason = f"Un événement a {MAX_DATES} dates au plus : celle-ci viendra quand les premières seront passées."
        lines += [self.line(event, Outcome.SKIPPED, reason, page) for event in left]
        drafted = draft(self.source, kept, self.places, self.themes, self.now)
        lines += [self.line(event, Outcome.REJECTED, why, page) for event, why in drafted.wrong]
        kept = [event for event in kept if event.key in drafted.dates]
        if not kept:
            return lines
        if imported is None or page is None:
            return lines + self._new(imported, kept, drafted)
        return lines + self._again(imported, page, kept, left, drafted)

    def _nearest(self, events: list[ParsedEvent]) -> tuple[list[ParsedEvent], list[ParsedEvent]]:
        """The dates an event may have: the nearest to come, then the latest past; and the others."""
        if len(events) <= MAX_DATES:
            return events, []
        coming = sorted((one for one in events if one.ends_at > self.now), key=lambda one: one.starts_at)
        past = sorted((one for one in events if one.ends_at <= self.now), key=lambda one: one.starts_at, reverse=True)
        ordered = coming + past
        return ordered[:MAX_DATES], ordered[MAX_DATES:]

    def _new(self, imported: ImportedPage | None, events: list[ParsedEvent], drafted: Drafted) -> list[ImportLine]:
        if imported is None and (twin := self._twin(events, drafted)):
            reason = f"Déjà dans l’agenda : « {twin} », le même jour au même endroit."
            return [self.line(event, Outcome.SKIPPED, reason) for event in events]
        if self.dry:
            page = None
        else:
            page = self._create(drafted, events)
            imported, _ = ImportedPage.objects.update_or_create(
                source=self.source,
                uid=events[0].uid,
                defaults={
                    "page": page,
                    "revision": page.latest_revision_id,
                    "live": page.live,
                    "take_back": False,
                    "reason": drafted.problem[:500],
                },
            )
            self._remember(imported, events)
        return [self.line(event, Outcome.CREATED, self._told(event, drafted), page) for event in events]

    def _again(
        self,
        imported: ImportedPage,
        page: EventPage,
        events: list[ParsedEvent],
        left: list[ParsedEvent],
        drafted: Drafted,
    ) -> list[ImportLine]:
        rows = {(row.uid, row.recurrence_id): row for row in imported.events.all()}
        changed = {one.key for one in events if self._differs(rows.get(one.key), one)}
        stale = {key for key in changed if self._is_older(rows.get(key), next(e for e in events if e.key == key))}
        pushed = [rows[one.key] for one in left if one.key in rows]
        if not changed and not pushed and not imported.take_back:
            self._back(rows, events)
            return [self.line(event, Outcome.UNCHANGED, "", page) for event in events]
        reason = ""
        if changed and changed == stale and not pushed and not imported.take_back:
            reason = "La version déjà importée est plus récente."
        elif is_edited(imported, page) and not imported.take_back:
            reason = EDITED
        elif not page.permissions_for_user(self.owner).can_edit() or (
            page.live and not page.permissions_for_user(self.owner).can_publish()
        ):
            reason = "Le responsable de la source ne peut pas modifier cette page."
        if reason:
            self._back(rows, events)
            return [
                self.line(event, Outcome.SKIPPED if event.key in changed else Outcome.UNCHANGED, reason, page)
                for event in events
            ]
        if not self.dry:
            self._rewrite(imported, page, drafted, events, rows, pushed)
        lines = []
        for event in events:
            told = self._told(event, drafted) if event.key in changed else ""
            lines.append(self.line(event, self._outcome(event, rows, changed), told, page))
        return lines

    @staticmethod
    def _outcome(event: ParsedEvent, rows: dict[Any, ImportedEvent], changed: set[Any]) -> str:
        if event.key not in changed:
            return Outcome.UNCHANGED
        if event.status == "cancelled":
            return Outcome.CANCELLED
        return Outcome.UPDATED if event.key in rows else Outcome.CREATED

    @staticmethod
    def _differs(row: ImportedEvent | None, event: ParsedEvent) -> bool:
        return row is None or row.digest != digest_of(event)

    @staticmethod
    def _is_older(row: ImportedEvent | None, event: ParsedEvent) -> bool:
        if row is None or not row.digest:
            return False
        if event.sequence != row.sequence:
            return event.sequence < row.sequence
        return bool(event.modified and row.modified and event.modified < row.modified)

    def _back(self, rows: dict[Any, ImportedEvent], events: list[ParsedEvent]) -> None:
        """What was missed the last time is in the file."""
        found = [rows[one.key].pk for one in events if one.key in rows and rows[one.key].missing_at]
        if found and not self.dry:
            ImportedEvent.objects.filter(pk__in=found).update(missing_at=None)

    def _told(self, event: ParsedEvent, drafted: Drafted) -> str:
        told = list(drafted.told.get(event.key, []))
        if drafted.problem:
            told.append(f"{drafted.problem} Importé en brouillon.")
        elif not self.source.publish:
            told.append("En brouillon.")
        return " ".join(told)

    # --- What is there already --------------------------------------------------------------------------------------
    def _twin(self, events: list[ParsedEvent], drafted: Drafted) -> str:
        """The title of an event of this agenda that somebody wrote, the same day at the same place; or nothing."""
        venue = drafted.fields["venue"]
        commune = venue.commune_id if venue is not None else None
        known = self._hand_written()
        for event in events:
            if title := known.get((fold(event.title), (event.start_date, commune))):
                return str(title)
        return ""

    def _hand_written(self) -> dict[Twin, Any]:
        if self._twins is None:
            since = (self.now - timedelta(days=31)).date()
            ours = ImportedPage.objects.filter(source=self.source, page__isnull=False).values("page")
            inside = {"page__path__startswith": self.agenda.path, "start_date__gte": since}
            self._twins = {}
            online = Occurrence.objects.filter(**inside).exclude(page__in=ours)
            drafts = EventDate.objects.filter(**inside, page__live=False).exclude(page__in=ours)
            for rows, commune in ((online, "venue__commune"), (drafts, "page__venue__commune")):
                values = rows.order_by("pk").values_list("page__title", "title", "start_date", commune)
                for title, own, day, where in values.iterator(2000):
                    self._twins.setdefault((fold(own or title), (day, where)), own or title)
        return self._twins

    # --- Writing ------------------------------------------------------------------------------------------------------
    def _create(self, drafted: Drafted, events: list[ParsedEvent]) -> EventPage:
        parent = Page.objects.select_for_update().get(pk=self.agenda.pk)
        page = EventPage(owner=self.owner, live=False, has_unpublished_changes=True)
        self._fill(page, drafted, [])
        page.slug = free_slug(slugify(page.title)[:200] or "evenement", parent, page)
        parent.add_child(instance=page)
        log(instance=page, action="wagtail.create", user=self.owner)
        self._save(page, drafted, publish=self.source.publish)
        return page

    def _rewrite(
        self,
        imported: ImportedPage,
        page: EventPage,
        drafted: Drafted,
        events: list[ParsedEvent],
        rows: dict[Any, ImportedEvent],
        pushed: list[ImportedEvent],
    ) -> None:
        latest = page.get_latest_revision_as_object()
        present = {key_of(self.source, event) for event in events}
        absent = {row.date_key: row for row in rows.values()} if not imported.take_back else {}
        gone = {row.date_key for row in pushed}
        retained = []
        for each in latest.dates.all():
            row = absent.get(each.key)
            if row is None or each.key in present or each.key in gone:
                continue
            if row.vanished_at:
                each.status, each.note = Status.ANNULE, VANISHED
            retained.append(each)
        room = max(0, MAX_DATES - len(drafted.dates))
        retained.sort(key=lambda each: each.start_date, reverse=True)
        self._fill(latest, drafted, retained[:room])
        self._save(latest, drafted, publish=page.live or self.source.publish)
        imported.revision, imported.live, imported.take_back = latest.latest_revision_id, latest.live, False
        imported.reason = drafted.problem[:500]
        imported.save()
        ImportedEvent.objects.filter(pk__in=[row.pk for row in pushed]).delete()
        self._remember(imported, events)

    @staticmethod
    def _fill(page: EventPage, drafted: Drafted, retained: list[EventDate]) -> None:
        for name, value in drafted.fields.items():
            setattr(page, name, value)
        page.draft_title = page.title
        dates = sorted(
            [*drafted.dates.values(), *retained],
            key=lambda each: (each.start_date, each.start_time is not None, str(each.start_time or ""), str(each.key)),
        )
        for rank, each in enumerate(dates):
            each.sort_order = rank
        page.dates = dates
        page.themes = drafted.themes

    def _save(self, page: EventPage, drafted: Drafted, *, publish: bool) -> None:
        """A revision, published if it may be: a page that its own rules refuse is a draft, and ``problem`` says why."""
        if publish and not drafted.problem:
            try:
                page.full_clean()
            except ValidationError as error:
                drafted.problem = " ".join(error.messages)[:400]
        revision = page.save_revision(user=self.owner, log_action=True, clean=False)
        if publish and not drafted.problem:
            revision.publish(user=self.owner)
        written = EventPage.objects.only("latest_revision_id", "live").get(pk=page.pk)
        page.latest_revision_id, page.live = written.latest_revision_id, written.live

    def _remember(self, imported: ImportedPage, events: list[ParsedEvent]) -> None:
        rows = [
            ImportedEvent(
                source=self.source,
                imported=imported,
                uid=event.uid,
                recurrence_id=event.recurrence_id or "",
                date_key=key_of(self.source, event),
                digest=digest_of(event),
                sequence=min(max(event.sequence, 0), MOST_SEQUENCE),
                modified=event.modified,
                title=event.title[:255],
                starts_at=event.starts_at,
                ends_at=event.ends_at,
            )
            for event in events
        ]
        ImportedEvent.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["source", "uid", "recurrence_id"],
            update_fields=[
                *("imported", "date_key", "digest", "sequence", "modified", "title"),
                *("starts_at", "ends_at", "missing_at", "vanished_at"),
            ],
        )

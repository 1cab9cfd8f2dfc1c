"""By night and in the background: what is asked for, fetched, told, begun again."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Revision

from events.imports import runs, services, writing
from events.imports.models import MOST_FAILURES, ImportedEvent, ImportRun, ImportSource
from events.imports.runs import ask, execute, run_due
from events.imports.services import claim, new_run, run_import
from events.models import EventPage, Occurrence
from portal.notifications.models import Notice

from ..factories import a_date, a_rule, day_in, make_event
from .making import bring, calendar, make_source, page_of, vevent
from .test_fetch import say


class Feed:
    """What the source serves, and how often it was asked for it whole."""

    def __init__(self) -> None:
        self.data, self.status, self.version, self.whole = calendar(vevent()), 200, 1, 0

    def __call__(self, handler):
        if self.status != 200:
            return say(handler, self.status)
        if handler.headers.get("If-None-Match") == f'"{self.version}"':
            return say(handler, 304)
        self.whole += 1
        return say(handler, body=self.data, ETag=f'"{self.version}"')

    def give(self, *events: str) -> None:
        self.data, self.version = calendar(*events), self.version + 1


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def nightly(landes_space, owner, serve, feed):
    return make_source(landes_space, owner, url=f"{serve(feed)}/agenda.ics", nightly=True)


@pytest.fixture
def night(nightly, commit):
    """The night comes: what the schedule runs, and the tasks it asks for."""

    def comes():
        ImportSource.objects.filter(pk=nightly.pk).update(next_run_at=timezone.now() - timedelta(minutes=1))
        with commit():
            return run_due()

    return comes


def states(source):
    return list(source.runs.order_by("started_at", "pk").values_list("state", flat=True))


def test_each_night_the_source_is_asked_whether_it_changed(nightly, feed, owner, night):
    assert night() == 1
    assert page_of(nightly).live
    assert run_due() == 0
    revisions = Revision.objects.count()
    night()
    assert states(nightly) == ["done", "unchanged"]
    assert (feed.whole, Revision.objects.count()) == (1, revisions)
    feed.give(vevent(SUMMARY="Changé", SEQUENCE="1"))
    night()
    assert page_of(nightly).title == "Changé"
    told = Notice.objects.filter(recipient=owner, kind="events.import_report")
    assert told.count() == 2
    nightly.refresh_from_db()
    assert nightly.next_run_at > timezone.now()


def test_what_was_absent_once_is_asked_for_whole_and_cancelled_the_next_night(nightly, feed, night):
    feed.give(vevent(), vevent("part@x"))
    night()
    feed.give(vevent())
    night()
    assert page_of(nightly, "part@x").status == "programme"
    night()
    assert page_of(nightly, "part@x").status == "annule"
    night()
    assert states(nightly)[-1] == "unchanged"


def test_a_failure_cancels_nothing_and_is_told_once_then_the_source_stops_by_itself(nightly, feed, owner, night):
    night()
    feed.status = 503
    for _ in range(MOST_FAILURES):
        night()
    nightly.refresh_from_db()
    assert (nightly.active, nightly.failures) == (False, MOST_FAILURES)
    assert page_of(nightly).status == "programme"
    kinds = list(Notice.objects.filter(recipient=owner).order_by("pk").values_list("kind", flat=True))
    assert sorted(kinds) == ["events.import_report", "events.import_report", "events.import_stopped"]
    assert night() == 0


def test_failures_space_the_tries_out(landes_space, owner):
    source = make_source(landes_space, owner)
    now = timezone.now()
    waits = []
    for source.failures in (0, 3, 9):
        waits.append((runs.next_night(source, now) - now).days)
    assert waits == sorted(set(waits))
    other = make_source(landes_space, owner)
    assert runs.next_night(source, now).time() != runs.next_night(other, now).time()


def test_two_runs_at_once_of_one_source(landes_space, owner):
    source = make_source(landes_space, owner)
    assert claim(source)
    run = run_import(source=source, data=calendar(vevent()), actor=owner)
    assert (run.state, EventPage.objects.count()) == ("refused", 0)
    assert "déjà en cours" in run.error
    assert not claim(source)
    ImportSource.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert bring(source, vevent()).created == 1


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("state", ["waiting", "running"])
def test_a_task_delivered_twice_is_done_once(landes_space, owner, state, dry_run):
    """While one process has the run, another leaves it, its report and the source's failures as they are."""
    source = make_source(landes_space, owner)
    run = new_run(source=source, actor=owner, data=calendar(vevent()), dry_run=dry_run)
    ImportRun.objects.update(state=state, leased_until=timezone.now() + timedelta(minutes=30))
    assert execute(run=run).state == state
    source.refresh_from_db()
    assert (run.lines.count(), source.failures, EventPage.objects.count()) == (0, 0, 0)
    ImportRun.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert execute(run=run).state == "done"
    assert run.lines.count() == 1


def test_asking_twice_is_asking_once(landes_space, owner):
    source = make_source(landes_space, owner)
    assert ask(source=source, actor=owner).pk == ask(source=source, actor=owner).pk


def test_killed_in_the_middle_it_begins_again_without_a_double(landes_space, owner, monkeypatch):
    source = make_source(landes_space, owner)
    made = [vevent(f"{number}@x") for number in range(6)]
    run = new_run(source=source, actor=owner, data=calendar(*made))
    taken = writing.Writer.take

    def dies(self, uid, events):
        if EventPage.objects.count() == 3:
            raise KeyboardInterrupt
        return taken(self, uid, events)

    monkeypatch.setattr(writing.Writer, "take", dies)
    with pytest.raises(KeyboardInterrupt):
        execute(run=run)
    monkeypatch.setattr(writing.Writer, "take", taken)
    # As the process that was killed leaves it.
    ImportRun.objects.update(state="running", started_at=timezone.now() - timedelta(hours=1))
    ImportSource.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    run_due()
    run.refresh_from_db()
    assert (run.state, run.created, run.unchanged, run.total) == ("done", 3, 3, 6)
    assert EventPage.objects.count() == ImportedEvent.objects.count() == 6
    assert run.lines.count() == 6


def test_one_that_cannot_be_written_is_refused_whole_and_the_others_are(landes_space, owner, monkeypatch):
    source = make_source(landes_space, owner)
    remember = writing.Writer._remember

    def fails(self, imported, events):
        if events[0].uid == "b@x":
            raise ValueError
        remember(self, imported, events)

    monkeypatch.setattr(writing.Writer, "_remember", fails)
    run = bring(source, vevent("a@x"), vevent("b@x"), vevent("c@x"))
    assert (run.created, run.rejected, EventPage.objects.count()) == (2, 1, 2)


def test_our_own_feed_in_another_space_makes_the_same_instants(landes_space, nouvelle_aquitaine, client):
    from tests.factories import make_member

    make_event(landes_space, a_date(day_in(5)), a_date(day_in(8), None, None, last=day_in(9)), title="Libre")
    make_event(landes_space, rules=[a_rule(day_in(7), until=day_in(60))], title="Suivi")
    agenda = services.agenda_of(landes_space)
    data = client.get(f"{agenda.get_url()}calendrier.ics").content
    space = nouvelle_aquitaine.space
    source = make_source(space, make_member("editor", nouvelle_aquitaine))
    run = run_import(source=source, data=data, actor=source.owner)
    assert (run.state, run.rejected, run.skipped) == ("done", 0, 0)

    def instants(where):
        inside = Occurrence.objects.filter(page__path__startswith=where.page.path).order_by("starts_at")
        return [(each.starts_at, each.ends_at, each.venue_id, each.start_time) for each in inside]

    ours = [row for row in instants(space) if row not in instants(landes_space)]
    theirs = Occurrence.objects.filter(page__in=EventPage.objects.filter(imported_from__source=source))
    assert not ours
    assert sorted(theirs.values_list("starts_at", "ends_at", "venue", "start_time"), key=str) == sorted(
        instants(landes_space), key=str
    )


def test_the_command_prints_the_report(landes_space, owner, tmp_path):
    path = tmp_path / "agenda.ics"
    path.write_bytes(calendar(vevent(), vevent("b@x", **{"DTSTART;TZID=Europe/Paris": "demain"})))
    slug = landes_space.page.slug
    out = io.StringIO()
    call_command("import_events", path, space=slug, owner=owner.email, publish=True, dry_run=True, stdout=out)
    assert not EventPage.objects.exists()
    call_command("import_events", path, space=slug, owner=owner.email, publish=True, stdout=out)
    assert page_of(ImportSource.objects.get()).live
    assert "2 vus ; Créé : 1" in out.getvalue()
    assert "Refusé" in out.getvalue()
    path.write_bytes(b"\x89PNG")
    with pytest.raises(CommandError, match="image"):
        call_command("import_events", path, space=slug, stdout=out)
    with pytest.raises(CommandError, match="réseau privé"):
        call_command("import_events", "http://localhost/a.ics", space=slug, stdout=out)

"""``python -m tests.bench.agenda [dates]``: the agenda's screens with that many dates to come (10,000 unless told).

Same measures as the bench of pages; half of the events are weekly series of twenty dates, and all of them lie within
half a year, so that a month holds a sixth of them.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from datetime import time as hour
from datetime import timedelta

from .__main__ import HEAD, _set_up

MOST = 100_000
SERIES = 20


def _seed(dates: int, rng: random.Random) -> None:
    import uuid

    from django.utils import timezone
    from wagtail.models import Page

    from events.enums import Mode, RegistrationKind
    from events.models import EventDate, EventPage, Occurrence, Seating, Venue
    from events.services import publish_all
    from pages.models import HomePage
    from portal.core import facts
    from portal.core.models import PageFact, Theme
    from portal.core.vocabulary import load_vocabulary
    from portal.territories.models import Centre, Territory

    from .seed import bulk_add_children, open_spaces, sentence

    load_vocabulary()
    opened = open_spaces(25)
    today = timezone.localdate()
    communes = list(Territory.objects.filter(level="commune", ended_on=None).order_by("pk")[:2000])
    Centre.objects.bulk_create(
        Centre(commune=each, latitude=rng.uniform(43, 50), longitude=rng.uniform(-1, 7)) for each in communes
    )
    venues = Venue.objects.bulk_create(
        Venue(name=f"Lieu {number}", search_name=f"lieu {number}", commune=commune)
        for number, commune in enumerate(communes)
    )
    themes = list(Theme.objects.order_by("pk"))
    made = 0
    while made < dates:
        space = opened[made % len(opened)]
        section = Page.objects.child_of(Page.objects.get(pk=space.page_id)).get(slug="agenda")
        rows = [
            {
                "title": sentence(rng, 6), "slug": f"evenement-{made}-{number}", "lead": sentence(rng, 25),
                "mode": Mode.SUR_PLACE, "venue_id": rng.choice(venues).pk, "registration": RegistrationKind.INTERNAL,
                "capacity": 10,
            }
            for number in range(100)
        ]  # fmt: skip
        ids = bulk_add_children(section, EventPage, rows)
        entered = []
        for place, pk in enumerate(ids):
            first = today + timedelta(days=rng.randrange(0, 60 if place % 2 else 180))
            for week in range(SERIES if place % 2 else 1):
                key = uuid.UUID(int=rng.getrandbits(128), version=4)
                day = first + timedelta(days=7 * week if week < 17 else week)
                entered.append(EventDate(page_id=pk, key=key, start_date=day, start_time=hour(14), end_time=hour(16)))
        EventDate.objects.bulk_create(entered, batch_size=1000)
        through = EventPage.themes.through  # type: ignore[attr-defined]
        through.objects.bulk_create(through(eventpage_id=pk, theme_id=rng.choice(themes).pk) for pk in ids)
        PageFact.objects.bulk_create(PageFact(page_id=pk, kind="event", date=timezone.now()) for pk in ids)
        publish_all(EventPage.objects.filter(pk__in=ids))
        made += len(entered)
    Seating.objects.bulk_create(
        Seating(occurrence_id=pk, taken=rng.randint(0, 10))
        for pk in Occurrence.objects.order_by("pk").values_list("pk", flat=True)
    )
    facts.refresh_subtree(HomePage.objects.get())


def _run(dates: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from events.models import EventPage, Occurrence
    from events.months import Month
    from portal.core.listing import local_today

    from .addresses import Visit
    from .measure import measure

    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_territories", force=True, verbosity=0)
    _seed(dates, random.Random(7))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"\n{Occurrence.objects.count()} dates, {connection.vendor}, seeded in {time.perf_counter() - start:.0f} s")
    event = EventPage.objects.filter(fact__visible=True).order_by("pk")[1]
    occurrence = event.occurrences.order_by("-starts_at")[0]
    busy = Month.of(local_today(None)).next
    commune = event.venue.commune if event.venue else None
    visits = [
        Visit("list", "/agenda/"),
        Visit("month", f"/agenda/mois/{busy.key}/"),
        Visit("territories", "/agenda/territoires/"),
        Visit("archives", "/agenda/archives/"),
        Visit("near", f"/agenda/?autour={commune.key if commune else ''}&km=50"),
        Visit("free seats", "/agenda/?places=libres"),
        Visit("mode", "/agenda/?mode=en_ligne"),
        Visit("region", "/agenda/?territoire=region-75"),
        Visit("event", event.url or "", event.title),
        Visit("register", f"/inscriptions/{occurrence.uid}/"),
    ]
    print("  ".join(f"{title:>12}" for title in HEAD))
    for visit in visits:
        row = measure(visit).row()
        print("  ".join(f"{row[title]!s:>12}" for title in HEAD), flush=True)


if __name__ == "__main__":
    wanted = min(MOST, int(sys.argv[1])) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        _set_up(folder)
        from django.test.utils import setup_test_environment

        os.environ.setdefault("PYTHONHASHSEED", "0")
        setup_test_environment()
        _run(wanted)

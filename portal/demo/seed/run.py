"""The whole demonstration, step by step; each step does only what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from pages.services import ensure_site, open_territory_space
from portal.core.vocabulary import load_vocabulary
from portal.territories.models import Space
from portal.territories.selectors import territory_by_key

from ..content.spaces import KEYS
from .dossiers import seed_dossiers, seed_organisations_of_dossiers
from .events import seed_events
from .letters import seed_letters
from .media import seed_images
from .notices import seed_notices
from .pages import Seeder
from .people import seed_accounts, seed_organisations
from .store import Store
from .subscribers import seed_subscribers


class NotADemonstration(Exception):  # noqa: N818 - a refusal
    """Seeding is refused outside DEBUG: the accounts' password is known to all."""


def seed_spaces(store: Store) -> None:
    for key in KEYS:
        territory = territory_by_key(key)
        if territory is None or Space.objects.filter(territory=territory).exists():
            continue
        store.once(f"space:{key}", lambda territory=territory: open_territory_space(territory=territory))


def seed_demo(*, say: Callable[[str], None] = lambda line: None, today: dt.date | None = None) -> int:
    """Make what is missing of the demonstration; returns how many objects were made. Dates are counted from ``today``.

    Each object is made in its own transaction with its record, so an interruption loses at most the one at hand.
    Raises :class:`NotADemonstration` outside of DEBUG.
    """
    if not settings.DEBUG:
        raise NotADemonstration("Le contenu de démonstration ne se charge qu'avec DEBUG.")
    ensure_site()
    load_vocabulary()
    store = Store()
    say("  espaces…")
    seed_spaces(store)
    say("  organisations et comptes…")
    seed_organisations(store)
    seed_organisations_of_dossiers(store)
    seed_accounts(store)
    say("  illustrations…")
    seeder = Seeder(store, seed_images(store), today or timezone.localdate())
    for label, step in (
        ("actualités", seeder.news),
        ("événements", seeder.events),
        ("séries et inscriptions", lambda: seed_events(seeder)),
        ("ressources", seeder.resources),
        ("initiatives", seeder.initiatives),
        ("aide et pages fixes", seeder.help),
        ("composants", seeder.components),
        ("questionnaire", seeder.questionnaire),
        ("présentations", seeder.fill),
        ("abonnés", lambda: seed_subscribers(store)),
        ("lettres", lambda: seed_letters(seeder)),
        ("dossiers", lambda: seed_dossiers(store)),
        ("notifications", lambda: seed_notices(store)),
    ):
        say(f"  {label}…")
        step()
    return store.made

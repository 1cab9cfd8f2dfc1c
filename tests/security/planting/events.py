"""Events, their dates, registrations and imports, personal calendars."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from events.editing.making import template_data
from events.feeds import tokens
from events.models import EventTemplate, ImportRun, ImportSource
from events.registration.tokens import make_token
from portal.accounts.models import User
from portal.territories.models import Space
from tests.events.factories import make_event, make_registration

from ..walk import World


def calendar_secret(user: User) -> str:
    """The secret of a personal calendar that was read today already: reading it again writes nothing."""
    token = tokens.renew(actor=user)
    tokens.note_use(token)
    return tokens.secret_of(token)


def plant_events(space: Space, author: User) -> World:
    event = make_event(space)
    source = ImportSource.objects.create(space=space, name="Un agenda d’ailleurs", owner=author)
    bookable = make_event(space, registration="internal", title="Atelier sur inscription").occurrences.get()
    registered = make_registration(bookable)
    model = EventTemplate.objects.create(space=space, name="Atelier", data=template_data(event), made_by=author)
    path = "/".join(event.url_path.split("/")[2:])
    values = {
        "source_id": source.pk,
        "run_id": ImportRun.objects.create(source=source, state="done", started_at=timezone.now()).pk,
    }
    routes: list[tuple[str, dict[str, Any]]] = [
        ("calendriers/personnel/", {"token": calendar_secret(author)}),
        ("inscriptions/", {"uid": bookable.uid, "token": make_token(registered)}),
        ("admin/evenements/", {"page_id": event.pk}),
        ("admin/evenements/modeles/", {"pk": model.pk}),
        ("admin/inscriptions/", {"uid": bookable.uid, "pk": registered.pk}),
        ("attestations/", {"code": "x-AAAAAAAAAA"}),
        (r"^(?P<path>(?:[\w-]+/)+)evenement", {"path": path}),
        (r"^(?P<path>(?:[\w-]+/)+)serie", {"path": path}),
        (r"^(?P<path>(?:[\w-]+/)+)dates/", {"path": path, "uid": event.occurrences.get().uid}),
    ]
    queries = {"event_dates_change": f"?action=annuler&date={event.occurrences.get().key}"}
    return World(values, routes, queries)

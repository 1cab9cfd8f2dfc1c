"""Whatever people and organisers do, in whatever order: no overbooking, the line is kept, counts are true."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from events.enums import HOLDING
from events.models import EventPage, Occurrence, Registration, Seating
from events.registration import services
from events.registration.rules import RegistrationRefused
from pages.services import open_territory_space
from portal.territories.models import Territory

from ..factories import make_event


class Registrations(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        space = open_territory_space(territory=Territory.objects.get(level="departement", code="40"))
        page = make_event(space, registration="internal", capacity=2, capacity_online=1, mode="hybride")
        self.occurrence = page.occurrences.get()
        self.now = timezone.now()
        self.number = 0
        self.lowered = {"on_site": 0, "online": 0}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def some(self, index: int) -> Registration | None:
        found = list(Registration.objects.filter(occurrence=self.occurrence).order_by("number"))
        return found[index % len(found)] if found else None

    def attempt(self, act, **kwargs) -> None:
        with contextlib.suppress(RegistrationRefused):
            act(now=self.now, **kwargs)

    @rule(way=st.sampled_from(["on_site", "online"]))
    def register(self, way):
        self.number += 1
        email = f"p{self.number}@exemple.fr"
        line = Registration.objects.filter(occurrence=self.occurrence, attending=way, state="waiting").exists()
        made = services.register(
            occurrence=self.occurrence, actor=None, name="A", email=email, attending=way, now=self.now
        )
        assert not (line and made.state != "waiting"), "nobody passes before those who wait"

    @rule(index=st.integers(0, 30), name=st.sampled_from(["withdraw", "accept_offer", "approve", "refuse"]))
    def act(self, index, name):
        one = self.some(index)
        if one is None:
            return
        more = {"reason": "x"} if name == "refuse" else {}
        self.attempt(getattr(services, name), registration=one, actor=None, **more)

    @rule(index=st.integers(0, 30), way=st.sampled_from(["on_site", "online"]))
    def change(self, index, way):
        one = self.some(index)
        if one is not None:
            self.attempt(services.change, registration=one, actor=None, name="B", attending=way)

    @rule(seats=st.integers(0, 4))
    def set_capacity(self, seats):
        EventPage.objects.filter(pk=self.occurrence.page_id).update(capacity=seats)
        Occurrence.objects.filter(pk=self.occurrence.pk).update(capacity=seats)
        services.promote(occurrence=self.occurrence, now=self.now)

    @precondition(lambda self: self.now < self.occurrence.starts_at - timedelta(hours=60))
    @rule()
    def time_passes(self):
        self.now += timedelta(hours=25)
        services.expire_offers(now=self.now)

    @invariant()
    def the_counts_are_true(self):
        seating = Seating.objects.filter(pk=self.occurrence.pk).first()
        rows = Registration.objects.filter(occurrence=self.occurrence)
        counted = (
            rows.filter(state__in=HOLDING, attending="on_site").count(),
            rows.filter(state__in=HOLDING, attending="online").count(),
            rows.filter(state="waiting").count(),
        )
        said = (seating.taken, seating.taken_online, seating.waiting) if seating else (0, 0, 0)
        assert said == counted

    @invariant()
    def no_seat_is_given_beyond_the_capacity(self):
        """A capacity may fall under the seats taken; these may then only diminish."""
        occurrence = Occurrence.objects.get(pk=self.occurrence.pk)
        seating = Seating.objects.filter(pk=occurrence.pk).first()
        if seating is None:
            return
        for way, taken, seats in (
            ("on_site", seating.taken, occurrence.capacity),
            ("online", seating.taken_online, occurrence.capacity_online),
        ):
            assert taken <= max(seats, self.lowered[way])
            self.lowered[way] = taken

    @invariant()
    def a_free_seat_is_offered_to_who_waits(self):
        occurrence = Occurrence.objects.get(pk=self.occurrence.pk)
        seating = Seating.objects.filter(pk=occurrence.pk).first()
        if seating is None:
            return
        waiting = Registration.objects.filter(occurrence=occurrence, state="waiting")
        if waiting.filter(attending="on_site").exists():
            assert seating.taken >= occurrence.capacity
        if waiting.filter(attending="online").exists():
            assert seating.taken_online >= occurrence.capacity_online


class TestRegistrations(Registrations.TestCase, TestCase):
    settings = settings(max_examples=8, stateful_step_count=15, deadline=None)

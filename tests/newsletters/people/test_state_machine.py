"""Whatever happens to people, in whatever order: what they receive is what the log of consents says, nobody excluded
is subscribed, and an erasure leaves the keyed hash alone."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from newsletters import services
from newsletters.addresses import fingerprint
from newsletters.enums import SuppressionReason
from newsletters.models import (
    AddressChange,
    ConsentEvent,
    Subscriber,
    Subscription,
    SubscriptionRequest,
    Suppression,
)
from newsletters.people.rules import PersonRefused
from newsletters.people.tokens import change_token
from newsletters.sending.tokens import Ref
from newsletters.tokens import BadTokenError, confirmation_token
from portal.territories.models import Territory
from tests.factories import make_user

from ..factories import make_list
from .test_erasure import where

ADDRESSES = [f"planteeici{number}@exemple.fr" for number in range(3)]
address = st.sampled_from(ADDRESSES)
some = st.integers(0, 20)


class People(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        landes = Territory.objects.get(level="departement", code="40")
        self.lists = [make_list(landes), make_list(landes, opt_in="single"), make_list(landes, visibility="private")]
        self.root = make_user(is_superuser=True)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @staticmethod
    def one(queryset, index):
        found = list(queryset.order_by("pk"))
        return found[index % len(found)] if found else None

    @rule(address=address, index=st.integers(0, 2))
    def subscribe(self, address, index):
        services.subscribe(address=address, lists=[self.lists[index]], name=f"Nom de {address}")

    @rule(index=some)
    def confirm(self, index):
        if request := self.one(SubscriptionRequest.objects.all(), index):
            with contextlib.suppress(BadTokenError):
                services.confirm(token=confirmation_token(request))

    @rule(index=some, door=st.sampled_from(["link", "copy", "admin"]))
    def leave(self, index, door):
        held = self.one(Subscription.objects.select_related("list__territory", "subscriber"), index)
        if held is None:
            return
        if door == "copy":
            services.leave(ref=Ref(held.pk, 0))
        elif door == "admin":
            services.end_subscription(subscription=held, actor=self.root)
        else:
            services.unsubscribe(subscription=held)

    @rule(index=some, wanted=st.sets(st.integers(0, 2)), proven=st.booleans())
    def choose(self, index, wanted, proven):
        if person := self.one(Subscriber.objects.all(), index):
            with contextlib.suppress(PersonRefused):
                services.choose_lists(
                    subscriber=person, shown=self.lists, wanted=[self.lists[key] for key in wanted], proven=proven
                )

    @rule(index=some, on=st.booleans())
    def track(self, index, on):
        if person := self.one(Subscriber.objects.all(), index):
            services.set_tracking(subscriber=person, on=on)

    @rule(index=some, days=st.sampled_from([None, 3]))
    def pause(self, index, days):
        if person := self.one(Subscriber.objects.all(), index):
            services.pause(subscriber=person, until=days and timezone.localdate() + timedelta(days=days))

    @rule(address=address, reason=st.sampled_from(SuppressionReason.values))
    def suppress(self, address, reason):
        services.suppress(address=address, reason=reason)

    @rule(index=some)
    def lift(self, index):
        if row := self.one(Suppression.objects.filter(reason="manual"), index):
            services.lift(suppression=row, actor=self.root)

    @rule(address=address, index=st.integers(0, 2))
    def add(self, address, index):
        with contextlib.suppress(PersonRefused):
            services.add_person(
                actor=self.root, address=address, lists=[self.lists[index]], evidence="sur papier, au forum"
            )

    @rule(index=some, address=address)
    def ask_change(self, index, address):
        if person := self.one(Subscriber.objects.all(), index):
            with contextlib.suppress(PersonRefused):
                services.ask_change(subscriber=person, address=address)

    @rule(index=some)
    def confirm_change(self, index):
        if change := self.one(AddressChange.objects.all(), index):
            with contextlib.suppress(BadTokenError):
                services.confirm_change(token=change_token(change))

    @rule(index=some)
    def erase(self, index):
        if person := self.one(Subscriber.objects.all(), index):
            services.erase(subscriber=person)
            self.check_forgotten(person.address)

    @rule(index=some)
    def silence(self, index):
        """Three years without a sign, and a question without an answer."""
        person = self.one(Subscriber.objects.all(), index)
        if person is None:
            return
        long_ago = timezone.now() - timedelta(days=3 * 365 + 10)
        Subscriber.objects.filter(pk=person.pk).update(last_contact_at=long_ago)
        services.ask_silent()
        person.mails.filter(kind="stay").update(state="sent", sent_at=timezone.now())
        services.remove_silent(now=timezone.now() + timedelta(days=31))
        self.check_forgotten(person.address)

    def check_forgotten(self, address):
        assert where(address) == []

    @invariant()
    def what_one_receives_is_what_the_log_says(self):
        marks = {fingerprint(each): each for each in ADDRESSES}
        last = {}
        for event in ConsentEvent.objects.order_by("pk"):
            last[marks[event.fingerprint], event.list_id] = event.action
        agreed = {key for key, action in last.items() if action == "given"}
        received = set(Subscription.objects.active().order_by("pk").values_list("subscriber__address", "list"))
        measured = Subscriber.objects.filter(tracking=True).order_by("pk").values_list("address", flat=True)
        assert agreed == received | {(each, None) for each in measured}

    @invariant()
    def nobody_excluded_is_subscribed(self):
        excluded = set(Suppression.objects.order_by("pk").values_list("fingerprint", flat=True))
        active = Subscription.objects.active().order_by("pk").values_list("subscriber__address", flat=True)
        assert not {fingerprint(each) for each in active} & excluded


class TestPeople(People.TestCase, TestCase):
    settings = settings(max_examples=10, stateful_step_count=15, deadline=None)

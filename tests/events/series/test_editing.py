"""Changing one date, the following ones, all: identity kept, people told, drafts left unpublished."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import PageLogEntry

from events.editing.changes import Change
from events.editing.enums import Action, Scope
from events.editing.errors import EditingError
from events.editing.services import add_dates, edit_dates
from events.enums import EventMailKind, Status
from events.models import EventMail, EventPage, Occurrence
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories import make_member

from ..factories import a_date, a_rule, day_in, make_event, make_registration, make_venue, publish, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(landes) -> User:
    return make_member(Role.EDITOR, landes)


def of(page) -> list[Occurrence]:
    return list(Occurrence.objects.filter(page_id=page.pk).order_by("starts_at"))


def days(page) -> list[int]:
    return [(each.start_date - day_in(0)).days for each in of(page)]


def edit(page, editor, action, *dates, scope=Scope.ONE, **values):
    keys = [each.key for each in dates]
    return edit_dates(page=page, actor=editor, keys=keys, scope=scope, change=Change(action, values))


@pytest.fixture
def thursdays(landes_space) -> EventPage:
    return make_event(landes_space, rules=[a_rule(count=5)], registration="internal", title="Les jeudis")


def test_one_date_is_cancelled_and_who_is_registered_is_told(thursdays, editor):
    second = of(thursdays)[1]
    one = make_registration(second)
    done = edit(thursdays, editor, Action.CANCEL, second, note="Salle indisponible.")
    assert (done.dates, done.told, done.online) == (1, 1, True)
    after = of(thursdays)
    assert [each.status for each in after] == ["programme", "annule", "programme", "programme", "programme"]
    assert (after[1].uid, after[1].note, after[1].sequence) == (second.uid, "Salle indisponible.", second.sequence + 1)
    assert EventMail.objects.get().registration == one
    assert PageLogEntry.objects.filter(page=thursdays.pk, action="events.dates", user=editor).count() == 1


def test_a_cancelled_date_is_back_with_the_rules_own_row_gone(thursdays, editor):
    second = of(thursdays)[1]
    make_registration(second)
    edit(thursdays, editor, Action.CANCEL, second)
    assert reload(thursdays).dates.count() == 1
    done = edit(thursdays, editor, Action.RESTORE, second)
    assert done.told == 1
    assert reload(thursdays).dates.count() == 0
    assert of(thursdays)[1].status == Status.PROGRAMME
    assert EventMail.objects.filter(kind=EventMailKind.OCCURRENCE_MOVED).count() == 1


def test_one_date_is_moved(thursdays, editor):
    second, place = of(thursdays)[1], make_venue(name="Ailleurs")
    make_registration(second)
    done = edit(thursdays, editor, Action.MOVE, second, days=1, start_time=time(14), end_time=time(16), venue=place)
    assert done.told == 1
    after = Occurrence.objects.get(uid=second.uid)
    assert (after.start_date, after.start_time, after.venue) == (day_in(18), time(14), place)
    assert after.status == Status.REPROGRAMME
    assert days(thursdays) == [10, 18, 24, 31, 38]


def test_this_and_following_splits_the_rule_and_keeps_identities(thursdays, editor):
    before = of(thursdays)
    told = make_registration(before[3])
    make_registration(before[0])
    edit(thursdays, editor, Action.CANCEL, before[4])
    done = edit(thursdays, editor, Action.MOVE, before[2], scope=Scope.FOLLOWING, days=1, start_time=time(10))
    assert (done.dates, done.told) == (3, 1)
    page = reload(thursdays)
    assert [(rule.count, rule.until) for rule in page.rules.all()] == [(None, day_in(23)), (3, None)]
    after = of(page)
    assert [each.uid for each in after] == [each.uid for each in before]
    assert days(page) == [10, 17, 25, 32, 39]
    assert [each.start_time for each in after] == [time(9), time(9), time(10), time(10), time(10)]
    assert after[4].status == Status.ANNULE
    assert after[3].registrations.get() == told
    mails = EventMail.objects.filter(kind=EventMailKind.OCCURRENCE_MOVED)
    assert [mail.registration for mail in mails] == [told]


def test_all_dates_change_in_place(thursdays, editor):
    before = of(thursdays)
    edit(thursdays, editor, Action.DETAILS, before[1], capacity=5)
    edit(thursdays, editor, Action.DETAILS, before[3], scope=Scope.ALL, capacity=30, title="Autre titre")
    page = reload(thursdays)
    [rule] = page.rules.all()
    assert (rule.capacity, rule.title, rule.count) == (30, "Autre titre", 5)
    assert {each.capacity for each in of(page)} == {30}
    assert [each.pk for each in of(page)] == [each.pk for each in before]
    assert page.dates.count() == 0 or all(each.capacity is None for each in page.dates.all())


def test_all_to_another_day_keeps_the_series_and_its_dates(thursdays, editor):
    before = of(thursdays)
    uid = thursdays.series_calendars.get().uid
    edit(thursdays, editor, Action.MOVE, scope=Scope.ALL, days=-2)
    assert days(thursdays) == [8, 15, 22, 29, 36]
    assert [each.uid for each in of(thursdays)] == [each.uid for each in before]
    assert reload(thursdays).rules.count() == 1
    assert thursdays.series_calendars.get().uid == uid


def test_cancelling_the_following_ones_ends_an_endless_rule(landes_space, editor):
    page = make_event(landes_space, rules=[a_rule(interval=4)])
    number = len(of(page))
    edit(page, editor, Action.CANCEL, of(page)[2], scope=Scope.FOLLOWING, note="Fin.")
    statuses = [each.status for each in of(page)]
    assert statuses == ["programme"] * 2 + ["annule"] * (number - 2)
    assert reload(page).rules.get().until == of(page)[-1].start_date


def test_a_date_is_detached_and_no_longer_follows(thursdays, editor):
    before = of(thursdays)
    edit(thursdays, editor, Action.DETACH, before[2])
    edit(thursdays, editor, Action.MOVE, before[0], scope=Scope.FOLLOWING, start_time=time(8))
    page = reload(thursdays)
    assert days(page) == [10, 17, 24, 31, 38]
    row = page.dates.get()
    assert (row.rule_key, row.key) == (None, before[2].key)
    assert [each.uid for each in of(page)] == [each.uid for each in before]


def test_a_date_that_went_with_people_registered_is_put_back(thursdays, editor):
    last = of(thursdays)[-1]
    make_registration(last)
    page = reload(thursdays)
    page.rules = [rule] = list(page.rules.all())
    rule.count = 4
    publish(page)
    assert Occurrence.objects.get(pk=last.pk).status == Status.ANNULE
    with pytest.raises(EditingError, match="rétablissez-la"):
        edit(page, editor, Action.MOVE, last, days=1)
    edit(page, editor, Action.RESTORE, last)
    after = Occurrence.objects.get(pk=last.pk)
    assert (after.status, after.start_date) == (Status.PROGRAMME, last.start_date)


def test_the_unpublished_draft_of_somebody_else_gets_the_change_and_stays_unpublished(thursdays, editor, landes):
    author = make_member(Role.EDITOR, landes)
    draft = reload(thursdays)
    draft.title = "Un titre en chantier"
    revision = draft.save_revision(user=author)
    second = of(thursdays)[1]
    edit(thursdays, editor, Action.MOVE, second, scope=Scope.FOLLOWING, days=1)
    page = reload(thursdays)
    assert (page.live, page.title, page.has_unpublished_changes) == (True, "Les jeudis", True)
    assert days(page) == [10, 18, 25, 32, 39]
    assert page.latest_revision == revision
    assert page.latest_revision.user == author
    pending = page.get_latest_revision_as_object()
    assert pending.title == "Un titre en chantier"
    before = [each.uid for each in of(page)]
    pending.save_revision(user=author).publish(user=author)
    assert days(page) == [10, 18, 25, 32, 39]
    assert [each.uid for each in of(page)] == before
    assert reload(page).title == "Un titre en chantier"


def test_a_page_never_published_is_changed_in_its_draft(landes_space, editor):
    page = make_event(landes_space, a_date(day_in(10)), a_date(day_in(12)), live=False)
    page.save_revision()
    key = page.dates.all()[0].key
    done = edit_dates(page=page, actor=editor, keys=[key], scope=Scope.ONE, change=Change(Action.CANCEL))
    assert not done.online
    assert not of(page)
    draft = reload(page).get_latest_revision_as_object()
    assert sorted(each.status for each in draft.dates.all()) == ["", "annule"]


@pytest.mark.parametrize(
    ("action", "scope", "values", "message"),
    [
        (Action.MOVE, Scope.ONE, {"end_time": time(8)}, "La fin doit suivre le début."),
        (Action.DETAILS, Scope.ONE, {"mode": "en_ligne"}, None),
        (Action.DETAILS, Scope.ALL, {"capacity": 1}, "2 personnes ont déjà une place"),
    ],
)
def test_what_is_refused_changes_nothing(thursdays, editor, action, scope, values, message):
    second = of(thursdays)[1]
    make_registration(second)
    make_registration(second)
    before = [(each.pk, each.sequence) for each in of(thursdays)]
    if message is None:
        edit(thursdays, editor, action, second, scope=scope, **values)
        assert of(thursdays)[1].mode == "en_ligne"
        return
    with pytest.raises(EditingError, match=message):
        edit(thursdays, editor, action, second, scope=scope, **values)
    assert [(each.pk, each.sequence) for each in of(thursdays)] == before
    assert not EventMail.objects.exists()


def test_a_monthly_rule_does_not_change_day_as_a_whole(landes_space, editor):
    page = make_event(landes_space, rules=[a_rule(frequency="monthly_day", count=3)])
    with pytest.raises(EditingError, match="mensuelle"):
        edit(page, editor, Action.MOVE, of(page)[1], scope=Scope.FOLLOWING, days=1)


def test_past_dates_take_a_note_only(landes_space, editor):
    page = make_event(landes_space, a_date(day_in(-3)), a_date(day_in(3)))
    past = of(page)[0]
    with pytest.raises(EditingError, match="passée"):
        edit(page, editor, Action.CANCEL, past)
    edit(page, editor, Action.NOTE, past, note="Compte rendu en ligne.")
    assert of(page)[0].note == "Compte rendu en ligne."


def test_somebody_elses_event_and_a_reader_are_refused(thursdays, db, landes):
    for person in (make_member(Role.CONTRIBUTOR, landes), User.objects.create_user("x@exemple.fr", "x")):
        with pytest.raises(PermissionDenied):
            edit(thursdays, person, Action.CANCEL, of(thursdays)[0])


def test_dates_are_added_once(thursdays, editor):
    new = [a_date(day_in(100)), a_date(day_in(101))]
    assert add_dates(page=thursdays, actor=editor, dates=new) == 2
    assert add_dates(page=thursdays, actor=editor, dates=[a_date(day_in(100)), a_date(day_in(102))]) == 1
    assert days(thursdays)[-3:] == [100, 101, 102]
    with pytest.raises(EditingError, match="400 au plus"):
        add_dates(page=thursdays, actor=editor, dates=[a_date(day_in(200) + timedelta(days=n)) for n in range(398)])

"""What an import does to the agenda."""

from __future__ import annotations

from datetime import time

import pytest
from django.db.models import Sum
from wagtail.models import Revision

from events.enums import Mode, Status
from events.imports.models import ImportedPage
from events.imports.services import take_back
from events.models import EventPage, Occurrence, Venue
from events.models.events import MAX_DATES
from portal.accounts.models import Membership

from ..factories import a_date, day_in, make_event, make_venue, publish
from .making import bring, make_source, page_of, vevent


@pytest.fixture
def source(landes_space, owner):
    return make_source(landes_space, owner)


def reasons(run):
    return " ".join(run.lines.order_by("pk").values_list("reason", flat=True))


def test_an_event_becomes_a_page_of_the_agenda_with_its_venue(source, owner, client):
    run = bring(source, vevent(DESCRIPTION="Venez <b>tous</b>. <script>alert(1)</script>"))
    assert (run.state, run.created, run.rejected) == ("done", 1, 0)
    page = page_of(source)
    assert (page.live, page.owner, page.mode) == (True, owner, Mode.SUR_PLACE)
    assert (page.venue.name, page.venue.address) == ("Médiathèque", "4 rue du Lavoir")
    assert page.venue.commune.name == "Mont-de-Marsan"
    occurrence = Occurrence.objects.get(page=page)
    assert (occurrence.start_date, occurrence.start_time) == (day_in(10), time(9))
    answer = client.get(page.get_url()).content.decode()
    assert "Atelier un@exemple.fr" in answer
    assert "<script>alert" not in answer


def test_a_trial_says_the_same_and_writes_nothing(source):
    made = [vevent(), vevent("deux@exemple.fr", LOCATION="Nulle part"), vevent("trois@exemple.fr", LOCATION="")]
    before = (EventPage.objects.count(), Venue.objects.count())
    trial = bring(source, *made, dry_run=True)
    assert (EventPage.objects.count(), Venue.objects.count()) == before
    assert not ImportedPage.objects.exists()
    done = bring(source, *made)
    assert list(trial.lines.values_list("uid", "outcome", "reason").order_by("pk")) == list(
        done.lines.values_list("uid", "outcome", "reason").order_by("pk")
    )
    assert done.created == 3


def test_the_same_file_again_changes_nothing(source):
    made = [vevent(f"{number}@exemple.fr") for number in range(5)]
    bring(source, *made)
    revisions = Revision.objects.count()
    changed = Occurrence.objects.aggregate(total=Sum("sequence"))
    run = bring(source, *made)
    assert (run.unchanged, run.changed) == (5, 0)
    assert Revision.objects.count() == revisions
    assert Occurrence.objects.aggregate(total=Sum("sequence")) == changed


def test_a_series_is_one_page_and_a_date_of_it_may_have_its_own_title_place_and_status(source):
    day = day_in(10)
    series = vevent(RRULE="FREQ=WEEKLY;COUNT=3")
    moved = vevent(
        **{"RECURRENCE-ID;TZID=Europe/Paris": f"{day_in(17):%Y%m%d}T090000"},
        day=day_in(17),
        hour=14,
        SUMMARY="Hors les murs",
        LOCATION="Mairie\\, 40100 Dax",
    )
    off = vevent(
        **{"RECURRENCE-ID;TZID=Europe/Paris": f"{day_in(24):%Y%m%d}T090000"}, day=day_in(24), STATUS="CANCELLED"
    )
    run = bring(source, series, moved, off)
    page = page_of(source)
    dates = list(Occurrence.objects.filter(page=page).order_by("starts_at"))
    assert [each.start_date for each in dates] == [day, day_in(17), day_in(24)]
    assert (dates[1].title, dates[1].start_time, dates[1].venue.commune.name) == ("Hors les murs", time(14), "Dax")
    assert (dates[0].status, dates[2].status) == (Status.PROGRAMME, Status.ANNULE)
    assert run.created == 3
    assert page.title == "Atelier un@exemple.fr"


def test_beyond_the_most_an_event_has_the_nearest_are_kept_and_the_others_told(source):
    run = bring(source, vevent(RRULE="FREQ=DAILY;COUNT=430"))
    assert Occurrence.objects.filter(page=page_of(source)).count() == MAX_DATES
    assert (run.created, run.skipped) == (MAX_DATES, 30)
    last = Occurrence.objects.filter(page=page_of(source)).latest("starts_at")
    assert last.start_date == day_in(9 + MAX_DATES)
    again = bring(source, vevent(RRULE="FREQ=DAILY;COUNT=430"))
    assert (again.unchanged, again.skipped, again.changed) == (MAX_DATES, 30, 0)


def test_a_newer_version_is_taken_and_an_older_one_is_not(source):
    bring(source, vevent(SEQUENCE="2"))
    occurrence = Occurrence.objects.get(page=page_of(source))
    older = bring(source, vevent(SEQUENCE="1", SUMMARY="Ancien"))
    assert (older.skipped, older.updated) == (1, 0)
    assert "plus récente" in reasons(older)
    newer = bring(source, vevent(SEQUENCE="3", SUMMARY="Nouveau", hour=15))
    assert newer.updated == 1
    page = page_of(source)
    assert page.title == "Nouveau"
    again = Occurrence.objects.get(page=page)
    assert (again.uid, again.start_time) == (occurrence.uid, time(15))
    assert again.sequence == occurrence.sequence + 1


def test_what_was_edited_here_stays_until_one_asks_for_the_version_of_the_source(source, owner):
    bring(source, vevent())
    page = page_of(source)
    page.title = "Titre d’ici"
    publish(page)
    run = bring(source, vevent(SUMMARY="Titre de là-bas", SEQUENCE="1"))
    assert (run.skipped, run.updated) == (1, 0)
    assert "Modifié ici" in reasons(run)
    assert page_of(source).title == "Titre d’ici"
    take_back(actor=owner, imported=ImportedPage.objects.get())
    assert bring(source, vevent(SUMMARY="Titre de là-bas", SEQUENCE="1")).updated == 1
    assert page_of(source).title == "Titre de là-bas"


def test_a_page_deleted_or_taken_down_here_does_not_come_back(source):
    bring(source, vevent("un@x"), vevent("deux@x"))
    page_of(source, "un@x").delete()
    page_of(source, "deux@x").unpublish()
    run = bring(source, vevent("un@x", SUMMARY="A"), vevent("deux@x", SUMMARY="B"))
    assert run.skipped == 2
    assert not EventPage.objects.filter(live=True).exists()


def test_cancelled_at_the_source_is_cancelled_here_with_a_reason(source):
    bring(source, vevent())
    run = bring(source, vevent(STATUS="CANCELLED", SEQUENCE="1"))
    assert run.cancelled == 1
    page = page_of(source)
    assert (page.status, page.live) == (Status.ANNULE, True)
    assert "agenda d’origine" in page.status_reason
    assert Occurrence.objects.get(page=page).status == Status.ANNULE


def test_cancelled_before_it_was_known_is_left_out_and_told(source):
    run = bring(source, vevent(STATUS="CANCELLED"))
    assert (run.created, run.skipped) == (0, 1)
    assert not EventPage.objects.exists()


def test_what_vanished_is_cancelled_the_second_time_only_and_comes_back(source):
    stays = vevent("reste@x")
    bring(source, stays, vevent("part@x"))
    first = bring(source, stays)
    assert (first.vanished, first.skipped, first.unchanged) == (0, 1, 1)
    assert page_of(source, "part@x").status == Status.PROGRAMME
    second = bring(source, stays)
    assert second.vanished == 1
    page = page_of(source, "part@x")
    assert (page.status, page.live) == (Status.ANNULE, True)
    assert page.status_reason == "Retiré de l’agenda d’origine."
    third = bring(source, stays)
    assert (third.unchanged, third.vanished, third.skipped) == (1, 0, 0)
    assert bring(source, stays, vevent("part@x")).updated == 1
    assert page_of(source, "part@x").status == Status.PROGRAMME


def test_one_date_of_a_series_that_vanishes_is_cancelled_alone(source):
    bring(source, vevent(RRULE="FREQ=WEEKLY;COUNT=3"))
    without = vevent(RRULE="FREQ=WEEKLY;COUNT=3", **{"EXDATE;TZID=Europe/Paris": f"{day_in(17):%Y%m%d}T090000"})
    bring(source, without)
    run = bring(source, without)
    assert run.vanished == 1
    dates = Occurrence.objects.filter(page=page_of(source)).order_by("starts_at")
    assert [each.status for each in dates] == [Status.PROGRAMME, Status.ANNULE, Status.PROGRAMME]


def test_a_partial_an_empty_or_a_much_poorer_file_cancels_nothing(source):
    all_of_them = [vevent(f"{number}@x") for number in range(12)]
    bring(source, *all_of_them)
    for _ in range(2):
        assert bring(source).vanished == 0
        assert bring(source, *all_of_them[:11], "BEGIN:VEVENT\r\nSUMMARY:coupé\r\n").vanished == 0
        poorer = bring(source, *all_of_them[:4])
        assert poorer.vanished == 0
        assert "plus de la moitié" in reasons(poorer)
    assert not EventPage.objects.filter(status=Status.ANNULE).exists()


def test_what_is_past_is_left_as_it_is(source):
    past = vevent("passe@x", day=day_in(-5))
    bring(source, past, vevent("reste@x"))
    for _ in range(3):
        assert bring(source, vevent("reste@x")).vanished == 0
    assert page_of(source, "passe@x").status == Status.PROGRAMME


def test_an_event_written_by_hand_is_not_doubled(source, landes_space):
    venue = make_venue(name="Salle d’ici")
    make_event(landes_space, a_date(day_in(10)), title="ATELIER un@exemple.fr", venue=venue)
    run = bring(source, vevent())
    assert (run.created, run.skipped) == (0, 1)
    assert "Déjà dans l’agenda" in reasons(run)
    elsewhere = vevent("autre@x", SUMMARY="Atelier un@exemple.fr", LOCATION="Mairie\\, 40100 Dax")
    assert bring(source, elsewhere).created == 1


@pytest.mark.parametrize("location", ["", "Nulle part", "Salle 3", "12 rue de la Paix, 99999 Ailleurs"])
def test_an_undecided_place_is_a_draft_to_complete_with_its_words(source, location):
    run = bring(source, vevent(LOCATION=location.replace(",", "\\,")))
    page = page_of(source)
    assert (run.created, page.live) == (1, False)
    assert page.venue is None
    assert page.venue_note == location
    assert "brouillon" in reasons(run)
    assert bring(source, vevent(LOCATION=location.replace(",", "\\,"))).unchanged == 1


def test_the_link_by_which_one_joins_is_kept_and_never_published(source, client):
    link = "https://meet.google.com/abc-defg-hij"
    run = bring(source, vevent(LOCATION=link, SUMMARY="Visio", DESCRIPTION=f"Rejoindre : {link}\\n" + "Texte. " * 80))
    page = page_of(source)
    assert (page.mode, page.join_url, page.live, run.created) == (Mode.EN_LIGNE, link, True, 1)
    assert "abc-defg-hij" not in client.get(page.get_url()).content.decode()


def test_without_publication_pages_are_drafts_and_updates_stay_drafts(landes_space, owner):
    source = make_source(landes_space, owner, publish=False)
    bring(source, vevent())
    assert not page_of(source).live
    assert bring(source, vevent(SUMMARY="Autre", SEQUENCE="1")).updated == 1
    page = page_of(source)
    assert not page.live
    assert page.get_latest_revision_as_object().title == "Autre"


def test_an_owner_who_lost_the_right_is_refused_and_told(source, owner):
    Membership.objects.filter(user=owner).delete()
    run = bring(source, vevent())
    assert run.state == "refused"
    assert "droit" in run.error
    assert not EventPage.objects.exists()


def test_bad_events_stop_no_other_and_are_named(source):
    run = bring(source, vevent("a@x"), vevent("b@x", **{"DTSTART;TZID=Europe/Paris": "demain"}), vevent("c@x"))
    assert (run.created, run.rejected) == (2, 1)
    refused = run.lines.get(outcome="rejected")
    assert refused.uid == "b@x"
    assert refused.number > 0
    assert refused.reason


def test_an_unreadable_file_changes_nothing(source):
    from events.imports.services import run_import

    bring(source, vevent())
    run = run_import(source=source, data=b"%PDF-1.7 ...", actor=source.owner)
    assert run.state == "failed"
    assert "PDF" in run.error
    assert page_of(source).live


def test_two_sources_may_use_the_same_uid(source, landes_space, owner):
    other = make_source(landes_space, owner)
    bring(source, vevent())
    bring(other, vevent(SUMMARY="Autre chose"))
    assert page_of(source).pk != page_of(other).pk

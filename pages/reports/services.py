"""State changes of reports and of pages to read again, one function each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.log_actions import log
from wagtail.models import Page

from portal.accounts.models import User
from portal.core.models import PageFact
from portal.notifications.services import notify

from ..enums import ReportReason, ReportState
from ..models import PageReading, PageReport
from . import tasks
from .selectors import editors_of, reports_for, stale_for

#: What a visitor writes in several times stays within that length; the beginning is kept.
MOST_TEXT = 4000
KEEP_ADDRESSES = timedelta(days=90)


class ReportError(Exception):
    """The report cannot be changed so; the message is French, for the person who tried."""


def visitor_key(page_id: int, who: str) -> str:
    """What tells a visitor of one page apart, without telling who they are: another page gives another key."""
    return salted_hmac("pages.reports", f"{page_id}:{who}", algorithm="sha256").hexdigest()


def report_page(*, fact: PageFact, reason: str, text: str = "", email: str = "", visitor: str = "") -> PageReport:
    """Record a reader's report of the page of ``fact`` (:func:`pages.reports.selectors.reportable`).

    ``visitor`` is :func:`visitor_key`: while their first report is open, the same visitor adds to it. Side effects:
    the editors of the space are told once a report (kind ``pages.reported``). ``text`` is kept as plain text.
    """
    for _ in range(2):
        try:
            with transaction.atomic():
                return _write(fact, ReportReason(reason), text.strip(), email, visitor)
        except IntegrityError:  # The same visitor, twice at once: the second adds to the first.
            continue
    raise ReportError("Ce signalement n’a pas pu être enregistré : réessayez.")


def _write(fact: PageFact, reason: ReportReason, text: str, email: str, visitor: str) -> PageReport:
    space = fact.space
    assert space is not None
    found = None
    if visitor:
        found = PageReport.objects.select_for_update().open().filter(page=fact.page_id, visitor=visitor).first()
    if found is None:
        found = PageReport.objects.create(
            page_id=fact.page_id,
            space=space,
            title=fact.page.title,
            reason=reason,
            text=text,
            email=email,
            visitor=visitor,
        )
        notify(
            "pages.reported",
            recipients=editors_of(space),
            event=str(found.pk),
            url=f"/admin/signalements/{found.pk}/",
            context={"title": fact.page.title, "reason": str(reason.label), "space": str(space)},
        )
        return found
    if text and text not in found.text:
        found.text = "\n\n".join(part for part in (found.text, text) if part)[:MOST_TEXT]
    found.reason, found.email = reason, email or found.email
    found.times, found.updated_at = found.times + 1, timezone.now()
    found.save(update_fields=["text", "reason", "email", "times", "updated_at"])
    return found


@transaction.atomic
def handle_reports(*, reports: Iterable[uuid.UUID], actor: User, state: str, answer: str = "") -> tuple[int, int]:
    """Close reports as handled or rejected; returns (how many were, how many had been already).

    Those outside the actor's spaces do not exist: raises :class:`ReportError` if one is. ``answer`` is sent, by a task
    on commit, to whoever left an address. Side effects: one log row a page.
    """
    if state not in (ReportState.HANDLED, ReportState.REJECTED):
        raise ReportError("Choisissez « traité » ou « sans suite ».")
    wanted = set(reports)
    found = list(
        reports_for(actor).filter(pk__in=wanted).select_for_update(of=("self",)).select_related("page").order_by("pk")
    )
    if len(found) != len(wanted):
        raise ReportError("Un de ces signalements n’est pas de votre ressort.")
    waiting = [report for report in found if report.state == ReportState.OPEN]
    now = timezone.now()
    for report in waiting:
        report.state, report.answer, report.handled_at, report.handled_by = state, answer.strip(), now, actor
        report.save(update_fields=["state", "answer", "handled_at", "handled_by"])
        if report.page is not None:
            log(
                instance=report.page,
                action="pages.report_handled",
                user=actor,
                data={"report": str(report.pk), "reason": report.reason, "state": state},
            )
        if report.answer and report.email:
            transaction.on_commit(lambda pk=str(report.pk): tasks.send_answer.enqueue(pk), robust=True)
    return len(waiting), len(found) - len(waiting)


@transaction.atomic
def reopen_report(*, report: PageReport, actor: User) -> None:
    """Open a closed report again. Raises :class:`ReportError` outside the actor's spaces, or where it is open."""
    found = reports_for(actor).filter(pk=report.pk).select_for_update(of=("self",)).select_related("page").first()
    if found is None or found.state == ReportState.OPEN:
        raise ReportError("Ce signalement est déjà à traiter.")
    found.state, found.handled_at, found.handled_by = ReportState.OPEN, None, None
    # The visitor may have reported the page again meanwhile.
    found.visitor = ""
    found.save(update_fields=["state", "handled_at", "handled_by", "visitor"])
    if found.page is not None:
        log(instance=found.page, action="pages.report_reopened", user=actor, data={"report": str(found.pk)})


@transaction.atomic
def mark_read_again(*, pages: Iterable[int], actor: User) -> int:
    """Say of pages to read again that they still hold; returns how many. One log row a page.

    Those outside the actor's spaces, and those that were read or published meanwhile, are left out. Raises
    :class:`ReportError` on an empty choice.
    """
    wanted = set(pages)
    if not wanted:
        raise ReportError("Choisissez au moins une page.")
    keys = list(stale_for(actor).filter(pk__in=wanted).values_list("pk", flat=True).order_by("pk"))
    now = timezone.now()
    PageReading.objects.bulk_create(
        [PageReading(page_id=key, read_at=now, read_by=actor) for key in keys],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["read_at", "read_by"],
    )
    for page in Page.objects.filter(pk__in=keys).order_by("pk"):
        log(instance=page, action="pages.read_again", user=actor)
    return len(keys)


def forget(now: datetime | None = None) -> int:
    """Erase addresses and visitors of reports handled :data:`KEEP_ADDRESSES` ago. Idempotent; returns how many."""
    old = PageReport.objects.exclude(state=ReportState.OPEN).filter(
        handled_at__lt=(now or timezone.now()) - KEEP_ADDRESSES
    )
    return old.exclude(email="", visitor="").update(email="", visitor="")

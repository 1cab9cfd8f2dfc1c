"""The letter as it leaves, and the log of its copies: read, exported, followed person by person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from portal.accounts.abilities import person_of
from portal.accounts.models import User
from portal.accounts.stepup import step_up_required
from portal.core.listing.paging import page_of
from portal.core.spreadsheets import TYPES, table

from .. import access
from ..letters.examples import fill
from ..models import Campaign, Delivery
from .guards import composers_only, own_campaign, senders_only, sent_campaign
from .screens import screen

PER_PAGE = 50
HEADS: Final = (
    "Adresse e-mail",
    "Liste",
    "État",
    "Raison",
    "Essais",
    "Réponse du serveur",
    "Détail",
    "Envoyé le",
    "Dernier état le",
    "Plainte le",
    "Désabonnement le",
    "Ouvert le (si mesure acceptée)",
    "Premier clic le (si mesure acceptée)",
    "Numéro du message",
)
_CHUNK = 2000
#: The frozen letter is shown in a frame of its own: no script, nothing sent, pictures alone.
_FRAME: Final = "sandbox allow-popups; default-src 'none'; img-src 'self' data: https:; style-src 'unsafe-inline'"


@composers_only
@require_safe
def letter(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What was frozen, as an example person receives it: for who approves."""
    one = _frozen(request, uid)
    text = fill(one.text, escape=False, links=_links(one))
    return screen(
        request,
        "newsletters/campaigns/letter.html",
        {"campaign": one, "text": text},
        "La lettre telle qu’elle part",
        str(one),
    )


@composers_only
@xframe_options_sameorigin
@require_safe
def letter_html(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    one = _frozen(request, uid)
    response = HttpResponse(fill(one.html, escape=True, links=_links(one)))
    response["Content-Security-Policy"] = _FRAME
    return response


def _frozen(request: HttpRequest, uid: uuid.UUID) -> Campaign:
    one = own_campaign(request, uid)
    if one.frozen_at is None:
        raise Http404("La lettre de cet envoi peut encore changer.")
    return one


def _links(one: Campaign) -> dict[int, str]:
    return dict(one.links.order_by("position").values_list("position", "url"))


@senders_only
@require_safe
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """One copy, what was heard of it, and the other letters its person was sent by one's own territories."""
    mine = access.visible_deliveries(request.user).select_related("campaign__letter", "list")
    found = mine.filter(pk=pk).first()
    if found is None:
        raise Http404("Cette copie n’existe pas, ou n’est pas des vôtres.")
    same = mine.filter(subscriber=found.subscriber_id) if found.subscriber_id else mine.filter(address=found.address)
    others = same.exclude(pk=pk).order_by("-pk").defer("campaign__html", "campaign__text")
    context = {
        "copy": found,
        "events": found.events.order_by("-at", "-pk"),
        "items": page_of(request, others, PER_PAGE),
        "query": "",
        "header_icon": "history",
    }
    return screen(request, "newsletters/campaigns/copy.html", context, found.shown_address, "Journal des envois")


@senders_only
@require_POST
def export(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The log of a sending as a file, after a recent proof of who asks."""
    sent_campaign(request, uid)
    return _proved_export(request, uid)


@step_up_required
def _proved_export(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    one = sent_campaign(request, uid)
    kind = request.POST.get("format", "csv")
    kind = kind if kind in TYPES else "csv"
    content = export_log(campaign=one, actor=person_of(request), kind=kind)
    return file(content, kind, one, "journal")


def file(content: bytes, kind: str, one: Campaign, what: str) -> HttpResponse:
    """An export to keep under a name that says what it is of."""
    day = one.started_at or one.created_at
    name = f"{what}-{slugify(str(one))[:60] or 'envoi'}-{day:%Y-%m-%d}.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=disposition)


@transaction.atomic
def export_log(*, campaign: Campaign, actor: User, kind: str) -> bytes:
    """The copies of a sending, each a line; ``kind`` is one of ``spreadsheets.TYPES``. Logged. Read in chunks.

    Openings and clicks are there only of who agrees to be measured. Whose data was erased has no address.
    """
    content = table(kind, HEADS, _rows(campaign))
    number = campaign.deliveries.count()
    log(
        instance=campaign,
        action="newsletters.campaign.export",
        user=actor,
        title=str(campaign)[:200],
        data={"format": kind, "copies": number},
    )
    return content


def _rows(campaign: Campaign) -> Iterator[list[Any]]:
    zone = ZoneInfo(campaign.time_zone)

    def when(moment: Any) -> str:
        return f"{moment.astimezone(zone):%d/%m/%Y %H:%M}" if moment else ""

    found = Delivery.objects.filter(campaign=campaign).select_related("list", "subscriber").order_by("pk")
    for one in found.iterator(_CHUNK):
        measured = one.subscriber is not None and one.subscriber.tracking
        yield [
            one.shown_address,
            one.list.name,
            one.get_state_display(),
            one.get_skip_reason_display(),
            one.attempts,
            one.code,
            one.detail,
            when(one.sent_at),
            when(one.settled_at),
            when(one.complained_at),
            when(one.unsubscribed_at),
            when(one.opened_at) if measured else "",
            when(one.clicked_at) if measured else "",
            one.message_id,
        ]

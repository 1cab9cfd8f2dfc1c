"""Telling other programs of what happens: a row a webhook written with the event, sent after the commit, retried.

Signed as Standard Webhooks says (headers ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``): HMAC-SHA256 of
``id.timestamp.body``. Sent through ``portal.core.fetch``, which reaches no private network and follows no redirect.
The body names the dossier and the event, and nothing of what is in it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.abilities import can
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core.fetch import FetchError, checked_url, post
from portal.jobs.wake import wake
from portal.territories.models import Territory, TerritoryLink

from ..enums import EventKind, State
from ..models import DossierEvent, Webhook, WebhookDelivery
from ..rules import TRANSITIONS, DossierRefused

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(hours=6)
#: With the delays above, about a day and a half.
MAX_ATTEMPTS = 14
#: Events in a row that never got through, after which the portal stops trying.
MAX_FAILURES = 10
MOST_WEBHOOKS = 10
AT_ONCE = 20
STATE_EVENTS = frozenset(row.event for row in TRANSITIONS.values())


@transaction.atomic
def create_webhook(*, actor: User, url: str, territory: Territory, kinds: Iterable[str] = ()) -> tuple[Webhook, str]:
    """A webhook of ``actor``'s, and its secret (``whsec_…``), which is shown this once.

    Raises PermissionDenied to whom does not instruct in ``territory``, DossierRefused (``url``, ``kinds``, ``many``).
    """
    if not can(actor, Ability.INSTRUCT, territory):
        raise PermissionDenied
    chosen = sorted(set(kinds))
    if not set(chosen) <= set(EventKind.values):
        raise DossierRefused("kinds", "Cet événement n’existe pas.", "kinds")
    try:
        parts = checked_url(url)
    except FetchError as error:
        raise DossierRefused("url", str(error), "url") from None
    if parts.scheme != "https" and not _is_test_server(parts.netloc):
        raise DossierRefused("url", "L’adresse doit commencer par https://.", "url")
    if Webhook.objects.filter(owner=actor).count() >= MOST_WEBHOOKS:
        raise DossierRefused("many", "Vous avez déjà dix webhooks : supprimez-en un.")
    webhook = Webhook.objects.create(
        owner=actor, territory=territory, url=parts.geturl(), kinds=chosen, secret=secrets.token_hex(32)
    )
    log(instance=webhook, action="dossiers.webhook.create", user=actor, data={"host": parts.hostname})
    return webhook, secret_of(webhook)


def secret_of(webhook: Webhook) -> str:
    """The secret in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(bytes.fromhex(webhook.secret)).decode()


@transaction.atomic
def set_enabled(*, webhook: Webhook, actor: User, enabled: bool) -> None:
    """Stop or restart one's own webhook. What waited when it was stopped is sent when it restarts."""
    _require_owner(webhook, actor)
    webhook.disabled_at, webhook.failures = (None if enabled else timezone.now()), 0
    webhook.save(update_fields=["disabled_at", "failures"])
    log(instance=webhook, action="dossiers.webhook.enable" if enabled else "dossiers.webhook.disable", user=actor)
    if enabled:
        _wake_on_commit()


@transaction.atomic
def delete_webhook(*, webhook: Webhook, actor: User) -> None:
    """Delete one's own webhook, with what waited."""
    _require_owner(webhook, actor)
    log(instance=webhook, action="dossiers.webhook.delete", user=actor, title=webhook.url[:200])
    webhook.delete()


def note(event: DossierEvent) -> None:
    """Listener of the log: a row for each webhook that is to hear of ``event``. Its sending is woken on commit."""
    routed_to = event.dossier.routed_to_id
    if routed_to is None or event.to_state == State.DRAFT:
        return
    above = TerritoryLink.objects.filter(descendant=routed_to).values("ancestor")
    concerned = [
        webhook
        for webhook in Webhook.objects.filter(territory__in=above, disabled_at=None).order_by("pk")
        if event.kind in (webhook.kinds or STATE_EVENTS)
    ]
    if not concerned:
        return
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, dossier_id=event.dossier_id, event=event) for webhook in concerned
    )
    _wake_on_commit()


def send_due(limit: int = 500) -> int:
    """Send what is due, a few at a time, each under a lease. Returns how many got through. Any number may run it."""
    done = 0
    for _ in range(limit // AT_ONCE):
        mine = _claim()
        if not mine:
            break
        done += sum(_send(each) for each in mine)
    return done


def _claim() -> list[WebhookDelivery]:
    now = timezone.now()
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(
            delivered_at=None, given_up_at=None, due_at__lte=now, webhook__disabled_at=None
        ).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
        WebhookDelivery.objects.filter(pk__in=keys).update(due_at=now + LEASE, attempts=F("attempts") + 1)
    related = ("webhook__owner", "webhook__territory", "event", "dossier__type", "dossier__territory")
    rows = WebhookDelivery.objects.filter(pk__in=keys).select_related(*related)
    return list(rows.order_by("event__at", "event__number"))


def _send(delivery: WebhookDelivery) -> bool:
    webhook = delivery.webhook
    now = timezone.now()
    if not can(webhook.owner, Ability.INSTRUCT, webhook.territory):
        # Its owner has lost the right since: nothing more leaves.
        delivery.given_up_at, delivery.error = now, "Son auteur n’instruit plus pour ce territoire."
        delivery.save(update_fields=["given_up_at", "error"])
        return False
    body = payload(delivery)
    try:
        delivery.status = post(webhook.url, body, signed(webhook, delivery, body, now), total_seconds=10)
        delivery.error = ""
    except FetchError as error:
        delivery.status, delivery.error = None, str(error)[:200]
    delivered = delivery.status is not None and 200 <= delivery.status < 300
    if delivered:
        delivery.delivered_at = timezone.now()
        Webhook.objects.filter(pk=webhook.pk).exclude(failures=0).update(failures=0)
    elif delivery.attempts >= MAX_ATTEMPTS or delivery.status == 410:
        delivery.given_up_at = now
        _count_failure(webhook)
    else:
        delivery.due_at = now + min(FIRST_DELAY * (1 << (delivery.attempts - 1)), LONGEST_DELAY)
    delivery.save(update_fields=["status", "error", "delivered_at", "given_up_at", "due_at"])
    return delivered


def payload(delivery: WebhookDelivery) -> bytes:
    """What is told: which dossier, what happened, where it stands since. No name, no answer, no file."""
    event, dossier = delivery.event, delivery.dossier
    told = {
        "type": f"dossier.{event.kind}",
        "timestamp": event.at.isoformat(),
        "data": {
            "dossier": str(dossier.pk),
            "number": dossier.number,
            "dossier_type": dossier.type.code,
            "territory": dossier.territory.key,
            "from": event.from_state,
            "to": event.to_state,
            "version": event.dossier_version,
            "event": event.number,
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signed(webhook: Webhook, delivery: WebhookDelivery, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that go with ``body``; ``webhook-id`` stays the same when it is sent again."""
    stamp = str(int(now.timestamp()))
    content = f"{delivery.pk}.{stamp}.".encode() + body
    mac = hmac.new(bytes.fromhex(webhook.secret), content, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def sweep(now: datetime | None = None) -> int:
    """Delete what got through, or was given up, over thirty days ago."""
    before = (now or timezone.now()) - timedelta(days=30)
    old = WebhookDelivery.objects.filter(Q(delivered_at__lt=before) | Q(given_up_at__lt=before))
    return old.delete()[0]


def _count_failure(webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1)
    if Webhook.objects.filter(pk=webhook.pk, failures__gte=MAX_FAILURES, disabled_at=None).update(
        disabled_at=timezone.now()
    ):
        logger.warning("Webhook %s was stopped: nothing gets through.", webhook.pk)


def _require_owner(webhook: Webhook, actor: User) -> None:
    if webhook.owner_id != actor.pk:
        raise PermissionDenied


def _is_test_server(netloc: str) -> bool:
    from django.conf import settings

    return netloc in getattr(settings, "IMPORT_TEST_SERVERS", ())


def _wake_on_commit() -> None:
    from .tasks import send_webhooks

    transaction.on_commit(lambda: wake(send_webhooks), robust=True)

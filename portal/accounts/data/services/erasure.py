"""Erasing an account: asked for, taken back, done. History stays readable, without the person."""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from portal.core.personal_data import holdings

from ...models import User
from ...services.memberships import GrantError, check_not_last_admin
from ..enums import Origin
from ..mails import write
from ..models import Erasure
from ..own_rows import delete_own_rows
from ..redaction import ERASED, PersonRedaction, blank
from ..tokens import cancel_token

logger = logging.getLogger(__name__)

DELAY = dt.timedelta(days=14)
AT_ONCE = 100


class ErasureRefusedError(Exception):
    """The account cannot be erased; the message is French, for the person who asked."""


@transaction.atomic
def request_erasure(*, actor: User) -> Erasure:
    """Close the actor's account at once, and erase it in :data:`DELAY`; until then they may take it back.

    Side effects: the account is disabled (by signal, its groups go; its sessions are void), a log row, a mail on commit
    with the link that takes it back. Asked twice, it is the first request. Raises :class:`ErasureRefusedError` for the
    last national administrator.
    """
    try:
        check_not_last_admin(actor)
    except GrantError as error:
        raise ErasureRefusedError(
            "Vous êtes la dernière personne à administrer le portail. Donnez ce rôle à quelqu’un d’autre d’abord."
        ) from error
    now = timezone.now()
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(user=actor, origin=Origin.ASKED, asked_at=now, due_at=now + DELAY)
    except IntegrityError:
        return Erasure.objects.get(user=actor, cancelled_at=None, done_at=None)
    actor.is_active = False
    actor.save(update_fields=["is_active"])
    log(instance=actor, action="accounts.erasure.ask", user=actor)
    address = settings.SITE_URL.rstrip("/") + reverse("personal-data:cancel", args=[cancel_token(erasure)])
    context = {"due_at": erasure.due_at, "cancel_url": address}
    # A relay that fails undoes nothing: signing in leads to the same screen.
    transaction.on_commit(partial(write, "account/email/erasure_asked", actor.email, context), robust=True)
    return erasure


@transaction.atomic
def cancel_erasure(*, erasure: Erasure) -> bool:
    """Take a request back: the account is as it was. Returns whether there was something to take back.

    Side effects: the account is enabled (by signal, its groups are back), a log row.
    """
    changed = Erasure.objects.filter(pk=erasure.pk, cancelled_at=None, done_at=None).update(cancelled_at=timezone.now())
    if not changed or erasure.user is None:
        return False
    user = User.objects.select_for_update(of=("self",)).get(pk=erasure.user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    log(instance=user, action="accounts.erasure.cancel", user=user)
    return True


def erase_due(now: dt.datetime | None = None) -> int:
    """Erase the accounts whose day has come; returns how many. One that was enabled since is left alone. Idempotent."""
    now = now or timezone.now()
    due = Erasure.objects.filter(cancelled_at=None, done_at=None, due_at__lte=now, user__isnull=False)
    done = 0
    for erasure in due.select_related("user").order_by("due_at", "pk")[:AT_ONCE]:
        assert erasure.user is not None
        if erasure.user.is_active:
            Erasure.objects.filter(pk=erasure.pk).update(cancelled_at=now)
            continue
        try:
            erase_account(user=erasure.user, origin=erasure.origin)
        except Exception:
            # One that fails holds up no other; the next run tries again.
            logger.exception("Account %s could not be erased.", erasure.user.pk)
            continue
        done += 1
    return done


@transaction.atomic
def erase_account(*, user: User, origin: str) -> Erasure:
    """Erase a person: what is theirs is deleted, what must stay is « Compte supprimé ».

    The account's row stays, empty and closed, so that pages, decisions and the log keep an author without a name. What
    each app registered (``portal.core.personal_data``) is called first, in this transaction. Side effects: a log row;
    on commit, the person's files are deleted and a last mail leaves. Erasing twice changes nothing. An app that fails
    undoes it all.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    now = timezone.now()
    done = Erasure.objects.filter(user=user, done_at__isnull=False).first()
    if done is not None:
        return done
    redaction, address = PersonRedaction(user), user.email
    for holding in holdings():
        if holding.erase is not None:
            holding.erase(user)
    _end_sessions(user)
    files = delete_own_rows(user)
    redaction.notices()
    blank(user, frozenset({"date_joined"}))
    user.email = f"compte-supprime-{user.pk}@compte.invalid"
    user.first_name, user.last_name = ERASED.split(" ", 1)
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    log(instance=user, action="accounts.erasure.done", data={"origin": origin})
    # Last, so that it cleans what erasing itself logged.
    redaction.logs()
    erasure, _ = Erasure.objects.update_or_create(
        user=user,
        cancelled_at=None,
        done_at=None,
        defaults={"done_at": now},
        create_defaults={"origin": origin, "due_at": now, "done_at": now},
    )
    transaction.on_commit(partial(_delete_files, files), robust=True)
    transaction.on_commit(partial(write, "account/email/erasure_done", address, {"origin": origin}), robust=True)
    return erasure


def _end_sessions(user: User) -> None:
    key = str(user.pk)
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).order_by("pk").iterator()
        if session.get_decoded().get(SESSION_KEY) == key
    ]
    Session.objects.filter(pk__in=mine).delete()


def _delete_files(files: list[FieldFile]) -> None:
    for file in files:
        if file.name:
            file.storage.delete(file.name)

"""Certificates of attendance: who may have one, its reference, its sending."""

from __future__ import annotations

import base64
import hmac
import uuid
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from ..enums import EventMailKind, RegistrationState
from ..models import Occurrence, Registration
from ..registration.mailing import queue
from .documents import certificate

_SIGNED = 10  # characters of base32: 50 bits


def has_certificate(registration: Registration) -> bool:
    """Whether somebody may have one: they were marked present, and the event gives them."""
    return (
        registration.attended is True
        and registration.state == RegistrationState.CONFIRMED
        and registration.occurrence.page.certificates
        and registration.occurrence.starts_at <= timezone.now()
    )


def code_of(registration: Registration) -> str:
    """The reference printed on it: the registration's number, signed; nobody guesses another's."""
    return f"{registration.pk.hex}-{_signature(registration.pk)}"


def _signature(key: uuid.UUID) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), b"events.certificate:" + key.bytes, sha256).digest()
    return base64.b32encode(digest).decode()[:_SIGNED]


def read_code(code: str) -> Registration | None:
    """The registration a reference stands for, if it has a certificate. One query at most."""
    name, _, signature = code.strip().partition("-")
    try:
        key = uuid.UUID(hex=name)
    except ValueError:
        return None
    if not hmac.compare_digest(_signature(key).encode(), signature.upper().encode("utf-8", "replace")):
        return None
    found = Registration.objects.select_related("occurrence__page").filter(pk=key, purged_at=None).first()
    return found if found is not None and has_certificate(found) else None


def file_of(registration: Registration) -> bytes:
    """The PDF of who has one."""
    code = code_of(registration)
    return certificate(registration, code=code, check_url=settings.SITE_URL + reverse("certificate", args=[code]))


@transaction.atomic
def send_certificates(*, occurrence: Occurrence, actor: Any) -> int:
    """Tell everyone marked present that their certificate is there, once each; returns how many. Logged."""
    present = Registration.objects.filter(
        occurrence=occurrence, state=RegistrationState.CONFIRMED, attended=True, purged_at=None
    )
    sent = 0
    for registration in present.order_by("number"):
        if queue(registration, EventMailKind.CERTIFICATE):
            Registration.objects.filter(pk=registration.pk).update(certificate_sent_at=timezone.now())
            sent += 1
    log(instance=occurrence.page, action="events.certificates", user=actor, data={"count": sent})
    return sent

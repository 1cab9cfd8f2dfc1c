"""What this part declares when the app is ready."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save

from portal.core.dashboard import Zone, register_card
from portal.files.access import register_reader
from portal.files.references import register_reference
from portal.jobs.schedule import register_job

from ..journal import register_listener
from . import attachments, kinds, mails, notices, opinions, reminders


def connect() -> None:
    kinds.register_all()
    register_listener(notices.on_event)
    register_reader(attachments.PURPOSE, attachments.readable)
    register_reference(attachments.PURPOSE, attachments.messages_in_use)
    register_reference(attachments.PURPOSE, attachments.opinions_in_use)
    register_card(
        key="opinions",
        title="Avis à rendre",
        zone=Zone.WAITING,
        order=40,
        loader="dossiers.exchange.dashboard.opinions_card",
    )
    register_job("dossier-deadlines", every=timedelta(minutes=15), run=reminders.run)
    register_job("dossier-opinion-mails", every=timedelta(minutes=2), run=mails.send_due_mails)
    post_save.connect(_address_saved, sender=EmailAddress, dispatch_uid="dossier-opinions-address")
    user_logged_in.connect(_signed_in, dispatch_uid="dossier-opinions-sign-in")


def _address_saved(sender: Any, *, instance: EmailAddress, raw: bool = False, **kwargs: Any) -> None:
    if instance.verified and not raw:
        opinions.take_up(instance.user)


def _signed_in(sender: Any, *, user: Any, **kwargs: Any) -> None:
    opinions.take_up(user)

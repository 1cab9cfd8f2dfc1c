"""Lists, who subscribes to them, letters and their sendings."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.http import int_to_base36

from newsletters.letters.images import token as picture_token
from newsletters.models import (
    AddressChange,
    Campaign,
    ConsentEvent,
    Delivery,
    Digest,
    LetterSettings,
    MailingList,
    Segment,
    Subscriber,
    SubscriberImport,
    Subscription,
    Suppression,
)
from newsletters.people.tokens import change_token, fresh_token, stay_token
from newsletters.sending import tokens as copy_tokens
from newsletters.services import ensure_default_list, subscribe, suppress
from newsletters.tokens import confirmation_token, unsubscription_token
from portal.accounts.models import User
from portal.territories.models import Space
from tests.files.samples import make_file
from tests.newsletters.campaigns.factories import make_campaign, make_copy

from ..walk import World


def plant_letters(space: Space, author: User, image_id: int) -> World:
    code = space.territory.code
    mailing = MailingList.objects.filter(territory=space.territory).first()
    assert mailing is not None
    letter_settings = LetterSettings.objects.create(territory=space.territory)
    asked = subscribe(address=f"abonnee{code}@exemple.fr", lists=[mailing])
    suppress(address="exclue@exemple.fr", reason="complaint")
    held = asked.subscriber.subscriptions.get()
    incoming = SubscriberImport.objects.create(
        list=mailing,
        owner=author,
        basis="event",
        evidence="Une feuille d’émargement",
        file=make_file(author, purpose="newsletters.import"),
        file_name="adresses.csv",
        kind="csv",
        encoding="utf-8",
        headers=["E-mail"],
        mapping={"address": 0},
    )
    digest = Digest.objects.create(
        territory=space.territory, list=mailing, name="Une récurrente", next_at=timezone.now()
    )
    segment = Segment.objects.create(territory=space.territory, name="Un segment")
    segment.lists.add(mailing)
    sending = make_campaign(space, links=1, lists=[mailing])
    copy = make_copy(sending, subscription=held)
    opened = (held.pk, copy.pk)
    moving = AddressChange.objects.create(subscriber=asked.subscriber, address=f"nouvelle{code}@exemple.fr")
    followed = copy_tokens.make(copy_tokens.Purpose.CLICK, *opened)
    values = {"import_id": incoming.pk, "list_id": mailing.pk, "segment_id": segment.pk}
    routes: list[tuple[str, dict[str, Any]]] = [
        ("lettres/images/", {"token": picture_token(image_id, "wide")}),
        ("admin/lettres/redaction/", {"letter_id": sending.letter_id, "mode": "wide"}),
        ("lettres/confirmer/", {"token": confirmation_token(asked)}),
        ("admin/segments/", {"pk": segment.pk}),
        ("admin/abonnements/", {"pk": held.pk}),
        ("admin/exclusions/", {"pk": Suppression.objects.order_by("pk").values_list("pk", flat=True)[0]}),
        ("lettres/preferences/", {"token": fresh_token(asked.subscriber)}),
        ("lettres/rester/", {"token": stay_token(asked.subscriber)}),
        ("lettres/adresse/", {"token": change_token(moving)}),
        ("lettres/desabonnement/", {"token": unsubscription_token(held)}),
        ("lettres/liste/", {"slug": ensure_default_list(territory=space.territory).slug}),
        ("lettres/quitter/", {"token": copy_tokens.make(copy_tokens.Purpose.UNSUBSCRIBE, held.pk, 0)}),
        ("admin/envois/", {"uid": sending.uuid, "letter_id": sending.letter_id, "pk": copy.pk}),
        ("courrier-prestataire/", {"provider": "brevo"}),
        ("l/", {"link": int_to_base36(sending.links.get().pk), "token": followed}),
        ("o/", {"token": copy_tokens.make(copy_tokens.Purpose.OPEN, *opened)}),
    ]
    objects: dict[Any, Any] = {
        MailingList: mailing,
        SubscriberImport: incoming,
        LetterSettings: letter_settings,
        Segment: segment,
        Digest: digest,
        Subscriber: asked.subscriber,
        Subscription: held,
        Campaign: sending,
        Delivery: copy,
        ConsentEvent: ConsentEvent.objects.filter(list=mailing).order_by("-pk")[0],
    }
    return World(values, routes, objects=objects)

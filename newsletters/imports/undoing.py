"""Taking an import back: what it made goes, what people did themselves since stays."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..enums import ConsentAction, Source, SubscriptionState
from ..models import ConsentEvent, Subscriber, Subscription
from . import statements
from .enums import Fate
from .models import ImportedRow, SubscriberImport

#: By which doors a person acts themselves.
_OWN = (Source.FORM, Source.LINK, Source.API)


def take_back(item: SubscriberImport, first: int, last: int) -> dict[str, int]:
    """Take back the lines ``first`` to ``last``; {fate: rows}. Must run in a transaction.

    A subscription that the import made is deleted (one whose waiting it ended waits again) with a withdrawal in the
    log of consents, unless the person confirmed, chose or paused something since: it stays; or left: that stays too,
    so that no import subscribes them again. Fields it filled are emptied if they are as it left them. A subscriber that
    it made and that nothing keeps is deleted.
    """
    rows = ImportedRow.objects.filter(batch=item, line__range=(first, last))
    made = rows.filter(made__gt=0)
    list(_people(made).select_for_update().order_by("pk").values_list("pk", flat=True))
    kept = _kept(item, made)
    held = Subscription.objects.filter(list=item.list_id, subscriber=OuterRef("subscriber"))
    made.filter(pk__in=kept).update(fate=Fate.KEPT)
    standing = held.filter(state=SubscriptionState.ACTIVE)
    made.filter(fate=Fate.STANDS).filter(Exists(standing)).update(fate=Fate.ENDED)
    made.filter(fate=Fate.STANDS).update(fate=Fate.HAD_LEFT)
    statements.log(
        item,
        f"r.made > 0 AND r.fate = {Fate.ENDED.value}",
        first,
        last,
        action=ConsentAction.WITHDRAWN,
        evidence=f"annulation de l’import {item.pk}",
        actor=item.undone_by_id,
    )
    ended = rows.filter(fate=Fate.ENDED)
    _delete(_subscriptions(item, ended.filter(made=ImportedRow.MADE)))
    _subscriptions(item, ended.filter(made=ImportedRow.ENDED_WAITING)).update(
        state=SubscriptionState.PENDING, confirmed_at=None
    )
    statements.empty(item, first, last)
    _forget(rows)
    found = rows.filter(made__gt=0).order_by("fate").values_list("fate").annotate(many=Count("pk"))
    return {str(fate): many for fate, many in found}


def _people(rows: QuerySet[ImportedRow]) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(pk__in=rows.values("subscriber"))


def _subscriptions(item: SubscriberImport, rows: QuerySet[ImportedRow]) -> QuerySet[Subscription]:
    return Subscription.objects.filter(list=item.list_id, subscriber__in=rows.values("subscriber"))


def _kept(item: SubscriberImport, made: QuerySet[ImportedRow]) -> list[int]:
    """Rows of people who, since, said for themselves what they want of this list, or of all."""
    said = ConsentEvent.objects.filter(
        Q(list=item.list_id) | Q(list=None),
        subscriber=OuterRef("subscriber"),
        source__in=_OWN,
        actor=None,
        at__gt=item.started_at or timezone.now(),
    ).exclude(action=ConsentAction.WITHDRAWN, list=item.list_id)
    active = Subscription.objects.filter(
        list=item.list_id, subscriber=OuterRef("subscriber"), state=SubscriptionState.ACTIVE
    )
    paused = Subscriber.objects.filter(pk=OuterRef("subscriber"), paused_until__isnull=False)
    stays = made.filter(Exists(active)).filter(Exists(said) | Exists(paused))
    return list(stays.order_by("pk").values_list("pk", flat=True))


def _forget(rows: QuerySet[ImportedRow]) -> None:
    """Delete the subscribers that these rows made and that nothing else keeps."""
    ended = rows.filter(fate=Fate.ENDED, made=ImportedRow.MADE)
    alone = Subscriber.objects.filter(uuid__in=ended.values("key"), subscriptions=None, requests=None)
    _delete(alone)


def _delete(found: QuerySet[Any]) -> None:
    """Delete by sets what only the log of consents refers to; the rest one by one, with all that Django does then.

    Of a row that nothing refers to, Wagtail would look for references twice: a million rows took forty minutes.
    """
    model = found.model
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    referred: Any = Q()
    for relation in model._meta.related_objects:
        if relation.related_model is ConsentEvent:
            continue
        referred |= Exists(
            relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")}).order_by()
        )
    for through in model._meta.many_to_many:
        middle = through.remote_field.through._base_manager
        referred |= Exists(middle.filter(**{through.m2m_field_name(): OuterRef("pk")}))
    kept = set(model._base_manager.filter(referred, pk__in=keys).values_list("pk", flat=True))
    alone = [key for key in keys if key not in kept]
    if alone:
        if model is Subscriber:
            _nameless(alone)
        plain = model._base_manager.filter(pk__in=alone)
        plain._raw_delete(plain.db)
    model._base_manager.filter(pk__in=kept).delete()


def _nameless(people: list[int]) -> None:
    """The log takes no change but this one, which Django makes too: who is deleted is named no more."""
    marks = ", ".join(["%s"] * len(people))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE newsletters_consentevent SET subscriber_id = NULL WHERE subscriber_id IN ({marks})",  # noqa: S608
            people,
        )

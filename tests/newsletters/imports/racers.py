"""What the processes of races and kills do (see ``tests.security.racers``)."""

from __future__ import annotations

from typing import Any


def import_prepare(argument: dict[str, Any]) -> str:
    """An import of so many rows into the list of the Landes, to be checked; gives its number."""
    from django.core.files.base import ContentFile

    from newsletters.imports import services
    from newsletters.services import ensure_default_list
    from portal.accounts.models import User
    from portal.territories.models import Territory

    actor = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("chef@exemple.fr", "x")
    letters = ensure_default_list(territory=Territory.objects.get(level="departement", code="40"))
    start = argument.get("start", 0)
    lines = [f"personne{number}@exemple.fr;Nom {number}" for number in range(start, start + argument["rows"])]
    data = "\n".join(["E-mail;Nom", *lines, *lines[:20]]).encode()
    item = services.prepare(
        actor=actor,
        mailing_list=letters,
        upload=ContentFile(data, "adresses.csv"),
        basis="event",
        evidence="Feuille d’émargement",
    )
    services.set_columns(actor=actor, item=item, mapping=item.mapping, has_header=True)
    return str(item.pk)


def _act(pk: str, name: str) -> str:
    from newsletters.imports import services
    from newsletters.imports.models import SubscriberImport
    from portal.accounts.models import User

    actor = User.objects.filter(is_superuser=True).first()
    item = SubscriberImport.objects.get(pk=pk)
    try:
        getattr(services, name)(actor=actor, item=item)
    except services.ImportRefusedError as refused:
        return str(refused)
    return "done"


def import_confirm(pk: str) -> str:
    return _act(pk, "confirm")


def import_undo(pk: str) -> str:
    return _act(pk, "undo")


def import_work(pk: str) -> bool:
    from newsletters.imports import work

    work.BATCH = 100  # type: ignore[misc]
    return work.carry_out(pk)


def import_work_until_over(pk: str) -> str:
    """By small batches, through whatever phases others ask for meanwhile."""
    import time

    from newsletters.imports.models import SubscriberImport

    for _ in range(400):
        import_work(pk)
        state = SubscriberImport.objects.get(pk=pk).state
        if state in ("undone", "checked"):
            return state
        time.sleep(0.02)
    return SubscriberImport.objects.get(pk=pk).state


def import_say(pk: str) -> dict[str, Any]:
    """What there is: the import, the list, the log."""
    from django.db.models import Count

    from newsletters.imports.models import SubscriberImport
    from newsletters.models import ConsentEvent, Subscriber, Subscription

    item = SubscriberImport.objects.get(pk=pk)
    log = ConsentEvent.objects.values("fingerprint", "action").annotate(many=Count("pk")).order_by("fingerprint")
    return {
        "state": item.state,
        "counts": item.counts,
        "undone": item.undone,
        "rows": item.rows.count(),
        "rows_read": item.rows_read,
        "people": Subscriber.objects.count(),
        "active": Subscription.objects.filter(state="active").count(),
        "subscriptions": Subscription.objects.count(),
        "given": sum(one["many"] for one in log if one["action"] == "given"),
        "withdrawn": sum(one["many"] for one in log if one["action"] == "withdrawn"),
        "most": max((one["many"] for one in log), default=0),
    }

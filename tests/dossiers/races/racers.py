"""What the processes of a race of dossiers do (``tests.security.racers``). Each act is one thread's, on a connection of
its own; what it came to is told in plain values."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def dossiers_at_once(calls: list[list[Any]]) -> list[Any]:
    """``[[name, argument], …]``: each in a thread, all from the same moment. What one raised is « error … »."""
    from django.db import connection

    found: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(place: int, name: str, argument: Any) -> None:
        try:
            work = ACTS[name](argument)
            ready.wait(30)
            found[place] = work()
        except Exception as error:
            ready.abort()
            found[place] = f"error {type(error).__name__}: {error}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, *call)) for place, call in enumerate(calls)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(80)
    return found


# --- Acts: each gets ready, and returns what is done at the moment itself ---------------------------------------------
def _perform(given: dict[str, Any]) -> Callable[[], Any]:
    from dossiers.services.transitions import perform

    actor, payload = _user(given["who"]), _payload(given)
    about = {"dossier": given["dossier"], "actor": actor, "version": given["version"], "key": given.get("key", "")}
    return _told(lambda: perform(given["action"], **about, **payload).state)


def _save(given: dict[str, Any]) -> Callable[[], Any]:
    """A draft saved."""
    from uuid import UUID

    from dossiers.services.drafts import save_draft

    actor = _user(given["who"])
    about = {"dossier": UUID(given["dossier"]), "version": given["version"], "values": {"nom": given["value"]}}
    return _told(lambda: save_draft(actor=actor, **about).values["nom"])


def _begin(given: dict[str, Any]) -> Callable[[], Any]:
    """A draft begun."""
    from dossiers.models import DossierType
    from dossiers.services.drafts import create_draft

    actor, type_ = _user(given["who"]), DossierType.objects.get(pk=given["type"])
    organisation = actor.memberships.get().organisation
    assert organisation is not None
    about = {"organisation": organisation, "territory": organisation.territory, "key": given["key"]}
    return _told(lambda: str(create_draft(type_=type_, actor=actor, **about).pk))


def _answer_item(given: dict[str, Any]) -> Callable[[], Any]:
    from dossiers.exchange.complements import answer_item
    from dossiers.models import ComplementItem

    item = ComplementItem.objects.select_related("request").get(request__dossier=given["dossier"])
    actor, version, value = _user(given["who"]), given["version"], given["value"]
    return _told(lambda: answer_item(item=item, actor=actor, version=version, value=value).after)


def _publish(given: dict[str, Any]) -> Callable[[], Any]:
    from dossiers.services.publication import publish_dossier

    actor = _user(given["who"])
    about = {"dossier": given["dossier"], "version": given["version"]}
    return _told(lambda: publish_dossier(actor=actor, **about).slug)


def _reassign(given: dict[str, Any]) -> Callable[[], Any]:
    from dossiers.models import Dossier
    from dossiers.services.desk import reassign
    from portal.territories.models import Territory

    dossier, actor = Dossier.objects.get(pk=given["dossier"]), _user(given["who"])
    about = {"service": Territory.objects.get(level="departement", code="32"), "reason": "Un motif."}
    return _told(lambda: reassign(dossier=dossier, actor=actor, version=given["version"], **about).routed_to.code)


def _batch(given: dict[str, Any]) -> Callable[[], Any]:
    """Run a batch that is there; two processes may."""
    from dossiers.models import Batch
    from dossiers.services.batches import run

    batch = Batch.objects.get(pk=given["batch"])
    return lambda: run(batch)


def _post(given: dict[str, Any]) -> Callable[[], Any]:
    """A form sent by somebody signed in who proved who they are; where it leads, or the screen that comes back."""
    from django.test import Client

    from tests.accounts.proofs import prove

    client, user = Client(), _user(given["who"])
    client.force_login(user)
    prove(client, user)

    def work() -> dict[str, Any]:
        answer = client.post(given["path"], given["body"])
        return {"status": answer.status_code, "to": answer.get("Location", ""), "text": answer.content.decode()}

    return work


def _api(given: dict[str, Any]) -> Callable[[], Any]:
    from django.test import Client

    client = Client(headers={"authorization": f"Bearer {given['secret']}"})

    def work() -> dict[str, Any]:
        answer = client.post(given["path"], given["body"], content_type="application/json")
        return {"status": answer.status_code, "told": answer.json()}

    return work


def _told(work: Callable[[], Any]) -> Callable[[], Any]:
    """What ``work`` gives, or the refusal in words. Anything else is raised."""
    from django.http import Http404

    from dossiers.rules import DossierConflict, DossierRefused

    def run() -> Any:
        try:
            return work()
        except DossierConflict as conflict:
            return {"conflict": conflict.message}
        except DossierRefused as refusal:
            return {"refused": refusal.code, "message": refusal.message, "field": refusal.field}
        except Http404:
            return {"gone": True}

    return run


def _user(pk: int) -> Any:
    from portal.accounts.models import User

    return User.objects.get(pk=pk)


def _payload(given: dict[str, Any]) -> dict[str, Any]:
    from decimal import Decimal

    from tests.dossiers.factories import tomorrow

    payload = dict(given.get("payload", {}))
    if "amount" in payload:
        payload["amount"] = Decimal(payload["amount"])
    if "due_on" in payload:
        payload["due_on"] = tomorrow(payload["due_on"])
    return payload


ACTS: dict[str, Callable[[Any], Callable[[], Any]]] = {
    "perform": _perform,
    "save": _save,
    "begin": _begin,
    "answer_item": _answer_item,
    "publish": _publish,
    "reassign": _reassign,
    "batch": _batch,
    "post": _post,
    "api": _api,
}


# --- What is there before ---------------------------------------------------------------------------------------------
def dossier_race(given: dict[str, Any]) -> dict[str, Any]:
    """A party with ``instructors`` more, and dossiers in the ``states`` of one type (``type``: its options).

    ``proposed``: each with a decision that waits for its signature; ``ceiling``: an enveloppe; ``granted``: by whom is
    accepted, how much; ``space``: the territory's is open.
    """
    from decimal import Decimal

    from django.utils import timezone

    from dossiers.enums import Action, State
    from dossiers.models import Dossier, Envelope
    from tests.dossiers.factories import act, make_dossier, make_party, make_type
    from tests.factories import make_member

    if given.get("space"):
        from pages.services import open_territory_space
        from portal.territories.models import Territory

        for level, code in (("region", "75"), ("departement", "40")):
            open_territory_space(territory=Territory.objects.get(level=level, code=code))
    party, type_ = make_party(), make_type(**given.get("type", {}))
    people = [
        make_member("instructor", party.territory, first_name="Ida", last_name=f"Numéro {number}")
        for number in range(given.get("instructors", 0))
    ]
    if "ceiling" in given:
        ceiling, year = Decimal(given["ceiling"]), timezone.localdate().year
        Envelope.objects.create(type=type_, territory=party.territory, year=year, ceiling=ceiling)
    dossiers = []
    for state in given.get("states", ["en_instruction"]):
        accepted = State(state) == State.ACCEPTED and "granted" in given
        dossier = make_dossier(party, State.INSTRUCTION if accepted else state, type_)
        if accepted:
            act(Action.ACCEPT, dossier, party.instructor, amount=Decimal(given["granted"]))
        if given.get("proposed"):
            act(Action.PROPOSE, dossier, party.instructor, outcome=State.REFUSED, reason="Un motif.")
        dossiers.append(dossier.pk)
    versions = dict(Dossier.objects.values_list("pk", "version"))
    return {
        "type": type_.pk,
        "dossiers": [{"dossier": str(pk), "version": versions[pk]} for pk in dossiers],
        "instructors": [each.pk for each in people],
        "names": {each.pk: str(each) for each in people},
        **{name: getattr(party, name).pk for name in ("depositor", "colleague", "instructor", "validator")},
    }


def dossier_races(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Several, each with its party."""
    return [dossier_race(each) for each in options]


def more_dossiers(given: dict[str, Any]) -> list[str]:
    """``[people and type of dossier_race, number]``: that many dossiers more, deposited one after the other."""
    from types import SimpleNamespace

    from dossiers.models import DossierType
    from tests.dossiers.factories import make_dossier

    depositor = _user(given["depositor"])
    organisation = depositor.memberships.get().organisation
    assert organisation is not None
    party: Any = SimpleNamespace(organisation=organisation, territory=organisation.territory, depositor=depositor)
    type_ = DossierType.objects.get(pk=given["type"])
    return [str(make_dossier(party, "depose", type_).pk) for _ in range(given["number"])]


def a_batch(given: dict[str, Any]) -> str:
    """« prendre » of every deposited dossier by ``who``, in one order or the other; its items are not done."""
    from dossiers.models import Batch, BatchItem, Dossier

    order = "-number" if given.get("backwards") else "number"
    found = Dossier.objects.filter(state="depose").order_by(order)
    batch = Batch.objects.create(requested_by_id=given["who"], key="lot", act="prendre")
    items = [
        BatchItem(batch=batch, position=position, dossier=each, version=each.version)
        for position, each in enumerate(found, 1)
    ]
    BatchItem.objects.bulk_create(items)
    return str(batch.pk)


def a_key(who: int) -> str:
    """A key of the API that decides."""
    from datetime import timedelta

    from django.utils import timezone

    from dossiers.api.tokens import create_token

    until = timezone.now() + timedelta(days=3)
    return create_token(
        actor=_user(who), name="Un programme", scopes=["dossiers:read", "dossiers:decide"], expires_at=until
    )[1]


def two_roadmaps(_: Any) -> dict[str, Any]:
    """A refused roadmap, and a draft of another organisation about the same communes."""
    from tests.dossiers.factories import make_party
    from tests.dossiers.territory.factories import make_roadmap_type, roadmap

    party, type_ = make_party(), make_roadmap_type()
    refused = roadmap(party, type_, "epci-244000675", state="refuse")
    draft = roadmap(party, type_, "epci-244000675", "epci-244000808", state="brouillon")
    about = [{"dossier": str(each.pk), "version": each.version} for each in (refused, draft)]
    return {"dossiers": about, "depositor": party.depositor.pk, "validator": party.validator.pk}


# --- What is there afterwards -----------------------------------------------------------------------------------------
def state_of_dossiers(_: Any = None) -> dict[str, Any]:
    """Every dossier by its id, and what must hold of all: faults of the logs, enveloppes, deadlocks."""
    from django.db import connection

    from dossiers.journal import faults
    from dossiers.models import (
        ComplementRequest,
        Decision,
        Dossier,
        DossierDocument,
        DossierEvent,
        Envelope,
        PerimeterClaim,
    )
    from portal.notifications.models import Notice

    found = {}
    for each in Dossier.objects.order_by("pk"):
        events = list(DossierEvent.objects.filter(dossier=each).order_by("number"))
        found[str(each.pk)] = {
            "state": each.state,
            "version": each.version,
            "number": each.number,
            "values": each.values,
            "routed_to": each.routed_to.code if each.routed_to else "",
            "granted": str(each.amount_granted),
            "live": bool(each.published_page and each.published_page.live),
            "events": [event.kind for event in events],
            "by": [event.actor_label for event in events],
            "decisions": list(Decision.objects.filter(dossier=each).order_by("pk").values_list("state", flat=True)),
            "requests": list(
                ComplementRequest.objects.filter(dossier=each).order_by("pk").values_list("state", flat=True)
            ),
            "documents": list(
                DossierDocument.objects.filter(dossier=each).order_by("created_at").values_list("kind", flat=True)
            ),
            "communes": PerimeterClaim.objects.filter(dossier=each).count(),
            "faults": list(faults(each)),
        }
    granted = Decision.objects.filter(state="en-vigueur").exclude(envelope=None).order_by("pk")
    return {
        "dossiers": found,
        "envelopes": [[str(each.committed), str(each.ceiling)] for each in Envelope.objects.order_by("pk")],
        "granted": str(sum(each.amount or 0 for each in granted)),
        "notices": sorted(Notice.objects.values_list("kind", "recipient__email", "mail")),
        "deadlocks": _deadlocks(connection),
    }


def _deadlocks(connection: Any) -> int:
    """Since the database was made: those that somebody hid too."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def state_of_batches(_: Any) -> dict[str, Any]:
    from collections import Counter

    from dossiers.models import Batch, BatchItem, DossierEvent

    items = BatchItem.objects.order_by("pk")
    taken = DossierEvent.objects.filter(kind="prendre").order_by("pk").values_list("dossier", flat=True)
    return {
        "finished": Batch.objects.exclude(finished_at=None).count(),
        "done": items.exclude(done_at=None).filter(refused="").count(),
        "refused": items.exclude(refused="").count(),
        "reasons": sorted({each.split(" Dernier")[0] for each in items.values_list("refused", flat=True) if each}),
        "taken": sorted(Counter(taken).values()),
    }

"""Types, parties and dossiers of the tests. A dossier comes to its state through the services, as any other."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dossiers.enums import Action, EventKind, Kind, Side, State
from dossiers.journal import record
from dossiers.models import Dossier, DossierType, DossierTypeVersion
from dossiers.services.indexing import refresh
from dossiers.services.transitions import perform
from portal.accounts.models import Membership, Organisation, User
from portal.territories.models import Territory
from tests.factories import make_member, make_user
from tests.replay import Replay

_numbers = itertools.count(1)

#: One field, which every dossier made here fills in.
NAME = {
    "key": "nom",
    "kind": "texte",
    "label": "Nom du projet",
    "help": "",
    "required": True,
    "role": "intitule",
    "options": {},
    "condition": None,
}


def field(key: str, kind: str, label: str = "", **given: Any) -> dict[str, Any]:
    """A field of a schema, optional unless said otherwise."""
    made = {"key": key, "kind": kind, "label": label or key.capitalize(), "help": "", "required": False, "role": ""}
    return made | {"options": {}, "condition": None} | given


def make_type(fields: list[dict[str, Any]] | None = None, **options: Any) -> DossierType:
    """A published type, open, instructed by préfectures of département; ``fields`` after :data:`NAME`."""
    number = next(_numbers)
    defaults = {
        "code": f"type-{number}",
        "kind": Kind.CONTRIBUTION,
        "title": f"Type {number}",
        "prefix": "".join(chr(65 + number // 26**power % 26) for power in range(5)),
    }
    made = DossierType.objects.create(**defaults | options)
    return publish(made, [NAME, *(fields or [])])


def publish(type_: DossierType, fields: list[dict[str, Any]]) -> DossierType:
    """Another version of ``type_``, of exactly these fields."""
    number = type_.versions.count() + 1
    type_.current_version = DossierTypeVersion.objects.create(type=type_, number=number, schema={"fields": fields})
    type_.save(update_fields=["current_version"])
    return type_


def make_organisation(territory: Territory, kind: str = "epci", **fields: Any) -> Organisation:
    fields.setdefault("name", f"Organisation {next(_numbers)}")
    return Organisation.objects.create(territory=territory, kind=kind, **fields)


def make_of_organisation(role: str, organisation: Organisation, **fields: Any) -> User:
    """A person with ``role`` (depositor, reader) in ``organisation``."""
    user = make_user(**fields)
    Membership.objects.create(user=user, role=role, organisation=organisation)
    return user


@dataclass
class Party:
    """Those who meet around a dossier of the Landes, and those whom it does not concern."""

    territory: Territory
    organisation: Organisation
    depositor: User
    #: Another depositor of the same organisation.
    colleague: User
    reader: User
    instructor: User
    #: A second instructor of the same service, who signs.
    validator: User
    advisor: User
    national: User
    #: An instructor of another département, and another organisation's depositor.
    elsewhere: User
    stranger: User


def write_party() -> dict[str, int]:
    """Everybody of a :class:`Party`, by key."""
    landes = Territory.objects.get(level="departement", code="40")
    gers = Territory.objects.get(level="departement", code="32")
    organisation = make_organisation(landes)
    people = {
        "depositor": make_of_organisation("depositor", organisation, first_name="Dominique", last_name="Dépôt"),
        "colleague": make_of_organisation("depositor", organisation),
        "reader": make_of_organisation("reader", organisation),
        "instructor": make_member("instructor", landes, first_name="Inès", last_name="Instruction"),
        "validator": make_member("instructor", landes, first_name="Valentin", last_name="Visa"),
        "advisor": make_user(),
        "national": make_member("admin_national", Territory.objects.nation()),
        "elsewhere": make_member("instructor", gers),
        "stranger": make_of_organisation("depositor", make_organisation(gers)),
    }
    return {"organisation": organisation.pk} | {name: user.pk for name, user in people.items()}


written_party = Replay(write_party)


def make_party() -> Party:
    keys = dict(written_party())
    organisation = Organisation.objects.select_related("territory").get(pk=keys.pop("organisation"))
    people = User.objects.in_bulk(keys.values())
    return Party(
        territory=organisation.territory,
        organisation=organisation,
        **{name: people[key] for name, key in keys.items()},
    )


def make_draft(party: Party, type_: DossierType | None = None, **fields: Any) -> Dossier:
    """A draft of the party's organisation, complete as :func:`make_type` makes types."""
    type_ = type_ or make_type()
    values = {"nom": "Un projet"} | fields.pop("values", {})
    dossier = Dossier(
        type=type_,
        type_version=type_.current_version,
        organisation=fields.pop("organisation", party.organisation),
        territory=fields.pop("territory", party.territory),
        created_by=party.depositor,
        values=values,
        **fields,
    )
    dossier.save()
    refresh(dossier)
    record(dossier, EventKind.CREATED, actor=party.depositor, side=Side.ORGANISATION)
    return dossier


def act(action: Action | str, dossier: Dossier, actor: User | None, **payload: Any) -> Dossier:
    """Do it at the version there is now, once."""
    version = Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)
    return perform(action, dossier=dossier, actor=actor, version=version, key=uuid.uuid4().hex, **payload)


def tomorrow(days: int = 1) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def make_dossier(
    party: Party, state: State | str = State.DEPOSITED, type_: DossierType | None = None, **fields: Any
) -> Dossier:
    """A dossier of the party in ``state``, with the log that leads there. Types with ``second_person`` are signed."""
    dossier = make_draft(party, type_, **fields)
    state = State(state)
    if state == State.DRAFT:
        return dossier
    depositor = dossier.created_by
    dossier = act(Action.DEPOSIT, dossier, depositor)
    if state == State.DEPOSITED:
        return dossier
    if state == State.WITHDRAWN:
        return act(Action.WITHDRAW, dossier, depositor, reason="Le projet est abandonné.")
    dossier = act(Action.TAKE, dossier, party.instructor)
    if state == State.INSTRUCTION:
        return dossier
    if state == State.INCOMPLETE:
        items = [{"field": "nom", "question": "Précisez le nom.", "mandatory": True}]
        return act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(15), items=items)
    return decide(dossier, party, state)


def decide(dossier: Dossier, party: Party, outcome: State | str, **content: Any) -> Dossier:
    """Conclude a dossier in instruction: by one person, or proposed and signed where its type asks for two."""
    outcome = State(outcome)
    if outcome != State.ACCEPTED:
        content.setdefault("reason", "Un motif.")
    if dossier.type.has_amount and outcome == State.ACCEPTED:
        content.setdefault("amount", Decimal("1000.00"))
    action = {State.ACCEPTED: Action.ACCEPT, State.REFUSED: Action.REFUSE, State.DROPPED: Action.DROP}[outcome]
    if not dossier.type.second_person:
        return act(action, dossier, party.instructor, **content)
    act(Action.PROPOSE, dossier, party.instructor, outcome=outcome, **content)
    return act(action, dossier, party.validator, signing=True)

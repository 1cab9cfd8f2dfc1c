"""Dossiers, each come to its state through the services, on the days that its content says. Nothing is mailed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.utils import timezone

from dossiers.enums import Action, FieldKind
from dossiers.exchange.complements import KEEP, answer_item
from dossiers.exchange.messages import post_message
from dossiers.exchange.opinions import ask, give
from dossiers.fields.schema import load_schema
from dossiers.models import (
    ComplementItem,
    Dossier,
    DossierDocument,
    DossierType,
    Envelope,
    Label,
    Message,
    Opinion,
    Piece,
    PieceVersion,
    SavedView,
)
from dossiers.pieces.services import add_file, replace_file
from dossiers.services import desk
from dossiers.services.drafts import create_draft, save_draft
from dossiers.services.publication import publish_dossier
from dossiers.services.transitions import perform
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, User
from portal.accounts.services import grant_membership
from portal.notifications.enums import MailState
from portal.notifications.models import Notice
from portal.territories.selectors import territory_by_key

from ..content import dossiers as content
from .files import pdf_file
from .store import Store

#: Moments that the tables fill in by themselves: (table, way to its dossier, column).
_MOMENTS: tuple[tuple[Any, str, str], ...] = (
    (Message, "dossier", "at"),
    (Opinion, "dossier", "asked_at"),
    (Piece, "dossier", "created_at"),
    (PieceVersion, "piece__dossier", "at"),
    (DossierDocument, "dossier", "created_at"),
    (Dossier, "pk", "created_at"),
    (Dossier, "pk", "updated_at"),
)


def seed_organisations_of_dossiers(store: Store) -> None:
    """Before the accounts, one of which deposits for one of them."""
    for name, kind, key, _ in content.ORGANISATIONS:
        territory = territory_by_key(key)
        if territory is not None and not Organisation.objects.filter(name=name).exists():
            made = {"name": name, "kind": kind, "territory": territory}
            store.once(f"organisation:{name}", lambda made=made: Organisation.objects.create(**made))


def seed_dossiers(store: Store) -> None:
    """People, money, labels, views, then the dossiers."""
    if not DossierType.objects.filter(code="feuille-de-route").exists():
        return  # The ready types were not loaded, or renamed.
    for name, _, _, depositor in content.ORGANISATIONS:
        if depositor in content.PEOPLE:
            store.once(f"person:{depositor}", lambda who=depositor, name=name: _person(who, name))
    for who, (_, _, territory) in content.PEOPLE.items():
        if territory:
            store.once(f"person:{who}", lambda who=who: _person(who))
    _desk(store)
    for written in sorted(content.DOSSIERS, key=lambda each: -each.begun):
        store.once(f"dossier:{written.key}", lambda written=written: _dossier(written))


def _user(who: str) -> User:
    return User.objects.get(email=f"{who}@exemple.fr")


def _person(who: str, organisation: str = "") -> User:
    """Somebody of another service or organisation. They have no password: nobody signs in as them."""
    first, last, territory = content.PEOPLE[who]
    user = User.objects.create_user(f"{who}@exemple.fr", None, first_name=first, last_name=last)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if organisation:
        found = Organisation.objects.get(name=organisation)
        grant_membership(actor=None, user=user, role=Role.DEPOSITOR, organisation=found)
    else:
        grant_membership(actor=None, user=user, role=Role.INSTRUCTOR, territory=territory_by_key(territory))
    return user


def _desk(store: Store) -> None:
    """What the service of the Landes keeps: its enveloppes, its labels; and the instructor's own views."""
    landes, instructor = territory_by_key(content.LANDES), _user("instructeur")
    assert landes is not None
    grant = DossierType.objects.get(code="demande-de-subvention")
    for year in (timezone.localdate().year - 1, timezone.localdate().year):
        given = {"type": grant, "territory": landes, "year": year}
        if not Envelope.objects.filter(**given).exists():
            store.once(
                f"envelope:{year}",
                lambda given=given: Envelope.objects.create(ceiling=Decimal(content.ENVELOPE), **given),
            )
    for name, colour in content.LABELS:
        made = {"actor": instructor, "territory": landes, "name": name, "colour": colour}
        store.once(f"label:{name}", lambda made=made: desk.save_label(**made))
    for name, filters in content.VIEWS:
        kept = {"user": instructor, "name": name, "filters": filters}
        store.once(f"view:{name}", lambda kept=kept: SavedView.objects.create(**kept))


@contextmanager
def _on(dossier: Dossier | None, days: int) -> Iterator[dt.datetime]:
    """As if it were so many days ago: the clock that services read, then what tables filled in by themselves."""
    began = timezone.now()
    moment = began - dt.timedelta(days=days, minutes=11 * days % 240)
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield moment
    if dossier is not None:
        antedate(dossier, began, moment)


def antedate(dossier: Dossier, began: dt.datetime, moment: dt.datetime) -> None:
    """Put at ``moment`` what was written about ``dossier`` since ``began``. Its notices are not mailed."""
    for model, way, column in _MOMENTS:
        model._base_manager.filter(**{way: dossier.pk, f"{column}__gte": began}).update(**{column: moment})
    told = Notice.objects.filter(context__dossier=str(dossier.pk)).exclude(mail=MailState.NONE)
    old = moment < began - dt.timedelta(days=20)
    told.update(created_at=moment, mail=MailState.NONE, due_at=None, read_at=moment if old else None)


def _dossier(written: content.Written) -> Dossier:
    depositor = _user(written.depositor)
    type_ = DossierType.objects.get(code=written.type)
    territory = territory_by_key(written.territory)
    assert territory is not None
    organisation = Organisation.objects.get(name=written.organisation)
    began = timezone.now()
    with _on(None, written.begun) as moment:
        dossier = create_draft(type_=type_, organisation=organisation, territory=territory, actor=depositor)
        tables = {each.key for each in load_schema(dossier.type_version).of_kind(FieldKind.TABLE)}
        values = {key: _rows(value) if key in tables else value for key, value in written.values.items()}
        save_draft(dossier=dossier, actor=depositor, version=dossier.version, values=values)
        for field, names in written.files.items():
            for name in names:
                add_file(dossier=dossier, actor=depositor, field=field, upload=_pdf(name))
    antedate(dossier, began, moment)
    for days, what, who, given in written.acts:
        with _on(dossier, days):
            _act(Dossier.objects.get(pk=dossier.pk), what, _user(who), given)
    return Dossier.objects.get(pk=dossier.pk)


def _rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"id": str(uuid.uuid4()), **row} for row in rows]


def _pdf(name: str) -> ContentFile[bytes]:
    title = name.removesuffix(".pdf").replace("-", " ").capitalize()
    return ContentFile(pdf_file(title, ["Document de démonstration.", "Il ne vaut pas engagement."]), name=name)


def _act(dossier: Dossier, what: str, who: User, given: dict[str, Any]) -> None:
    act = _ACTS.get(what)
    if act is not None:
        act(dossier, who, given)
        return
    payload = dict(given)
    if "amount" in payload:
        payload["amount"] = Decimal(payload["amount"])
    perform(Action(what), dossier=dossier, actor=who, version=dossier.version, **payload)


def _publish(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
    publish_dossier(dossier=dossier, actor=who, version=dossier.version)


def _label(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
    desk.add_label(dossier=dossier, actor=who, label=Label.objects.get(name=given["label"]))


def _request(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
    items = [{"field": field, "question": question, "mandatory": True} for field, question in given["items"]]
    due = timezone.localdate() + dt.timedelta(days=given["days"])
    told = {"message": given["message"], "due_on": due, "items": items}
    perform(Action.REQUEST, dossier=dossier, actor=who, version=dossier.version, **told)


def _answer(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
    for field, name in given["files"].items():
        replace_file(piece=Piece.objects.get(dossier=dossier, field=field), actor=who, upload=_pdf(name))
    for item in ComplementItem.objects.filter(request__dossier=dossier, answered_at=None).order_by("position"):
        version = Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)
        value = given["values"].get(item.field, KEEP)
        answer_item(item=item, actor=who, version=version, value=value)
    dossier.refresh_from_db()
    perform(Action.ANSWER, dossier=dossier, actor=who, version=dossier.version)


def _ask(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
    due = timezone.localdate() + dt.timedelta(days=given.get("days", 15))
    ask(dossier=dossier, actor=who, emails=[f"{given['email']}@exemple.fr"], question=given["question"], due_on=due)


def _give(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
    give(opinion=Opinion.objects.get(dossier=dossier, advisor=who), actor=who, view=given["view"], text=given["text"])


def _message(internal: bool) -> Callable[[Dossier, User, dict[str, Any]], None]:
    def write(dossier: Dossier, who: User, given: dict[str, Any]) -> None:
        post_message(dossier=dossier, actor=who, body=given["text"], internal=internal)

    return write


#: What is no transition, or needs more than its payload.
_ACTS: dict[str, Callable[[Dossier, User, dict[str, Any]], None]] = {
    "publier": _publish,
    "etiqueter": _label,
    "demander_complements": _request,
    "repondre": _answer,
    "demander_avis": _ask,
    "rendre_avis": _give,
    "message": _message(internal=False),
    "note": _message(internal=True),
}

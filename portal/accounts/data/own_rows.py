"""The rows that are a person's own: those that cascade from their account (tests/test_consistency.py holds it).

Found by walking the models, so that what an app adds tomorrow is exported and erased without saying so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile

from ..models import User

#: Words said to others, in Wagtail: they stay in the discussion of a page, under « Compte supprimé ».
CONVERSATIONS = frozenset({"wagtailcore.Comment", "wagtailcore.CommentReply"})
#: What gives access is given to nobody, not even in an export: (model or "*", field).
SECRETS = frozenset(
    {
        *(("*", name) for name in ("password", "session_key", "token", "token_secret", "key", "secret", "digest")),
        ("notifications.Notice", "claim"),
        ("notifications.Notice", "leased_until"),
        ("notifications.Notice", "context"),
        ("mfa.Authenticator", "data"),
    }
)

#: Names that libraries give in English alone.
_FRENCH = {
    "user sessions": "sessions",
    "authenticators": "moyens de connexion",
    "sign in links": "liens de connexion",
    "editing sessions": "éditions en cours",
    "page subscriptions": "suivis de pages",
    "created at": "créé le",
    "last seen at": "vu le",
    "last used at": "employé le",
    "used at": "employé le",
    "user agent": "navigateur",
    "ip": "réseau",
    "target": "vers",
    "type": "nature",
}


def _french(name: Any) -> str:
    return _FRENCH.get(str(name).lower(), str(name))


def own_models(*, with_links: bool = False) -> Iterator[tuple[type[models.Model], str]]:
    """(model, its field that leads to the account) of everything that is a person's own; ``with_links`` adds the rows
    of many-to-many relations (groups)."""
    for model in apps.get_models(include_auto_created=with_links):
        if model._meta.label in CONVERSATIONS or model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            if (
                isinstance(field, models.ForeignKey)
                and field.related_model is User
                and field.remote_field.on_delete is models.CASCADE
            ):
                yield model, field.name


def record(instance: models.Model, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The values of a row under the names of its fields, without secrets. Related objects by their text."""
    found: dict[str, Any] = {}
    for field in instance._meta.concrete_fields:
        label = instance._meta.label
        if field.name in without or ("*", field.name) in SECRETS or (label, field.name) in SECRETS:
            continue
        if field.related_model is User:
            continue  # Who granted, invited, decided: another person.
        if field.is_relation:
            related = getattr(instance, field.name)
            value: Any = None if related is None else str(related)
        elif field.choices:
            value = str(getattr(instance, f"get_{field.name}_display")())
        else:
            value = getattr(instance, field.name)
            value = value.name if isinstance(value, FieldFile) else value
        name = _french(field.verbose_name)
        # Two fields of one name (a number, and whether it is shown) are two lines.
        found[f"{name} ({field.name})" if name in found else name] = value
    for links in instance._meta.many_to_many:
        if links.related_model is not User and links.name not in without:
            found[_french(links.verbose_name)] = sorted(str(each) for each in getattr(instance, links.name).all())
    return found


def own_records(user: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(name of a kind of rows, the person's rows of it), those without a row left out."""
    for model, name in own_models():
        related = [f.name for f in model._meta.concrete_fields if f.is_relation and f.name != name]
        rows = model._default_manager.filter(**{name: user}).select_related(*related).order_by("pk")
        records = [record(row, frozenset({name, "id"})) for row in rows]
        if records:
            yield _french(model._meta.verbose_name_plural).capitalize(), records


def delete_own_rows(user: User) -> list[FieldFile]:
    """Delete them all; returns the files they named, to delete on commit."""
    files: list[FieldFile] = []
    for model, name in own_models(with_links=True):
        rows = model._base_manager.filter(**{name: user})
        held = [f.name for f in model._meta.concrete_fields if isinstance(f, models.FileField)]
        if held:
            files += [file for row in rows.order_by("pk") for field in held if (file := getattr(row, field))]
        rows.delete()
    return files

"""Taking a person's name and address out of what others keep: the log, and what people were told."""

from __future__ import annotations

import json
import re
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.log_actions import registry as log_actions
from wagtail.models import PageLogEntry

from portal.notifications.models import Notice

from ..models import User

ERASED = "Compte supprimé"


def addresses_of(user: User) -> list[str]:
    """The addresses that are proven the person's: the account's, and those confirmed."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("pk").values_list("email", flat=True)
    return list(dict.fromkeys(address.lower() for address in [user.email, *confirmed]))


class Redaction:
    """Replaces some words (addresses, a full name), in whatever case, by « Compte supprimé »."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        # The longest first: one may be part of another.
        self.pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)

    def clean(self, value: Any) -> Any:
        """``value`` (a text, or plain values in lists and dictionaries) without them."""
        if isinstance(value, str):
            return self.pattern.sub(ERASED, value)
        if isinstance(value, list):
            return [self.clean(each) for each in value]
        if isinstance(value, dict):
            return {self.clean(key): self.clean(each) for key, each in value.items()}
        return value

    def rows(self, queryset: QuerySet[Any], *texts: str, json_fields: tuple[str, ...] = ()) -> int:
        """Clean these fields of the rows of ``queryset`` that hold one of the words; returns how many rows.

        Written without signals: the log refuses changes, and this is the one that the law asks for.
        """
        casts = {f"{name}_text": Cast(name, TextField()) for name in json_fields}
        wanted = Q()
        for word in self.words:
            for name in texts:
                wanted |= Q(**{f"{name}__icontains": word})
            for name in casts:
                # As PostgreSQL writes JSON, and as SQLite keeps it.
                wanted |= Q(**{f"{name}__icontains": word}) | Q(**{f"{name}__icontains": json.dumps(word)[1:-1]})
        changed = 0
        for row in list(queryset.annotate(**casts).filter(wanted).order_by("pk")):
            values = {name: self.clean(getattr(row, name)) for name in (*texts, *json_fields)}
            type(row)._base_manager.filter(pk=row.pk).update(**values)
            changed += 1
        return changed


class PersonRedaction:
    """Takes one person out of the log and of what others were told. Made while the account still has its name."""

    def __init__(self, user: User) -> None:
        self.user = user
        addresses = addresses_of(user)
        # A first name alone is everybody's.
        name = [user.get_full_name()] if user.first_name and user.last_name else []
        self.addresses, self.all = Redaction(addresses), Redaction([*addresses, *name])

    def logs(self) -> None:
        """The log's lines stay, without the person. The title of a page is the page's, and only loses addresses."""
        account = ContentType.objects.get_for_model(User)
        for model in log_actions.get_log_entry_models():
            lines = model._base_manager.all()
            if model is PageLogEntry:
                self.addresses.rows(lines, "label")
                self.all.rows(lines, json_fields=("data",))
            else:
                lines.filter(content_type=account, object_id=str(self.user.pk)).update(label=ERASED)
                self.all.rows(lines, "label", json_fields=("data",))

    def notices(self) -> None:
        self.all.rows(Notice.objects.all(), "subject", "text", json_fields=("context",))


def blank(instance: Model, keep: frozenset[str]) -> None:
    """Give every field of ``instance`` but ``keep`` the value it has before anybody says anything."""
    for field in instance._meta.concrete_fields:
        if field.name in keep or field.primary_key:
            continue
        setattr(instance, field.name, None if field.null else field.get_default())

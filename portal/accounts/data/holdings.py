"""What the account itself holds, and what was logged of its holder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.db.models import QuerySet
from django.utils.encoding import force_str
from wagtail.log_actions import registry as log_actions
from wagtail.models import Comment, PageLogEntry

from portal.core.personal_data import Record, register
from portal.files.enums import ScanState
from portal.files.models import StoredFile

from ..models import User
from .own_rows import record
from .redaction import PersonRedaction

#: Of the log, an export has the most recent lines: an editor's fill a book.
MOST_LOG_LINES = 5000


def identity(user: User) -> Iterable[Record]:
    return [record(user, frozenset({"id", "is_superuser", "groups", "user_permissions"}))]


def log_lines(user: User) -> Iterator[Record]:
    """What the person did and what was done to their account: when and what. Others are not named."""
    for model in log_actions.get_log_entry_models():
        rows = model.objects.filter(user_id=user.pk).order_by("-timestamp", "-pk")[:MOST_LOG_LINES]
        for row in rows:
            line = {"date": row.timestamp, "action": force_str(log_actions.get_action_label(row.action))}
            # A page's title; what other rows are about may be a person.
            yield line | ({"page": row.label} if model is PageLogEntry else {})


def comments(user: User) -> Iterator[Record]:
    for row in Comment.objects.filter(user=user).order_by("pk"):
        yield {"date": row.created_at, "commentaire": row.text}


def _files(user: User) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(uploaded_by=user, erased_at=None).order_by("created_at", "pk")


def files(user: User) -> Iterator[Record]:
    for row in _files(user):
        yield {"nom": row.name, "type": row.content_type, "taille en octets": row.size, "envoyé le": row.created_at}


def file_contents(user: User) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """What an antivirus found infected is given to nobody."""
    for row in _files(user).exclude(scan_state=ScanState.INFECTED):
        yield row.name, partial(_read, row)


def _read(row: StoredFile) -> bytes:
    try:
        with row.open() as content:
            return bytes(content.read())
    except FileNotFoundError:
        return b""


def rename_files(user: User) -> None:
    """Files in use stay with the pages that show them; those of deleted drafts go when nothing uses them."""
    PersonRedaction(user).all.rows(StoredFile.objects.filter(uploaded_by=user), "name")


def register_own() -> None:
    register("account", "Mon compte", export=identity, order=10)
    register(
        "files",
        "Mes fichiers",
        export=files,
        erase=rename_files,
        files=file_contents,
        keep="Les fichiers joints à une page publiée restent avec elle.",
        order=50,
    )
    register(
        "comments",
        "Mes commentaires dans l’administration",
        export=comments,
        keep="Les commentaires écrits en préparant une page restent dans sa discussion, sans votre nom.",
        order=80,
    )
    register(
        "log",
        "Journal de mes actions",
        export=log_lines,
        keep="Le journal des actes (publications, rôles, décisions) est gardé sans votre nom.",
        order=90,
    )

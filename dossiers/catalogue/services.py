"""Every change of a type that is more than a form: publishing a version, putting away, taking back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.models import User

from ..fields.schema import SILENT, parse_schema
from ..models import DossierType, DossierTypeVersion
from .building import build


class PublishRefused(Exception):  # noqa: N818
    """The form cannot be published; ``messages`` say why, in French, one a problem."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = list(messages)


@transaction.atomic
def publish_version(*, type: DossierType, actor: User | None) -> DossierTypeVersion:  # noqa: A002
    """Freeze the form as it is written into a new version, which new dossiers follow from now on.

    Drafts keep the version they have until somebody moves them. The keys given here to new fields are kept. Logged.
    Raises :class:`PublishRefused` on a type put away, a form that has nothing to fill in, that could not be filled in,
    or that is the current version already.
    """
    locked = DossierType.objects.select_for_update().get(pk=type.pk)
    if locked.archived_at is not None:
        raise PublishRefused("Ce type est retiré : remettez-le en service avant de publier.")
    built = build(locked.form, locked.keys)
    if built.problems:
        raise PublishRefused(*built.messages)
    if all(each["kind"] in SILENT for each in built.schema["fields"]):
        raise PublishRefused("Le formulaire n’a aucun champ à remplir.")
    current = locked.current_version
    if current is not None and current.schema == built.schema:
        raise PublishRefused(f"Rien n’a changé depuis la version {current.number}.")
    parse_schema(built.schema)
    last = locked.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = DossierTypeVersion.objects.create(type=locked, number=last + 1, schema=built.schema, published_by=actor)
    locked.current_version = version
    locked.keys = built.keys
    locked.save(update_fields=["current_version", "keys", "updated_at"])
    log(locked, "dossiers.type.publish", user=actor, data={"version": version.number})
    type.current_version, type.keys = version, built.keys
    return version


def archive_type(*, type: DossierType, actor: User) -> None:  # noqa: A002
    """Put the type away: nothing of it is deposited any more, its dossiers go on. Logged. Twice changes nothing."""
    _archive(type, actor, True)


def restore_type(*, type: DossierType, actor: User) -> None:  # noqa: A002
    """Take it back. Logged. Twice changes nothing."""
    _archive(type, actor, False)


@transaction.atomic
def _archive(made: DossierType, actor: User, archived: bool) -> None:
    locked = DossierType.objects.select_for_update().get(pk=made.pk)
    if (locked.archived_at is not None) != archived:
        locked.archived_at = timezone.now() if archived else None
        locked.save(update_fields=["archived_at", "updated_at"])
        log(locked, "dossiers.type.archive" if archived else "dossiers.type.restore", user=actor)
    made.archived_at = locked.archived_at

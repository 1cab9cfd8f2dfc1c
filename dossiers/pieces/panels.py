"""A field of pieces as its screens show it: limits, files with the state of their scan, what was begun and stopped."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from wagtail.documents import get_document_model

from portal.accounts.models import User
from portal.files.enums import ScanState
from portal.files.models import StoredFile
from portal.files.selectors import may_be_served

from ..access import Rights
from ..enums import State
from ..fields.schema import Field, load_schema
from ..models import Dossier, PartialUpload, PieceVersion
from .limits import Limits, limits_of
from .posted import input_name
from .rights import asked_fields, may_edit
from .selectors import current_files

#: (label, DSFR colour) of the badge, for who sent and who reads.
BADGES: Final[dict[str, tuple[str, str]]] = {
    ScanState.PENDING: ("En cours d’analyse", "info"),
    ScanState.ERROR: ("Analyse retardée", "info"),
    ScanState.CLEAN: ("Sain", "success"),
    ScanState.INFECTED: ("Écarté par l’antivirus", "error"),
    ScanState.UNSCANNABLE: ("Non analysable", "warning"),
    ScanState.NOT_SCANNED: ("Non analysé", "info"),
}
#: What its sender is told beside the badge.
TOLD: Final[dict[str, str]] = {
    ScanState.INFECTED: "Personne ne peut télécharger ce fichier : remplacez-le ou retirez-le.",
    ScanState.UNSCANNABLE: "Le service instructeur ne pourra pas l’ouvrir : envoyez-le sous une autre forme.",
}
WAITING: Final = frozenset({ScanState.PENDING, ScanState.ERROR})


@dataclass(frozen=True)
class ShownFile:
    """A version of a piece. ``served``: the person may download it now."""

    version: PieceVersion
    served: bool

    @property
    def file(self) -> StoredFile:
        return self.version.file

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES[self.file.scan_state]

    @property
    def told(self) -> str:
        return TOLD.get(self.file.scan_state, "")

    @property
    def waits(self) -> bool:
        return self.file.scan_state in WAITING


@dataclass(frozen=True)
class PiecePanel:
    """One field. ``stopped``: the person's own uploads that did not come to their end."""

    dossier: Dossier
    field: Field
    limits: Limits
    files: list[ShownFile]
    editable: bool
    prefix: str = ""
    stopped: list[PartialUpload] = dataclasses.field(default_factory=list)
    model: Any = None

    @property
    def name(self) -> str:
        return input_name(self.field.key, self.prefix)

    @property
    def room(self) -> int:
        return max(self.limits.files - len(self.files), 0)

    @property
    def waits(self) -> bool:
        return any(each.waits for each in self.files)

    @property
    def accept(self) -> str:
        return ",".join(f".{each}" for each in self.limits.accept)

    @property
    def notice(self) -> str:
        return str(self.field.options.get("notice") or "")


def panels(
    dossier: Dossier,
    user: User,
    rights: Rights,
    *,
    only: Iterable[str] | None = None,
    prefix: str = "",
) -> dict[str, PiecePanel]:
    """The fields of pieces (of ``only``), by key, for ``dossiers/pieces/_field.html``. Four queries at most."""
    wanted = set(only) if only is not None else None
    fields = [each for each in load_schema(dossier.type_version).pieces() if wanted is None or each.key in wanted]
    if not fields:
        return {}
    files, asked = current_files(dossier), asked_fields(dossier)
    edits = rights.edits and dossier.state in (State.DRAFT, State.INCOMPLETE)
    stopped = list(_stopped(dossier, user)) if edits else []
    models = _models(fields)
    return {
        each.key: PiecePanel(
            dossier=dossier,
            field=each,
            limits=limits_of(each),
            files=shown(files.get(each.key, []), user),
            editable=may_edit(dossier, rights, each.key, asked),
            prefix=prefix,
            stopped=[upload for upload in stopped if upload.field == each.key],
            model=models.get(each.key),
        )
        for each in fields
    }


def shown(versions: Iterable[PieceVersion], user: Any) -> list[ShownFile]:
    """``versions`` as lists show them to ``user``, who may read them: a link only where there is a content to have."""
    return [ShownFile(each, may_be_served(user, each.file)) for each in versions]


def _stopped(dossier: Dossier, user: User) -> QuerySet[PartialUpload]:
    return PartialUpload.objects.filter(dossier=dossier, owner=user).order_by("created_at", "pk")


def _models(fields: list[Field]) -> Mapping[str, Any]:
    """The documents to fill in, by the field's key: those of the library that anyone may have."""
    wanted = {each.key: each.options["model_document"] for each in fields if each.options.get("model_document")}
    if not wanted:
        return {}
    found = get_document_model().objects.in_bulk([pk for pk in wanted.values() if isinstance(pk, int)])
    return {key: found[pk] for key, pk in wanted.items() if pk in found}

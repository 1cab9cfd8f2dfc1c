"""The pieces of a dossier as they are now, and the files that people may have of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.files.enums import ScanState
from portal.files.models import StoredFile

from ..exports.selectors import readable as exports_of
from ..models import Dossier, DossierDocument, DossierExport, DossierRevision, PieceVersion
from .limits import limits_of, piece_field


def current_versions() -> QuerySet[PieceVersion]:
    """The last version of every piece that was not taken out."""
    later = PieceVersion.objects.filter(piece=OuterRef("piece"), number__gt=OuterRef("number"))
    return PieceVersion.objects.filter(~Exists(later), piece__removed_at=None)


def current_files(dossier: Dossier) -> dict[str, list[PieceVersion]]:
    """The last version of each piece, by the key of its field, in the order they came. One query."""
    found: dict[str, list[PieceVersion]] = {}
    versions = current_versions().filter(piece__dossier=dossier).select_related("piece", "file", "by")
    for version in versions.order_by("piece__created_at", "piece__pk"):
        found.setdefault(version.piece.field, []).append(version)
    return found


def sent_files(dossier: Dossier) -> dict[str, list[PieceVersion]]:
    """The files as the organisation last sent them, by the key of their field: what instruction reads, whatever is
    being changed since or was never sent. Two queries."""
    last = DossierRevision.objects.filter(dossier=dossier).order_by("-number").first()
    wanted = {key: [str(line[0]) for line in lines] for key, lines in (last.pieces if last else {}).items()}
    ids = [each for lines in wanted.values() for each in lines]
    versions = PieceVersion.objects.filter(pk__in=ids).select_related("piece", "file", "by")
    found = {str(each.pk): each for each in versions}
    return {key: [found[each] for each in lines if each in found] for key, lines in wanted.items()}


def counts(dossier: Dossier) -> dict[str, int]:
    """How many files each field has. One query."""
    return {key: len(versions) for key, versions in current_files(dossier).items()}


def snapshot(dossier: Dossier) -> dict[str, Any]:
    """The files as they are now, for a revision: {field's key: [[version's id, name, sha256], …]}. One query."""
    return {
        key: [[str(each.pk), each.file.name, each.file.sha256] for each in versions]
        for key, versions in current_files(dossier).items()
    }


def problems(dossier: Dossier) -> dict[str, list[str]]:
    """Why pieces stand in the way of a deposit, by the key of the field: infected, too many, no longer accepted.

    What the antivirus has not looked at yet does not: it goes on meanwhile, and nobody is given the file before.
    """
    found: dict[str, list[str]] = {}
    for key, versions in current_files(dossier).items():
        field = piece_field(dossier, key)
        if field is None:
            continue  # Of a former version of the form: it is not asked any more.
        limits, told = limits_of(field), []
        if len(versions) > limits.files:
            told.append(f"{len(versions)} fichiers, c’est trop. Maximum : {limits.files}.")
        for each in versions:
            if each.file.scan_state == ScanState.INFECTED:
                told.append(f"L’antivirus a écarté « {each.file.name} » : remplacez ce fichier, ou retirez-le.")
            elif each.file.extension not in limits.accept:
                told.append(f"« {each.file.name} » n’est pas d’un format accepté ici : remplacez-le, ou retirez-le.")
        if told:
            found[key] = told
    return found


def readable(user: Any) -> QuerySet[StoredFile]:
    """The files of dossiers that ``user`` may have, whatever the antivirus says of them: the purpose's reader.

    The organisation's side reads all that it put there. Those who instruct, or are asked for an avis, read what was in
    the dossier when it was sent. Documents are read by both, not by who is asked for an avis; an export by who asked
    for it, until it expires or they lose a service of which it holds dossiers.
    """
    if not user.is_authenticated or not user.is_active:
        return StoredFile.objects.none()
    own = Dossier.objects.for_depositor(user).order_by().values("pk")
    instructed = Dossier.objects.for_instructor(user).order_by().values("pk")
    advised = Dossier.objects.for_advisor(user).order_by().values("pk")
    handed = _handed_in().filter(Q(piece__dossier__in=instructed) | Q(piece__dossier__in=advised))
    documents = DossierDocument.objects.filter(Q(dossier__in=own) | Q(dossier__in=instructed), file__isnull=False)
    exports = exports_of(user)
    return StoredFile.objects.filter(
        Q(pk__in=PieceVersion.objects.filter(piece__dossier__in=own).order_by().values("file"))
        | Q(pk__in=handed.order_by().values("file"))
        | Q(pk__in=documents.order_by().values("file"))
        | Q(pk__in=exports.order_by().values("file"))
    )


def _handed_in() -> QuerySet[PieceVersion]:
    """Versions that were in a dossier when it was sent: at its deposit, or with answers. What came and went in between
    is the organisation's own."""
    later = PieceVersion.objects.filter(
        piece=OuterRef(OuterRef("piece")), number__gt=OuterRef(OuterRef("number")), at__lte=OuterRef("at")
    )
    sent = DossierRevision.objects.filter(~Exists(later), dossier=OuterRef("piece__dossier"), at__gte=OuterRef("at"))
    before = sent.filter(at__lt=OuterRef("piece__removed_at"))
    return PieceVersion.objects.filter((Q(piece__removed_at=None) & Exists(sent)) | Exists(before))


def versions_in_use() -> QuerySet[Any, Any]:
    return PieceVersion.objects.order_by().values("file")


def documents_in_use() -> QuerySet[Any, Any]:
    return DossierDocument.objects.order_by().values("file")


def exports_in_use() -> QuerySet[Any, Any]:
    return DossierExport.objects.order_by().values("file")

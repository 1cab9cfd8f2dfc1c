"""The tables of dossiers, by what they are about."""

from .api import ApiToken, Webhook, WebhookDelivery
from .decisions import Decision, DossierDocument
from .desk import Absence, Batch, BatchItem, DossierExport, Label, SavedView
from .dossiers import Dossier, DossierRevision
from .exchange import (
    ComplementItem,
    ComplementRequest,
    Message,
    MessageFile,
    Opinion,
    OpinionFile,
    ReadMark,
    Reminder,
)
from .log import ActKey, DossierEvent
from .perimeters import PerimeterClaim, PerimeterMember
from .pieces import PURPOSE, PartialUpload, Piece, PieceVersion
from .published import DossierPage
from .retention import Tombstone
from .sharing import DossierInvitation
from .types import (
    DossierType,
    DossierTypeVersion,
    Envelope,
    ImmutableError,
    NationalAxis,
    NumberSequence,
    TerritoryRule,
)

__all__ = [
    "PURPOSE",
    "Absence",
    "ActKey",
    "ApiToken",
    "Batch",
    "BatchItem",
    "ComplementItem",
    "ComplementRequest",
    "Decision",
    "Dossier",
    "DossierDocument",
    "DossierEvent",
    "DossierExport",
    "DossierInvitation",
    "DossierPage",
    "DossierRevision",
    "DossierType",
    "DossierTypeVersion",
    "Envelope",
    "ImmutableError",
    "Label",
    "Message",
    "MessageFile",
    "NationalAxis",
    "NumberSequence",
    "Opinion",
    "OpinionFile",
    "PartialUpload",
    "PerimeterClaim",
    "PerimeterMember",
    "Piece",
    "PieceVersion",
    "ReadMark",
    "Reminder",
    "SavedView",
    "TerritoryRule",
    "Tombstone",
    "Webhook",
    "WebhookDelivery",
]

"""What each right lets one do, in a sentence's words: on the form, in the mail, on the dossier."""

from __future__ import annotations

from typing import Final

from ..enums import InvitationRight

MAY: Final[dict[str, str]] = {
    InvitationRight.VIEW: "lire le dossier, ses pièces et ses messages",
    InvitationRight.COMMENT: "lire le dossier et écrire dans ses messages",
    InvitationRight.EDIT: "lire et remplir le dossier, répondre aux compléments, écrire dans ses messages",
}

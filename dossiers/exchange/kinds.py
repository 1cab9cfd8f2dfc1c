"""The kinds of notices about dossiers, and the categories in which people choose how often they hear of them.

What needs an act of theirs leaves at once, the rest comes together the next morning. A notice names the dossier and
leads to it: never what it holds, nor what was decided or written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from portal.accounts.models import User
from portal.notifications.enums import Frequency
from portal.notifications.registry import Category, Notification, register, register_category

from ..access import rights_on
from ..enums import OPEN, OpinionState, RequestState, Side, State
from ..models import ComplementRequest, Dossier, Message, Opinion, ReadMark

CATEGORIES = (
    Category(
        "dossier-action",
        "Mes dossiers : ce qui m’est demandé",
        "Les compléments attendus de votre organisation et leurs échéances.",
        order=50,
    ),
    Category("dossier-decision", "Mes dossiers : les décisions", "Une décision est rendue sur un dossier.", order=51),
    Category(
        "dossier-message",
        "Dossiers : les messages",
        "Un message de l’organisation ou du service instructeur vous attend.",
        order=52,
    ),
    Category(
        "dossier-progress",
        "Mes dossiers : leur avancement",
        "Un dossier est pris en instruction, transmis, rouvert, retiré.",
        Frequency.DAILY,
        order=53,
    ),
    Category(
        "instruction-action",
        "Instruction : ce qui attend",
        "Les dossiers déposés, complétés, confiés, à signer.",
        order=54,
    ),
    Category(
        "instruction-progress",
        "Instruction : le suivi",
        "Les avis rendus, les notes, les décisions et les retraits.",
        Frequency.DAILY,
        order=55,
    ),
    Category("opinion", "Avis : ce qui m’est demandé", "Les avis à rendre sur un dossier, et leurs rappels.", order=56),
)
#: The notices to which a type adds a text of its own (``DossierType.mail_texts``), with what the administration reads.
MAIL_TEXTS: dict[str, str] = {
    "received": "Accusé de réception du dépôt",
    "taken": "Prise en instruction",
    "requested": "Demande de compléments",
    "reminder": "Rappel de l’échéance des compléments",
    "decided": "Décision rendue",
    "reopened": "Réouverture du dossier",
}


class DossierNotice(Notification):
    """``line`` precedes the dossier's name; ``words`` follow. Both take the names of the context (``{due}``)."""

    side: ClassVar[Side] = Side.ORGANISATION
    line: ClassVar[str]
    words: ClassVar[str] = ""
    action = "Ouvrir le dossier"
    #: The states in which it still says something; None: any.
    states: ClassVar[frozenset[State] | None] = None

    def subject(self, context: Mapping[str, Any]) -> str:
        return f"{self.line} : {context['name']}"

    def text(self, context: Mapping[str, Any]) -> str:
        parts = (self.words.format_map(_Blank(context)), str(context.get("added") or ""))
        return "\n\n".join(part.strip() for part in parts if part.strip())

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        dossier = Dossier.objects.kept().filter(pk=context.get("dossier")).first()
        if dossier is None or (self.states is not None and dossier.state not in self.states):
            return False
        rights = rights_on(dossier, recipient)
        seen = {Side.ORGANISATION: rights.of_organisation, Side.INSTRUCTION: rights.instructs}
        return seen.get(self.side, rights.advises)


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


class Received(DossierNotice):
    kind, category, label = "dossier.received", "dossier-progress", "Votre dossier est déposé"
    #: The acknowledgement that an administration owes (CRPA, art. L112-3): whatever one chose.
    can_be_muted = False
    line = "Votre dossier est déposé"
    words = (
        "Il porte le numéro {number}. Le récépissé est sur sa page, à télécharger. Le service instructeur va le "
        "prendre en instruction ; vous serez prévenu de la suite."
    )


class Taken(DossierNotice):
    kind, category, label = "dossier.taken", "dossier-progress", "Votre dossier est pris en instruction"
    line = "Votre dossier est pris en instruction"


class Requested(DossierNotice):
    kind, category, label = "dossier.requested", "dossier-action", "Des compléments sont demandés"
    action = "Répondre aux demandes"
    line = "Des compléments sont demandés"
    words = "Le service instructeur attend vos réponses au plus tard le {due}, à 23 h 59 (heure {zone})."
    states = frozenset({State.INCOMPLETE})

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        waits = ComplementRequest.objects.filter(pk=context.get("request"), state=RequestState.OPEN)
        return waits.exists() and super().still_relevant(recipient, context)


class Reminded(Requested):
    kind, label = "dossier.reminder", "Rappel : des compléments sont attendus"
    line = "Rappel, des compléments sont attendus"


class Overdue(Requested):
    kind, label = "dossier.overdue", "L’échéance des compléments est passée"
    line = "L’échéance des compléments est passée"
    words = (
        "Ils étaient attendus le {due}. Vous pouvez encore répondre jusqu’au {grace} ; ensuite, l’instruction "
        "reprendra sans eux ou le dossier sera classé, selon les règles de ce type de dossier."
    )


class Expired(DossierNotice):
    kind, category, label = "dossier.expired", "dossier-action", "Les compléments ne sont plus attendus"
    line = "Les compléments ne sont plus attendus"
    words = "Le délai pour répondre aux demandes est écoulé. La suite donnée à votre dossier est sur sa page."


class Sent(DossierNotice):
    kind, category, label = "dossier.sent", "dossier-progress", "Les compléments sont transmis"
    line = "Les compléments sont transmis"
    words = "{actor} a transmis les réponses de votre organisation au service instructeur."


class Decided(DossierNotice):
    kind, category, label = "dossier.decided", "dossier-decision", "Une décision est rendue"
    action = "Voir la décision"
    line = "Une décision est rendue"
    words = "Elle est à lire et à télécharger sur la page du dossier, avec son motif et les voies de recours."


class Reopened(DossierNotice):
    kind, category, label = "dossier.reopened", "dossier-progress", "Votre dossier est rouvert"
    line = "Votre dossier est rouvert"
    words = "La décision précédente est caduque. Le service instructeur reprend l’étude du dossier."


class Withdrawn(DossierNotice):
    kind, category, label = "dossier.withdrawn", "dossier-progress", "Votre dossier est retiré"
    line = "Votre dossier est retiré"
    words = "{actor} l’a retiré au nom de votre organisation."


class Rerouted(DossierNotice):
    kind, category, label = "dossier.rerouted", "dossier-progress", "Votre dossier est transmis à un autre service"
    line = "Votre dossier est transmis à un autre service"
    words = "Il est désormais instruit par : {service}."


class Joined(DossierNotice):
    kind, category, label = "dossier.joined", "dossier-progress", "Une personne invitée a rejoint votre dossier"
    line = "Une personne invitée a rejoint votre dossier"
    words = "{actor} a accepté votre invitation."


class Written(DossierNotice):
    """A message: told unless it was taken back or read meanwhile."""

    kind, category, label = "dossier.message", "dossier-message", "Un message du service instructeur"
    action = "Lire le message"
    line = "Un message du service instructeur"

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        message = Message.objects.filter(pk=context.get("message"), withdrawn_at=None).first()
        if message is None:
            return False
        column = "notes_at" if message.internal else "messages_at"
        read = ReadMark.objects.filter(dossier=message.dossier_id, user=recipient, **{f"{column}__gte": message.at})
        return not read.exists() and super().still_relevant(recipient, context)


class _Instruction(DossierNotice):
    side = Side.INSTRUCTION
    category = "instruction-action"


class Deposited(_Instruction):
    kind, label = "instruction.deposited", "Un dossier est déposé"
    line = "Dossier déposé"
    words = "Par : {organisation}. Il attend d’être pris en instruction."
    states = frozenset({State.DEPOSITED})


class Routed(_Instruction):
    kind, label = "instruction.routed", "Un dossier est transmis à votre service"
    line = "Dossier transmis à votre service"
    words = "Déposé par : {organisation}."
    states = OPEN


class Completed(_Instruction):
    kind, label = "instruction.completed", "Un dossier est complété"
    line = "Compléments reçus"
    words = "L’organisation a répondu à vos demandes : ce qui a changé est sur la page du dossier."
    states = frozenset({State.DEPOSITED, State.INSTRUCTION})


class Lapsed(_Instruction):
    kind, label = "instruction.lapsed", "L’échéance de compléments est dépassée"
    line = "Compléments non reçus"
    words = "L’échéance et la tolérance sont passées, les rappels étaient partis."


class Assigned(_Instruction):
    kind, label = "instruction.assigned", "Un dossier vous est confié"
    line = "Dossier confié"
    words = "{actor} vous confie ce dossier."
    states = OPEN


class Proposed(_Instruction):
    kind, label = "instruction.proposed", "Une décision est à signer"
    line = "Décision à signer"
    words = "{actor} propose une décision : une seconde personne la signe, ou la renvoie."
    states = frozenset({State.INSTRUCTION})


class SentBack(_Instruction):
    kind, label = "instruction.sent_back", "Une proposition de décision est renvoyée"
    line = "Proposition renvoyée"
    words = "{actor} renvoie la décision proposée ; son motif est sur la page du dossier."
    states = frozenset({State.INSTRUCTION})


class Resumed(_Instruction):
    kind, label = "instruction.reopened", "Un dossier est rouvert"
    line = "Dossier rouvert"
    states = OPEN


class Asked(Written):
    kind, label = "instruction.message", "Un message de l’organisation"
    side = Side.INSTRUCTION
    line = "Un message de l’organisation"


class Noted(Written):
    kind, category, label = "instruction.note", "instruction-progress", "Une note interne"
    side = Side.INSTRUCTION
    action = "Lire la note"
    line = "Une note interne"


class GivenUp(_Instruction):
    kind, category, label = "instruction.withdrawn", "instruction-progress", "Un dossier est retiré"
    line = "Dossier retiré par l’organisation"


class Answered(_Instruction):
    kind, category, label = "instruction.opinion", "instruction-progress", "Un avis est rendu"
    line = "Un avis est rendu"


class Closed(_Instruction):
    kind, category, label = "instruction.decided", "instruction-progress", "Une décision est signée"
    line = "Décision signée"


class OpinionAsked(DossierNotice):
    """For an advisor: about the avis itself, which may be taken back or given meanwhile."""

    kind, category, label = "opinion.asked", "opinion", "Un avis vous est demandé"
    side = Side.OPINION
    action = "Lire la demande"
    line = "Votre avis est demandé"
    words = "Il est attendu au plus tard le {due}. Vous verrez ce dossier, et lui seul."
    states = OPEN

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        waits = Opinion.objects.filter(pk=context.get("opinion"), advisor=recipient, state=OpinionState.ASKED)
        return waits.exists() and super().still_relevant(recipient, context)


class OpinionReminded(OpinionAsked):
    kind, label = "opinion.reminder", "Rappel : un avis vous est demandé"
    line = "Rappel, votre avis est attendu"


class OpinionRevoked(DossierNotice):
    kind, category, label = "opinion.revoked", "opinion", "Un avis ne vous est plus demandé"
    side = Side.OPINION
    action = "Voir mes avis"
    line = "Votre avis n’est plus attendu"

    def still_relevant(self, recipient: User, context: Mapping[str, Any]) -> bool:
        return True  # They see the dossier no more: that is what it says.


KINDS: tuple[type[DossierNotice], ...] = (
    Received, Taken, Requested, Reminded, Overdue, Expired, Sent, Decided, Reopened, Withdrawn, Rerouted, Joined,
    Written, Deposited, Routed, Completed, Lapsed, Assigned, Proposed, SentBack, Resumed, Asked, Noted, GivenUp,
    Answered, Closed, OpinionAsked, OpinionReminded, OpinionRevoked,
)  # fmt: skip


def register_all() -> None:
    for category in CATEGORIES:
        register_category(category)
    for kind in KINDS:
        register(kind)

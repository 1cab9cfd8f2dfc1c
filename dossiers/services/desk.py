"""What an instructing service does with its dossiers beside deciding them: who is in charge, where they go, labels,
absences. Each change of a dossier is an event of its journal; rights are checked again under its lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from portal.accounts.abilities import can, get_abilities
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from ..access import Rights, lock, rights_on
from ..enums import OPEN, EventKind, Side
from ..exchange.recipients import present
from ..journal import record
from ..models import Absence, Dossier, Label
from ..rules import DossierRefused, where
from .keys import done_before, keep
from .versions import bump, check_version

#: Whose services instruct.
SERVICES = (Level.NATION, Level.REGION, Level.DEPARTEMENT)
#: DSFR's badge colours, by name, with what people call them.
COLOURS = {
    "blue-cumulus": "Bleu",
    "green-emeraude": "Vert",
    "yellow-tournesol": "Jaune",
    "orange-terre-battue": "Orange",
    "pink-tuile": "Rose",
    "purple-glycine": "Violet",
    "brown-caramel": "Brun",
}
LONGEST_REASON = 2000
MOST_LABELS = 60
LONGEST_ABSENCE_DAYS = 366
#: Of whom :func:`_instructed` lets by: conflicts name them every event.
_INSTRUCTS = Rights(instructs=True)


# --- Who is in charge -------------------------------------------------------------------------------------------------
@transaction.atomic
def assign(
    *, dossier: Dossier, actor: User, assignee: User | None, version: int | str | None = None, key: str = ""
) -> Dossier:
    """Put ``assignee`` in charge (None: nobody). Who is absent today is replaced by who stands in for them.

    The dossier's version is checked where given, and does not change: nobody's form is out of date for it. Side
    effects: an event, which tells the person. Raises Http404, DossierConflict, and :class:`DossierRefused`
    (``assignee``: does not instruct it; ``past``: the dossier is closed). Giving it to who has it does nothing.
    """
    locked = _instructed(dossier, actor)
    if done_before(actor, key, locked, EventKind.ASSIGNED):
        return locked
    if version is not None:
        check_version(locked, version, _INSTRUCTS)
    _require_open(locked)
    absent: User | None = None
    if assignee is not None:
        if not rights_on(locked, assignee).instructs:
            raise DossierRefused("assignee", "Cette personne n’instruit pas ce dossier.", "assignee")
        there = present([assignee], locked)[0]
        if there.pk != assignee.pk and rights_on(locked, there).instructs:
            absent, assignee = assignee, there
    if locked.assignee_id == (assignee.pk if assignee is not None else None):
        return locked
    told = {"assignee": str(assignee) if assignee is not None else ""}
    if absent is not None:
        told["instead_of"] = str(absent)
    locked.assignee = assignee
    locked.save(update_fields=["assignee"])
    record(locked, EventKind.ASSIGNED, actor=actor, side=Side.INSTRUCTION, data=told)
    keep(actor, key, locked, EventKind.ASSIGNED)
    return locked


@transaction.atomic
def reassign(
    *, dossier: Dossier, actor: User, service: Territory, reason: str, version: int | str | None, key: str = ""
) -> Dossier:
    """Hand the dossier to another service, with a reason: its instructors see it, the former ones no longer do.

    Nobody is in charge any more unless they instruct there too; labels of services that do not cover the new one are
    taken off. Side effects: an event, which tells both the organisation and the new service. Raises Http404,
    DossierConflict, and :class:`DossierRefused` (``service``, ``reason``, ``past``).
    """
    try:
        locked = _instructed(dossier, actor)
    except Http404:
        # The first sending of the form took the dossier out of their sight.
        if done_before(actor, key, dossier, EventKind.REASSIGNED):
            return dossier
        raise
    if done_before(actor, key, locked, EventKind.REASSIGNED):
        return locked
    check_version(locked, version, _INSTRUCTS)
    _require_open(locked)
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise DossierRefused("reason", "Dites pourquoi, en 2 000 caractères au plus.", "reason")
    if service.level not in SERVICES or service.ended_on is not None:
        raise DossierRefused("service", "Ce territoire n’a pas de service instructeur.", "service")
    if service.pk == locked.routed_to_id:
        raise DossierRefused("service", "Ce service instruit déjà le dossier.", "service")
    former = locked.routed_to
    locked.routed_to = service
    if locked.assignee is not None and not rights_on(locked, locked.assignee).instructs:
        locked.assignee = None
    bump(locked)
    locked.save(update_fields=["routed_to", "assignee", "version", "updated_at"])
    locked.labels.remove(*locked.labels.exclude(territory__in=_above(service)))
    told = {"from": str(former), "to": str(service), "reason": reason}
    record(locked, EventKind.REASSIGNED, actor=actor, side=Side.INSTRUCTION, data=told)
    keep(actor, key, locked, EventKind.REASSIGNED)
    return locked


# --- Labels -----------------------------------------------------------------------------------------------------------
def labels_for(dossier: Dossier) -> list[Label]:
    """The labels that may be put on ``dossier``: of its service, and of those above it. One query."""
    found = Label.objects.filter(territory__in=_above(dossier.routed_to_id)).select_related("territory")
    return list(found.order_by("name", "pk"))


@transaction.atomic
def set_labels(*, dossier: Dossier, actor: User, labels: Iterable[Label]) -> Dossier:
    """Have exactly ``labels`` on the dossier, open or closed. Side effects: an event where that changes something.

    Raises Http404, and :class:`DossierRefused` (``labels``) for one of another service.
    """
    locked = _instructed(dossier, actor)
    return _put(locked, actor, {each.pk for each in labels})


@transaction.atomic
def add_label(*, dossier: Dossier, actor: User, label: Label, remove: bool = False) -> Dossier:
    """Put one label on the dossier, or take it off; the others stay. Raises as :func:`set_labels`."""
    locked = _instructed(dossier, actor)
    now = set(locked.labels.values_list("pk", flat=True))
    return _put(locked, actor, now - {label.pk} if remove else now | {label.pk})


def _put(locked: Dossier, actor: User, wanted: set[int]) -> Dossier:
    before = {each.pk: each for each in locked.labels.all()}
    known = before | {each.pk: each for each in labels_for(locked)}
    if wanted - known.keys():
        raise DossierRefused("labels", "Cette étiquette n’est pas de ce service.", "labels")
    if wanted == before.keys():
        return locked
    locked.labels.set(wanted)
    told = {
        "added": sorted(known[key].name for key in wanted - before.keys()),
        "removed": sorted(known[key].name for key in before.keys() - wanted),
    }
    record(locked, EventKind.LABELLED, actor=actor, side=Side.INSTRUCTION, data=told)
    return locked


@transaction.atomic
def save_label(*, actor: User, territory: Territory, name: str, colour: str, label: Label | None = None) -> Label:
    """Make a label of a service, or change ``label``. Raises Http404 where the actor does not instruct there, and
    :class:`DossierRefused` (``name``: empty, long or taken; ``colour``; ``many``)."""
    if territory.level not in SERVICES or not can(actor, Ability.INSTRUCT, territory):
        raise Http404
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 40:
        raise DossierRefused("name", "Donnez-lui un nom de 40 caractères au plus.", "name")
    if colour not in COLOURS:
        raise DossierRefused("colour", "Choisissez une couleur de la liste.", "colour")
    if label is None and Label.objects.filter(territory=territory).count() >= MOST_LABELS:
        raise DossierRefused("many", f"Un service a {MOST_LABELS} étiquettes au plus : retirez-en d’abord.")
    made = label or Label(territory=territory)
    made.name, made.colour = name, colour
    taken = Label.objects.filter(territory=territory, name__iexact=name).exclude(pk=made.pk)
    try:
        with transaction.atomic():
            if taken.exists():
                raise IntegrityError
            made.save()
    except IntegrityError:
        raise DossierRefused("name", "Ce service a déjà une étiquette de ce nom.", "name") from None
    return made


@transaction.atomic
def delete_label(*, label: Label, actor: User) -> None:
    """Remove a label that no dossier bears: what dossiers bear is taken off them first, and logged there.

    Raises Http404, and :class:`DossierRefused` (``used``).
    """
    if not can(actor, Ability.INSTRUCT, label.territory):
        raise Http404
    used = Dossier.objects.filter(labels=label).count()
    if used:
        plural = "s" if used > 1 else ""
        raise DossierRefused("used", f"{used} dossier{plural} porte{'nt' if plural else ''} encore cette étiquette.")
    label.delete()


# --- Absences ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def declare_absence(
    *, actor: User, substitute: User, starts_on: date, ends_on: date, hand_over: bool = False
) -> tuple[Absence, int]:
    """One's own absence, both days included: meanwhile what comes is handed to ``substitute``.

    ``hand_over``: also give them now the open dossiers one is in charge of, where they instruct them; returns how many.
    Raises :class:`DossierRefused` (``substitute``, ``starts_on``, ``ends_on``).
    """
    today = timezone.localdate()
    if substitute.pk == actor.pk or not substitute.is_active or not can(substitute, Ability.INSTRUCT):
        raise DossierRefused("substitute", "Choisissez une autre personne, qui instruit aussi.", "substitute")
    if ends_on < starts_on:
        raise DossierRefused("ends_on", "La fin est avant le début.", "ends_on")
    if ends_on < today:
        raise DossierRefused("ends_on", "Cette absence est déjà passée.", "ends_on")
    if (ends_on - starts_on).days > LONGEST_ABSENCE_DAYS or (starts_on - today).days > 2 * LONGEST_ABSENCE_DAYS:
        raise DossierRefused("ends_on", "Une absence dure un an au plus.", "ends_on")
    User.objects.select_for_update().get(pk=actor.pk)
    if Absence.objects.filter(user=actor, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise DossierRefused("starts_on", "Vous avez déjà déclaré une absence sur ces jours.", "starts_on")
    made = Absence.objects.create(user=actor, substitute=substitute, starts_on=starts_on, ends_on=ends_on)
    given = 0
    if hand_over:
        mine = Dossier.objects.for_instructor(actor).filter(assignee=actor, state__in=OPEN).order_by("pk")
        for dossier in mine.iterator():
            if rights_on(dossier, substitute).instructs and rights_on(dossier, actor).instructs:
                assign(dossier=dossier, actor=actor, assignee=substitute)
                given += 1
    return made, given


def cancel_absence(*, absence: Absence, actor: User) -> None:
    """End one's own absence. Raises Http404 for somebody else's."""
    if not Absence.objects.filter(pk=absence.pk, user=actor).delete()[0]:
        raise Http404


# --- Shared -----------------------------------------------------------------------------------------------------------
def _instructed(dossier: Dossier, actor: User) -> Dossier:
    locked, rights = lock(dossier, actor)
    if not rights.instructs:
        raise Http404
    return locked


def _require_open(dossier: Dossier) -> None:
    if dossier.state not in OPEN:
        raise DossierRefused("past", where(dossier.state))


def _above(service: Territory | int | None) -> list[int]:
    """The territories whose labels reach ``service``: its own and those that contain it."""
    links = TerritoryLink.objects.filter(descendant=service).order_by(F("ancestor"))
    return list(links.values_list("ancestor", flat=True))


def services_to_choose(actor: User) -> list[Territory]:
    """Every service a dossier may be handed to, those of the actor or not. One query, about 130 rows."""
    found = Territory.objects.current().filter(level__in=SERVICES).order_by("search_name", "level", "code")
    assert get_abilities(actor).anywhere(Ability.INSTRUCT)
    return list(found)

"""Who keeps which communes: overlaps are named before, and decided by a unique constraint."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from portal.territories.enums import Level
from portal.territories.models import Territory

from ..enums import CLAIMING, FieldRole
from ..models import Dossier, DossierType, PerimeterClaim
from ..rules import DossierRefused
from .reach import Reach, reach_of
from .reading import field_key, perimeter_of

logger = logging.getLogger(__name__)
#: How many communes a message names; further ones are counted.
MOST_NAMED = 6
_BATCH = 500


@dataclass(frozen=True)
class Clash:
    """Another dossier that keeps some of a perimeter to itself.

    ``number``, ``title`` and ``organisation`` may be told to anybody whose perimeter it stands in the way of;
    ``dossier_id`` and ``state`` are for those who may read that dossier.
    """

    dossier_id: uuid.UUID
    number: str
    title: str
    organisation: str
    state: str
    #: The communes in common (or the whole département), by name.
    communes: tuple[Territory, ...] = ()
    #: Which of the picked territories hold them, by name.
    territories: tuple[Territory, ...] = ()

    @property
    def whole(self) -> bool:
        """Both are of the same whole territory."""
        return any(each.level != Level.COMMUNE for each in self.communes)

    @property
    def message(self) -> str:
        """In one sentence, for the organisation: which roadmap, which communes."""
        who = f"« {self.title} » (n° {self.number}, {self.organisation})"
        if self.whole:
            names = ", ".join(each.name for each in self.communes)
            return f"{who} couvre déjà tout le territoire : {names}."
        names = ", ".join(each.label for each in self.communes[:MOST_NAMED])
        left = len(self.communes) - MOST_NAMED
        if left > 0:
            names += f" et {left} autre{'s' if left > 1 else ''}"
        count = len(self.communes)
        communes = "une commune de votre périmètre" if count == 1 else f"{count} communes de votre périmètre"
        return f"{who} couvre déjà {communes} : {names}."


def clashes(
    type_: DossierType, territories: Iterable[Territory], except_dossier: Dossier | uuid.UUID | None = None
) -> list[Clash]:
    """The dossiers of ``type_`` that already keep some of ``territories`` to themselves, by number.

    Drafts keep nothing. At most five queries, whatever the number of dossiers and communes.
    """
    picked = list(territories)
    return clashes_within(type_, picked, reach_of(picked), except_dossier)


def claim(dossier: Dossier) -> None:
    """Keep the dossier's communes to itself (a départementale: its département), in the caller's transaction.

    Nothing where its type's perimeters are not exclusive. Done again, it keeps what the perimeter is now, no more.
    Raises :class:`DossierRefused` (``overlap``) naming who has them, also where they were taken this instant: the
    caller's transaction is then as it was before the call.
    """
    if not dossier.type.exclusive_perimeter:
        return
    picked = perimeter_of(dossier)
    reach = reach_of(picked)
    PerimeterClaim.objects.filter(dossier=dossier).exclude(commune__in=reach.held).delete()
    own = set(PerimeterClaim.objects.filter(dossier=dossier).values_list("commune", flat=True).order_by())
    rows = [
        PerimeterClaim(type_id=dossier.type_id, commune_id=pk, dossier=dossier) for pk in reach.held if pk not in own
    ]
    for _ in range(2):
        try:
            with transaction.atomic():
                PerimeterClaim.objects.bulk_create(rows, batch_size=_BATCH)
                return
        except IntegrityError:
            found = clashes_within(dossier.type, picked, reach, dossier)
            if found:
                raise overlap(found, field_key(dossier, FieldRole.PERIMETER)) from None
        # Who had them gave them up meanwhile.
    raise DossierRefused("overlap", "Une autre feuille de route vient de prendre ce périmètre : recommencez.")


def follow_territories() -> list[str]:
    """Claim again what every open or accepted dossier keeps: communes merged, intercommunalités changed in a new
    vintage. Returns the numbers of those that could not, since another has the communes: they keep what they had.

    One transaction a dossier, under its lock. Done again, it changes nothing.
    """
    refused = []
    claiming = Dossier.objects.kept().filter(state__in=CLAIMING, type__exclusive_perimeter=True)
    for pk in list(claiming.order_by("deposited_at", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            dossier = Dossier.objects.select_for_update().get(pk=pk)
            if dossier.state not in CLAIMING:
                continue
            try:
                with transaction.atomic():
                    claim(dossier)
            except DossierRefused as refusal:
                refused.append(dossier.number or "")
                logger.warning("%s does not follow the new territories: %s", dossier.number, refusal.message)
    return refused


def release(dossier: Dossier) -> None:
    """Free its communes, in the caller's transaction."""
    PerimeterClaim.objects.filter(dossier=dossier).delete()


def overlap(found: Sequence[Clash], field_: str = "") -> DossierRefused:
    """The refusal that names every clash."""
    told = [each.message for each in found]
    return DossierRefused("overlap", " ".join(told), field_, {field_: told} if field_ else None)


def clashes_within(
    type_: DossierType, picked: Sequence[Territory], reach: Reach, except_dossier: Dossier | uuid.UUID | None
) -> list[Clash]:
    """:func:`clashes`, where what is picked was reached already. One query."""
    if not type_.exclusive_perimeter or not reach.held:
        return []
    taken = PerimeterClaim.objects.filter(type=type_, commune__in=reach.held)
    if except_dossier is not None:
        taken = taken.exclude(dossier=except_dossier)
    taken = taken.select_related("dossier__organisation", "dossier__type", "commune__departement").order_by(
        "dossier__number", "commune__search_name", "commune__code"
    )
    shared: dict[uuid.UUID, list[PerimeterClaim]] = defaultdict(list)
    for row in taken:
        shared[row.dossier_id].append(row)
    found = []
    for rows in shared.values():
        dossier = rows[0].dossier
        holding = {holder for row in rows for holder in reach.holders.get(row.commune_id, (row.commune_id,))}
        held = [each for each in picked if each.pk in holding] or list(picked)
        found.append(
            Clash(
                dossier_id=dossier.pk,
                number=dossier.number or "",
                title=dossier.label,
                organisation=dossier.organisation.name,
                state=dossier.state,
                communes=tuple(row.commune for row in rows),
                territories=tuple(sorted(held, key=lambda each: (each.search_name, each.code))),
            )
        )
    return found

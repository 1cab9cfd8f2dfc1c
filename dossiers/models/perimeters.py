"""The territories that a dossier is made of, and the communes that it keeps to itself."""

from __future__ import annotations

from django.db import models

from portal.territories.models import Territory

from .dossiers import Dossier
from .types import DossierType


class PerimeterMember(models.Model):
    """A territory (EPCI, commune, département, région) that a dossier's perimeter is made of, as it was picked."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="perimeter")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "territory"], name="dossier_perimeter_once")]

    def __str__(self) -> str:
        return str(self.territory)


class PerimeterClaim(models.Model):
    """A commune that a dossier keeps to itself among those of its type, from its deposit on until it is given up.

    The unique constraint is the rule: two infra-départementales share no commune, whatever happens at once. A
    départementale keeps one row, the département itself; a régionale, the région (docs/dossier-territories.md).
    """

    type = models.ForeignKey(DossierType, models.PROTECT, related_name="+")
    commune = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="claims")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "commune"], name="dossier_commune_once")]

    def __str__(self) -> str:
        return str(self.commune)

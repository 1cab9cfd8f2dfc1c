"""Levels and kinds of territories, as the Code officiel géographique (COG) and BANATIC name them."""

from django.db import models


class Level(models.TextChoices):
    """A territory's level. With its code it is a territory's key: every région code is also a département code."""

    NATION = "nation", "France"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    EPCI = "epci", "Intercommunalité"
    EPT = "ept", "Établissement public territorial"
    COMMUNE = "commune", "Commune"

    @property
    def rank(self) -> int:
        """0 for the nation, rising towards the commune: the order in which territories are shown."""
        return list(Level).index(self)


class Kind(models.TextChoices):
    """What sort of territory within its level."""

    NATION = "nation", "Nation"
    METRO = "metro", "Métropole"
    DROM = "drom", "Outre-mer (DROM)"
    COM = "com", "Collectivité d’outre-mer"
    CC = "CC", "Communauté de communes"
    CA = "CA", "Communauté d’agglomération"
    CU = "CU", "Communauté urbaine"
    METROPOLE = "METRO", "Métropole (EPCI)"
    MET69 = "MET69", "Métropole de Lyon"
    EPT = "EPT", "Établissement public territorial"
    COMMUNE = "commune-actuelle", "Commune"


class AliasKind(models.TextChoices):
    """Former or inner communes, which only lead to the commune they are part of."""

    DELEGUEE = "commune-deleguee", "Commune déléguée"
    ASSOCIEE = "commune-associee", "Commune associée"
    ARRONDISSEMENT = "arrondissement-municipal", "Arrondissement municipal"


NATION_CODE = "FR"
EPCI_KINDS = (Kind.CC, Kind.CA, Kind.METROPOLE, Kind.CU, Kind.MET69)

"""The IANA time zone of every département and collectivity; the metropole's is Europe/Paris.

Source: IANA tz database. Clipperton (989), uninhabited, has no zone of its own there: UTC-8.
"""

METROPOLE = "Europe/Paris"
OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "Etc/GMT+8",
}


def zone_of(departement: str) -> str:
    """The zone of a département by its code ("40", "974")."""
    return OVERSEAS.get(departement, METROPOLE)

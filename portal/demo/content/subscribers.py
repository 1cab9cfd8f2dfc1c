"""Subscribers of the demonstration: functions, never people; addresses that reach nobody."""

from __future__ import annotations

#: (what comes before the territory in the address, organisation)
SUBSCRIBERS = [
    ("accueil", "Espace France services (démonstration)"),
    ("mediation", "Association de médiation numérique (démonstration)"),
    ("coordination", "Coordination du réseau (démonstration)"),
    ("mairie", "Mairie (démonstration)"),
    ("tiers-lieu", "Tiers-lieu (démonstration)"),
]

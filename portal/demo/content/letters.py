"""What the demonstration's letters say, and what became of their copies."""

from __future__ import annotations

#: (space, title, subject, preheader, days since it appeared)
LETTERS = [
    (
        "nation-FR",
        "La lettre du réseau : l’automne des feuilles de route",
        "Feuilles de route, agenda, ressources : l’automne du réseau",
        "Deux départements publient leur feuille de route, et trois webinaires à noter.",
        9,
    ),
    (
        "departement-40",
        "Landes : ce mois-ci, la médiation près de chez vous",
        "Ce mois-ci dans les Landes",
        "Les actualités, les rendez-vous et les ressources du département.",
        3,
    ),
]
INTRODUCTION = "<p>Bonjour {{ nom|à vous }},</p><p>Voici l’essentiel du réseau. Contenu de démonstration.</p>"
TEXT = "<h2>Et aussi</h2><p>Les coordinateurs se retrouvent chaque mois : <b>la porte est ouverte</b>.</p>"
QUOTE = ("On ne dématérialise pas la confiance.", "Une médiatrice numérique", "contenu de démonstration")
CALL = "<p>Une expérience à raconter, un rendez-vous à annoncer ? L’équipe du réseau le relit et le publie.</p>"
READERS = 140
#: Out of a hundred copies: what became of them.
OUTCOMES = [("delivered", 88), ("accepted", 5), ("bounced", 3), ("failed", 2), ("skipped", 1), ("unknown", 1)]

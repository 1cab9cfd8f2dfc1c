"""Which spaces are open, and how they present themselves."""

REGIONS = ("84", "27", "53", "24", "94", "44", "32", "11", "28", "75", "76", "52", "93", "01", "02", "03", "04", "06")
DEPARTEMENTS = ("49", "85", "47", "74", "40", "84")
KEYS = tuple(f"region-{code}" for code in REGIONS) + tuple(f"departement-{code}" for code in DEPARTEMENTS)
INTRODUCTION = (
    "Bienvenue dans l’espace du réseau de l’inclusion numérique {where}. Retrouvez ici ses actualités, ses rendez-vous, "
    "ses ressources et ses initiatives. Contenu de démonstration."
)

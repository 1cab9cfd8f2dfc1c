"""The sentences people agree to. A version is never edited: a new wording is a new version."""

TEXTS: dict[str, str] = {
    "lettre-2026-1": (
        "J’accepte de recevoir par courriel les lettres choisies. Je peux me désabonner à tout moment par le lien "
        "présent dans chaque message. Mon adresse ne sert qu’à cet envoi et n’est vue que de l’équipe de la lettre."
    ),
    "lettre-2026-2": (
        "J’accepte de recevoir par e-mail les lettres choisies. Je peux me désabonner à tout moment par le lien "
        "présent dans chaque message. Mon adresse ne sert qu’à cet envoi et n’est vue que de l’équipe de la lettre."
    ),
    "mesure-2026-1": (
        "J’accepte que l’équipe des lettres sache si j’ouvre ses messages et quels liens j’y suis, pour écrire des "
        "lettres plus utiles. Rien n’est transmis à d’autres. Je peux revenir sur ce choix à tout moment ; il ne "
        "change rien aux lettres que je reçois."
    ),
}
CURRENT = "lettre-2026-2"
TRACKING = "mesure-2026-1"


def current_text() -> str:
    return TEXTS[CURRENT]


def tracking_text() -> str:
    return TEXTS[TRACKING]

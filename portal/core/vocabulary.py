"""The field's shared vocabulary: themes in four families, and audiences. Reference data, not demonstration."""

from __future__ import annotations

from django.utils.text import slugify

from .enums import ThemeFamily
from .models import Audience, Theme

THEMES: dict[str, tuple[str, ...]] = {
    ThemeFamily.INCLUSION: (
        "Accessibilité",
        "Réseaux sociaux et communication",
        "Aide aux démarches administratives",
        "Diagnostic de compétences",
        "Maîtrise des outils",
        "Navigation sur internet",
        "Santé",
        "Parentalité",
        "Risques cyber et protection",
    ),
    ThemeFamily.CULTURE: (
        "Loisirs et création",
        "Citoyenneté et engagement",
        "Code",
        "Données",
        "Emploi et entrepreneuriat",
        "Intelligence artificielle",
        "Jeux vidéo",
        "Éducation aux médias",
    ),
    ThemeFamily.COMMUNS: (
        "Communs",
        "Économie",
        "Gouvernances partagées",
        "Logiciels et licences libres",
        "Souveraineté et hébergement",
    ),
    ThemeFamily.ENVIRONNEMENT: (
        "Écoconception",
        "Matériel reconditionné",
        "Mobilités",
        "Numérique au service de l’environnement",
        "Sobriété",
        "Territoires connectés",
        "Usages responsables",
    ),
}
AUDIENCES = (
    "Préfectures",
    "Collectivités",
    "Hubs",
    "Coordinateurs",
    "Conseillers et médiateurs",
    "Aidants",
    "Structures",
    "Grand public",
)


def load_vocabulary() -> int:
    """Make the themes and audiences that are missing; what administrators changed stays. Returns how many were made."""
    made = 0
    for family, names in THEMES.items():
        for order, name in enumerate(names, 1):
            _, created = Theme.objects.get_or_create(
                slug=slugify(name), defaults={"family": family, "name": name, "order": order}
            )
            made += created
    for order, name in enumerate(AUDIENCES, 1):
        _, created = Audience.objects.get_or_create(slug=slugify(name), defaults={"name": name, "order": order})
        made += created
    return made

"""Vocabulary shared by several content apps. Editable enumerations are snippets in :mod:`portal.core.models`."""

from django.db import models


class Echelon(models.TextChoices):
    """The échelon of a news item or an event."""

    LOCAL = "local", "Local"
    DEPARTEMENTAL = "departemental", "Départemental"
    REGIONAL = "regional", "Régional"
    NATIONAL = "national", "National"


class ThemeFamily(models.TextChoices):
    """The four families of themes of resources, news and events."""

    INCLUSION = "inclusion", "Inclusion numérique"
    CULTURE = "culture", "Culture numérique"
    COMMUNS = "communs", "Communs et souveraineté"
    ENVIRONNEMENT = "environnement", "Numérique et environnement"

    @classmethod
    def label_of(cls, value: str) -> str:
        """The family's name; « Autres » for a value that is none, as an import or an older release may have left."""
        return str(cls(value).label) if value in _FAMILIES else "Autres"

    @classmethod
    def rank_of(cls, value: str) -> int:
        """The family's place among the families; what is none comes last."""
        return _FAMILIES.get(value, len(_FAMILIES))


#: The place of each family. ``ThemeFamily.values`` makes its list at each call, and every theme asks.
_FAMILIES: dict[str, int] = {value: place for place, value in enumerate(ThemeFamily.values)}


class ContentKind(models.TextChoices):
    """What a page is to a reader; the kind of its :class:`portal.core.models.PageFact`."""

    NEWS = "news", "Actualité"
    EVENT = "event", "Événement"
    RESOURCE = "resource", "Ressource"
    INITIATIVE = "initiative", "Initiative"
    LETTER = "letter", "Lettre"
    DOSSIER = "dossier", "Gouvernance ou feuille de route"
    SPACE = "space", "Espace territorial"
    HELP = "help", "Aide"
    PAGE = "page", "Page"


#: Kinds of the many pages that lists are made of, and menus never.
CONTENT_KINDS = (ContentKind.NEWS, ContentKind.EVENT, ContentKind.RESOURCE, ContentKind.INITIATIVE)

"""How the search page names the kinds of pages, whichever app they come from."""

from portal.core.enums import ContentKind

PLURALS = {
    ContentKind.NEWS: "Actualités",
    ContentKind.EVENT: "Événements",
    ContentKind.RESOURCE: "Ressources",
    ContentKind.INITIATIVE: "Initiatives",
    ContentKind.LETTER: "Lettres",
    ContentKind.DOSSIER: "Gouvernances et feuilles de route",
    ContentKind.SPACE: "Espaces territoriaux",
    ContentKind.HELP: "Pages d’aide",
    ContentKind.PAGE: "Pages",
}
# Kinds whose date says something to a reader.
DATED = frozenset(
    {ContentKind.NEWS, ContentKind.EVENT, ContentKind.RESOURCE, ContentKind.INITIATIVE, ContentKind.LETTER}
)


def plural(kind: str) -> str:
    """« Actualités » for "news"; a kind not known here keeps its own label."""
    return PLURALS.get(kind) or str(dict(ContentKind.choices).get(kind, kind))  # type: ignore[call-overload]

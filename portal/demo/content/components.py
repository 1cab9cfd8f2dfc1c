"""A help page that shows every component of a page's body: a catalogue for editors, and a test bench."""

from __future__ import annotations

from typing import Any

TITLE = "Les composants d’une page"
LEAD = "Chaque composant que l’on peut poser dans une page, avec son usage et un exemple."

GUIDE = (
    "Guide des composants (démonstration)",
    [
        "Ce document accompagne la page « Les composants d’une page ».",
        "Il montre comment un fichier à télécharger annonce son type et son poids.",
        "Contenu de démonstration.",
    ],
)


def body(images: dict[str, Any], guide: Any, pages: list[Any]) -> list[tuple[str, Any]]:
    """The body, in the notation of :mod:`portal.demo.seed.body`. ``images`` by slug, ``guide`` a document, ``pages`` to
    put forward."""

    def image(slug: str, alt: str) -> dict[str, Any]:
        return {"image": images[slug].pk, "alt_text": alt, "decorative": False}

    def about(title: str, use: str) -> tuple[str, Any]:
        return ("text", f"<h2>{title}</h2><p>{use}</p>")

    return [
        about("Texte", "Des intertitres, des listes, des liens. <b>Une idée par paragraphe</b> se lit mieux, surtout sur "
                       "un téléphone."),
        about("Image", "Une illustration, avec sa légende, son crédit et son texte de remplacement."),
        ("image", {"image": image("bus-numerique", "Un bus aménagé accueille le public sur une place de village."),
                   "caption": "Un bus numérique en tournée.", "credit": "Portail, dessin de démonstration",
                   "transcription": "", "width": "medium"}),
        about("Galerie", "Plusieurs images côte à côte, par exemple pour raconter une journée."),
        ("gallery", {"title": "Une journée dans le réseau", "items": [
            {"image": image("accueil-orientation", "Une personne est accueillie à un comptoir."), "caption": "L’accueil"},
            {"image": image("concertation-table", "Quatre personnes échangent autour d’une table."), "caption": "L’échange"},
            {"image": image("tiers-lieu", "Un tiers-lieu vu de la rue."), "caption": "Le lieu"}]}),
        about("Citation", "La parole d’une structure ou d’un groupe, avec son auteur."),
        ("quote", ("Nous avons commencé par écouter les habitants, puis nous avons choisi trois priorités.",
                   "Une équipe de coordination (démonstration)")),
        about("Mise en avant", "Ce qu’il faut retenir, sorti du fil du texte."),
        ("callout", ("À retenir", "<p>Une mise en avant par page suffit : au-delà, plus rien ne ressort.</p>")),
        about("Alerte", "Une information, une réserve ou un danger."),
        ("alert", ("warning", "Inscriptions closes vendredi", "<p>Après cette date, écrivez à l’équipe de l’espace.</p>")),
        about("Accordéons", "Des questions fréquentes, repliées."),
        ("accordions", [("Qui peut venir ?", "<p>Toute personne, avec ou sans ordinateur.</p>"),
                        ("Faut-il s’inscrire ?", "<p>Non, sauf pour les formations.</p>")]),
        about("Tableau", "Des données en lignes et en colonnes, avec un titre et des cellules d’en-tête."),
        ("table", {"data": [["Jour", "Matin", "Après-midi"], ["Mardi", "Accueil libre", "Atelier"],
                            ["Jeudi", "Sur rendez-vous", "Accueil libre"]],
                   "cell": [], "mergeCells": [], "table_caption": "Horaires d’une permanence",
                   "table_header_choice": "both", "first_row_is_table_header": True, "first_col_is_header": True}),
        about("Tuiles", "Des entrées vers les rubriques, avec un pictogramme."),
        ("tiles", [("Agenda", "Les rendez-vous du réseau", "calendar", "/agenda/"),
                   ("Ressources", "Guides, outils et formations", "document", "/ressources/"),
                   ("Territoires", "Les espaces ouverts", "city-hall", "/territoires/")]),
        about("Cartes", "Des cartes écrites à la main, vers une page ou un autre site."),
        ("cards", {"items": [
            {"title": "Choisir son territoire", "text": "La page d’accueil montre d’abord ce qui vous concerne.",
             "detail": "En une minute", "page": None, "url": "/territoires/choisir/",
             "image": image("carte-territoires", "Une carte de France et ses territoires.")},
            {"title": "Recevoir la lettre", "text": "L’essentiel du réseau, par e-mail.", "detail": "Une fois par mois",
             "page": None, "url": "/lettres/", "image": image("lettre-information", "Une lettre s’ouvre.")}]}),
        about("Boutons", "Une à quatre actions, la principale en premier."),
        ("buttons", [("Consulter l’agenda", "/agenda/"), ("Voir les ressources", "/ressources/")]),
        about("Fichier à télécharger", "Un document du portail : son type et son poids sont annoncés."),
        ("file", {"document": guide.pk, "title": "", "description": "Une page, balisée pour les lecteurs d’écran."}),
        about("Vidéo", "Un fichier du portail, ou un lien qui s’ouvre ailleurs. La transcription est obligatoire."),
        ("video", {"title": "Trois minutes pour comprendre le réseau", "document": None, "captions": None,
                   "url": "https://video.exemple.invalid/reseau",
                   "transcript": "Le réseau réunit des lieux d’accueil, des médiateurs et des collectivités. Chacun garde "
                                 "son rôle ; le portail les relie. Vidéo inventée pour la démonstration."}),
        about("Lieu", "Une adresse et un lien vers une carte ; aucune carte d’un autre site n’est chargée."),
        ("map_link", {"name": "Maison des associations (démonstration)",
                      "address": "12 allée des Genêts imaginaires\n40000 Mont-de-Marsan", "latitude": None,
                      "longitude": None}),
        about("Colonnes", "Deux ou trois colonnes, l’une sous l’autre sur un téléphone."),
        ("columns", {"columns": [
            [{"type": "text", "value": "<p><b>Avant.</b> Préparez vos questions et vos documents.</p>"},
             {"type": "image", "value": {"image": image("telephone-demarches", "Une personne consulte son téléphone."),
                                         "caption": "", "credit": "", "transcription": "", "width": "full"}},
             {"type": "buttons", "value": {"items": [{"label": "Trouver un lieu", "url": "/territoires/", "page": None,
                                                      "style": "secondary"}]}}],
            [{"type": "quote", "value": {"text": "On repart avec une marche à suivre.",
                                         "author": "Un atelier (démonstration)", "author_title": "", "source": "",
                                         "source_url": ""}},
             {"type": "callout", "value": {"title": "Après", "text": "<p>Gardez la fiche : elle sert chez soi.</p>"}},
             {"type": "file", "value": {"document": guide.pk, "title": "La fiche à garder", "description": ""}}]]}),
        about("Pages mises en avant", "Les cartes de pages du portail : elles suivent leurs changements."),
        ("highlighted_pages", {"title": "À lire aussi", "pages": [page.pk for page in pages]}),
    ]  # fmt: skip

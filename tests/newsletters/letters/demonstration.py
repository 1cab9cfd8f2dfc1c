"""One letter with every block, for golden files and screenshots."""

from __future__ import annotations

import itertools
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Picture
from wagtail.images.models import Image

from newsletters.models import LetterSettings, NewsletterPage
from portal.territories.models import Space
from tests.events.factories import make_event
from tests.factories import make_initiative, make_news
from tests.newsletters.letters.factories import block, item, make_letter, pages
from tests.resources.factories import make_resource

_numbers = itertools.count(1)


def make_image(width: int = 1600, height: int = 900, **fields: str) -> Image:
    """A photograph, by its size: JPEG, no two of one name."""
    data = BytesIO()
    Picture.new("RGB", (width, height), (106, 106, 244)).save(data, "JPEG")
    name = f"photo-{next(_numbers)}.jpg"
    return Image.objects.create(file=ContentFile(data.getvalue(), name=name), **({"title": "Une photo"} | fields))


def demonstration_letter(space: Space) -> NewsletterPage:
    photo = make_image()
    headline = make_news(
        space,
        title="Un bus numérique sillonne la Haute Lande",
        slug="un-bus-numerique",
        lead="Depuis septembre, douze communes accueillent chaque semaine un conseiller et six postes de travail.",
        image=photo,
        image_alt="Un bus bleu devant une mairie",
    )
    second = make_news(
        space, title="Trois lauréats pour l’appel à projets", slug="trois-laureats", lead="Le jury s’est réuni à Dax."
    )
    initiative = make_initiative(
        space,
        title="Prêter du matériel reconditionné",
        slug="preter-du-materiel",
        lead="Une banque de prêt ouverte aux associations.",
        image=photo,
        image_decorative=True,
    )
    resource = make_resource(
        space, title="Fiche : accueillir un premier atelier", slug="fiche-accueillir", lead="Un déroulé de deux heures."
    )
    make_event(space, title="Journée des aidants numériques", slug="journee-des-aidants")
    LetterSettings.objects.update_or_create(
        territory=space.territory,
        defaults={"postal_address": "Hub de démonstration\n4 rue du Lavoir, 40000 Mont-de-Marsan"},
    )
    intro = (
        "<p>Bonjour {{ nom|à vous }},</p><p>Voici ce qui s’est passé ce mois-ci dans <b>nos territoires</b>. "
        f'Relisez aussi <a linktype="page" id="{second.pk}">les lauréats de l’appel à projets</a>.</p>'
        "<ul><li>un bus</li><li>une banque de prêt</li></ul>"
    )
    text = (
        "<h2>À lire ailleurs</h2><p>La cartographie nationale s’enrichit : "
        '<a href="https://cartographie.exemple.fr/lieux?region=75&amp;tri=nom">voir les lieux</a>.</p>'
    )
    return make_letter(
        space,
        block("intro", intro),
        block("headline", {"page": headline.pk, "title": "", "lead": ""}),
        pages(item(second, title="Appel à projets : trois lauréats"), resource, title="Actualités et ressources"),
        pages(initiative, title="Initiatives", with_images=True),
        block("agenda", {"title": "L’agenda", "scope": "inside", "limit": 5, "pages": []}),
        block("separator", None),
        block("text", text),
        block(
            "image", {"image": {"image": photo.pk, "alt_text": "Un atelier", "decorative": False}, "caption": "À Dax"}
        ),
        block("button", {"label": "Voir tout l’agenda", "url": "https://agenda.exemple.fr/", "page": None}),
        block(
            "quote",
            {
                "text": "On vient pour un formulaire, on repart avec une adresse.",
                "author": "Une médiatrice",
                "author_title": "Médiathèque",
                "source": "Enquête du réseau",
                "source_url": "https://enquete.exemple.fr/",
            },
        ),
        block(
            "contribute",
            {
                "title": "Et chez vous ?",
                "text": "<p>Racontez une action menée près de chez vous.</p>",
                "label": "Proposer un contenu",
                "url": "/proposer/",
                "page": None,
            },
        ),
        title="La lettre des Landes",
        slug="la-lettre-des-landes",
    )

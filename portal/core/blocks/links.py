"""Where a component leads: a page of the portal, or an address; and the components that are links."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from ..html import is_safe_url
from .media import DescribedImageBlock
from .pages import VisiblePageChooserBlock

PICTOGRAMS: Final = [
    ("internet", "Internet"),
    ("self-training", "Se former"),
    ("application", "Application"),
    ("calendar", "Agenda"),
    ("coding", "Code"),
    ("data-visualization", "Données"),
    ("ecosystem", "Écosystème"),
    ("innovation", "Innovation"),
    ("mail-send", "Courrier"),
    ("search", "Recherche"),
    ("smartphone", "Téléphone"),
    ("avatar", "Personne"),
    ("city-hall", "Mairie"),
    ("house", "Maison"),
    ("school", "École"),
    ("document", "Document"),
    ("document-download", "Document à télécharger"),
    ("contract", "Contrat"),
    ("presse-card", "Presse"),
    ("human-cooperation", "Coopération"),
    ("environment", "Environnement"),
    ("leaf", "Feuille"),
    ("health", "Santé"),
    ("money", "Budget"),
    ("book", "Livre"),
    ("community", "Communauté"),
    ("culture", "Culture"),
    ("podcast", "Podcast"),
    ("video", "Vidéo"),
    ("location-france", "France"),
    ("location-overseas-france", "Outre-mer"),
    ("map", "Carte"),
    ("map-pin", "Lieu"),
    ("compass", "Boussole"),
    ("accessibility", "Accessibilité"),
    ("information", "Information"),
    ("notification", "Notification"),
    ("padlock", "Sécurité"),
    ("success", "Réussite"),
]


class AddressBlock(blocks.CharBlock):
    """An address: http(s), mailto, tel, or a path of this site. Anything else is refused with the reason.

    It is no text that people search.
    """

    def get_searchable_content(self, value: Any) -> list[str]:
        return []

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value and not (
            is_safe_url(value) and value.lower().startswith(("http://", "https://", "mailto:", "tel:", "/"))
        ):
            raise ValidationError(
                "Cette adresse n'est pas acceptée : elle doit commencer par https://, http://, mailto:, tel: ou /."
            )
        return value

    class Meta:
        icon = "link-external"


class LinkValue(blocks.StructValue):
    """A link with its address worked out; ``.href(request)`` is empty where the page is not visible."""

    def href(self, request: HttpRequest | None = None) -> str:
        page = self.get("page")
        if page is not None:
            return page.get_url(request) or "" if page.fact.visible else ""
        return self.get("url") or ""

    @property
    def is_external(self) -> bool:
        return not self.get("page") and (self.get("url") or "").startswith(("http://", "https://"))


class LinkBlock(blocks.StructBlock):
    """Base of what leads somewhere: a page, or an address; one of both. ``link_required`` says whether it must."""

    page = VisiblePageChooserBlock(label="Page du portail", required=False)
    url = AddressBlock(label="ou adresse", required=False, max_length=500, help_text="https://…, mailto:… ou tel:…")

    link_required = True

    def clean(self, value: LinkValue) -> LinkValue:
        cleaned = super().clean(value)
        page, url = cleaned.get("page"), cleaned.get("url")
        if page and url:
            raise StructBlockValidationError(
                block_errors={"url": ValidationError("Choisissez une page ou une adresse, pas les deux.")}
            )
        if self.link_required and not page and not url and not self.is_deferred_validation:
            raise StructBlockValidationError(
                block_errors={"page": ValidationError("Choisissez une page ou donnez une adresse.")}
            )
        return cleaned

    def get_context(self, value: LinkValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["href"] = value.href(context.get("request"))
        return context

    class Meta:
        value_class = LinkValue


class ButtonBlock(LinkBlock):
    """A link in the shape of a button."""

    label = blocks.CharBlock(label="Intitulé", max_length=80, help_text="Un verbe : « S'inscrire », « Consulter ».")
    style = blocks.ChoiceBlock(
        search_index=False,
        label="Importance",
        choices=[("primary", "Principal"), ("secondary", "Secondaire"), ("tertiary", "Discret")],
        default="primary",
    )

    class Meta:
        label = "Bouton"
        icon = "resubmit"
        template = "blocks/button.html"
        form_attrs = {"data-block": "button"}


class ButtonsBlock(blocks.StructBlock):
    """One to four buttons beside each other."""

    items = blocks.ListBlock(ButtonBlock(), label="Boutons", min_num=1, max_num=4)

    class Meta:
        label = "Boutons"
        icon = "resubmit"
        group = "Liens"
        template = "blocks/buttons.html"
        description = "Un à quatre boutons d'action."


class TileBlock(LinkBlock):
    """A tile with one of the DSFR's pictograms."""

    title = blocks.CharBlock(label="Titre", max_length=100)
    text = blocks.CharBlock(label="Description", max_length=200, required=False)
    pictogram = blocks.ChoiceBlock(search_index=False, label="Pictogramme", choices=PICTOGRAMS, required=False)

    class Meta:
        label = "Tuile"
        icon = "grip"
        template = "blocks/tile.html"


class TilesBlock(blocks.StructBlock):
    """« Tuiles » : entries to other pages, with pictograms."""

    items = blocks.ListBlock(TileBlock(), label="Tuiles", min_num=1, max_num=12)

    class Meta:
        label = "Tuiles"
        icon = "grip"
        group = "Liens"
        template = "blocks/tiles.html"
        description = "Des entrées vers d'autres pages, avec un pictogramme."


class CardBlock(LinkBlock):
    """A card one writes by hand; cards of pages are the « pages mises en avant »."""

    title = blocks.CharBlock(label="Titre", max_length=120)
    text = blocks.TextBlock(label="Description", max_length=300, required=False, rows=2)
    detail = blocks.CharBlock(label="Précision", max_length=80, required=False)
    image = DescribedImageBlock(label="Image", required=False)

    class Meta:
        label = "Carte"
        icon = "doc-full"
        template = "blocks/card.html"


class CardsBlock(blocks.StructBlock):
    """« Cartes » : written by hand, each leading to a page or an address."""

    items = blocks.ListBlock(CardBlock(), label="Cartes", min_num=1, max_num=12)

    class Meta:
        label = "Cartes"
        icon = "doc-full"
        group = "Liens"
        template = "blocks/cards.html"
        description = "Des cartes illustrées vers des pages ou des sites."

"""Blocks with a file: image, gallery, file to download, video, place on a map."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote_plus

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

VIDEO_EXTENSIONS: Final = ("mp4", "webm")


class DescribedImageBlock(ImageBlock):
    """An image with its alternative text, or said to be decorative; renditions read together for the whole body."""

    def bulk_to_python(self, values: Any) -> list[Any]:
        images = super().bulk_to_python(values)
        prefetch_related_objects([image for image in images if image], "renditions")
        return images

    def clean(self, value: Any) -> Any:
        described = not value or value.decorative or (value.contextual_alt_text or "").strip()
        if not described and not self.is_deferred_validation:
            raise StructBlockValidationError(
                block_errors={"alt_text": ValidationError("Décrivez l'image, ou cochez « image décorative ».")}
            )
        if value and len(value.contextual_alt_text or "") > 300:
            raise StructBlockValidationError(
                block_errors={"alt_text": ValidationError("Le texte de remplacement dépasse 300 caractères.")}
            )
        return super().clean(value)


class FigureBlock(blocks.StructBlock):
    """« Image » with caption, credit and, for a complex image, its transcription."""

    image = DescribedImageBlock(label="Image")
    caption = blocks.CharBlock(label="Légende", max_length=250, required=False)
    credit = blocks.CharBlock(label="Crédit", max_length=120, required=False)
    transcription = blocks.TextBlock(
        label="Transcription",
        max_length=5000,
        required=False,
        rows=3,
        help_text="Pour une infographie ou un schéma : toute l'information, en texte.",
    )
    width = blocks.ChoiceBlock(
        search_index=False, label="Largeur", choices=[("full", "Pleine largeur"), ("medium", "Moyenne")], default="full"
    )

    class Meta:
        label = "Image"
        icon = "image"
        group = "Médias"
        template = "blocks/figure.html"
        label_format = "Image : {caption}"
        description = "Une image avec légende, crédit et transcription."


class GalleryItemBlock(blocks.StructBlock):
    image = DescribedImageBlock(label="Image")
    caption = blocks.CharBlock(label="Légende", max_length=160, required=False)

    class Meta:
        label = "Image"
        icon = "image"


class GalleryBlock(blocks.StructBlock):
    """« Galerie » : two to twenty-four images side by side."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    items = blocks.ListBlock(GalleryItemBlock(), label="Images", min_num=2, max_num=24)

    class Meta:
        label = "Galerie"
        icon = "image"
        group = "Médias"
        template = "blocks/gallery.html"
        label_format = "Galerie : {title}"
        description = "Plusieurs images côte à côte."


class FileBlock(blocks.StructBlock):
    """« Fichier à télécharger » : type and weight shown, opened through the view that checks rights."""

    document = DocumentChooserBlock(label="Document")
    title = blocks.CharBlock(label="Intitulé", max_length=160, required=False, help_text="Vide : le titre du document.")
    description = blocks.CharBlock(label="Description", max_length=300, required=False)

    class Meta:
        label = "Fichier à télécharger"
        icon = "download"
        group = "Médias"
        template = "blocks/file.html"
        label_format = "Fichier : {title}"
        description = "Un document, avec son type et son poids."


class VideoBlock(blocks.StructBlock):
    """« Vidéo » : a file of the portal, or a link that opens elsewhere on a click; nothing of a third party is loaded.

    Title and transcript are obligatory (RGAA 4.1).
    """

    title = blocks.CharBlock(label="Titre", max_length=160)
    document = DocumentChooserBlock(label="Fichier vidéo", required=False, help_text="MP4 ou WebM.")
    captions = DocumentChooserBlock(label="Sous-titres", required=False, help_text="Fichier WebVTT (.vtt).")
    url = blocks.URLBlock(
        search_index=False,
        label="ou lien externe",
        required=False,
        max_length=500,
        help_text="La vidéo s'ouvre sur l'autre site.",
    )
    transcript = blocks.TextBlock(label="Transcription", max_length=30_000, rows=6)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        document, captions, errors = cleaned.get("document"), cleaned.get("captions"), {}
        if document and cleaned.get("url"):
            errors["url"] = ValidationError("Choisissez un fichier ou un lien, pas les deux.")
        if not document and not cleaned.get("url") and not self.is_deferred_validation:
            errors["document"] = ValidationError("Choisissez un fichier vidéo ou donnez un lien.")
        if document and document.file_extension not in VIDEO_EXTENSIONS:
            errors["document"] = ValidationError("Ce document n'est pas une vidéo MP4 ou WebM.")
        if captions and captions.file_extension != "vtt":
            errors["captions"] = ValidationError("Les sous-titres doivent être un fichier .vtt.")
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        label = "Vidéo"
        icon = "media"
        group = "Médias"
        template = "blocks/video.html"
        label_format = "Vidéo : {title}"
        description = "Une vidéo et sa transcription."


class MapLinkBlock(blocks.StructBlock):
    """« Lieu » : an address and a link to OpenStreetMap; no map of another host is loaded."""

    name = blocks.CharBlock(label="Nom du lieu", max_length=120)
    address = blocks.TextBlock(label="Adresse", max_length=300, rows=2)
    latitude = blocks.DecimalBlock(label="Latitude", required=False, min_value=-90, max_value=90)
    longitude = blocks.DecimalBlock(label="Longitude", required=False, min_value=-180, max_value=180)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            missing = "latitude" if cleaned.get("latitude") is None else "longitude"
            raise StructBlockValidationError(
                block_errors={missing: ValidationError("Donnez la latitude et la longitude, ou aucune des deux.")}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        latitude, longitude = value.get("latitude"), value.get("longitude")
        if latitude is not None and longitude is not None:
            point = f"mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
            context["map_url"] = f"https://www.openstreetmap.org/?{point}"
        else:
            words = quote_plus(" ".join(value["address"].split()))
            context["map_url"] = f"https://www.openstreetmap.org/search?query={words}"
        return context

    class Meta:
        label = "Lieu"
        icon = "site"
        group = "Médias"
        template = "blocks/map_link.html"
        label_format = "Lieu : {name}"
        description = "Une adresse et un lien vers la carte."

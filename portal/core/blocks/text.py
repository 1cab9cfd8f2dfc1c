"""Blocks made of words: text, quote, callout, alert, accordions."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.rich_text import RichText

from ..html import clean_rich_text, plain_text, text_blocks

FEATURES: Final = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "superscript", "subscript", "hr"]
#: Inside another component: no heading, which would break the order of headings.
INNER_FEATURES: Final = [feature for feature in FEATURES if feature not in ("h2", "h3", "hr")]


class CleanRichTextBlock(blocks.RichTextBlock):
    """Rich text that goes through :func:`portal.core.html.clean_rich_text` on its way in, whatever the form sent."""

    def __init__(self, *args: Any, headings: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("features", FEATURES if headings else INNER_FEATURES)
        kwargs.setdefault("max_length", 20_000)
        self.headings = headings
        super().__init__(*args, **kwargs)

    def clean(self, value: RichText) -> RichText:
        cleaned = RichText(self.sanitise(value.source or ""))
        if self.required and not plain_text(cleaned.source):
            raise ValidationError("Écrivez un texte.")
        return super().clean(cleaned)

    def get_prep_value(self, value: RichText) -> str:
        return self.sanitise(value.source or "")

    def get_searchable_content(self, value: RichText) -> list[str]:
        """One text a heading, paragraph or item: extracts of a search tell them apart."""
        return text_blocks(value.source or "") if self.search_index else []

    def sanitise(self, source: str) -> str:
        html = clean_rich_text(source)
        if not self.headings:
            html = re.sub(r"<(/?)h[2-4]\b[^>]*>", r"<\1p>", html)
        return html

    class Meta:
        icon = "pilcrow"
        template = "blocks/text.html"


class TextBlock(CleanRichTextBlock):
    """A part of the text, headings included."""

    class Meta:
        label = "Texte"
        group = "Texte"
        description = "Paragraphes, intertitres, listes et liens."


class QuoteBlock(blocks.StructBlock):
    """« Citation » : the DSFR's quote."""

    text = blocks.TextBlock(label="Citation", max_length=600, rows=3, help_text="Sans les guillemets.")
    author = blocks.CharBlock(label="Auteur", max_length=120, required=False)
    author_title = blocks.CharBlock(label="Fonction", max_length=160, required=False)
    source = blocks.CharBlock(label="Source", max_length=200, required=False)
    source_url = blocks.URLBlock(search_index=False, label="Lien de la source", required=False, max_length=500)

    class Meta:
        label = "Citation"
        icon = "openquote"
        group = "Texte"
        template = "blocks/quote.html"
        label_format = "Citation : {text}"
        description = "Une phrase d'une personne ou d'un document, avec sa source."


class CalloutBlock(blocks.StructBlock):
    """« Mise en avant » : the DSFR's callout."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    text = CleanRichTextBlock(label="Texte", headings=False, max_length=1500)

    class Meta:
        label = "Mise en avant"
        icon = "pin"
        group = "Texte"
        template = "blocks/callout.html"
        label_format = "Mise en avant : {title}"
        description = "Un encadré qui attire l'œil sur une information utile."


class AlertBlock(blocks.StructBlock):
    """« Alerte » : the DSFR's alert."""

    level = blocks.ChoiceBlock(
        search_index=False,
        label="Nature",
        choices=[("info", "Information"), ("warning", "Attention"), ("success", "Succès"), ("error", "Erreur")],
        default="info",
    )
    title = blocks.CharBlock(label="Titre", max_length=120)
    text = CleanRichTextBlock(label="Texte", headings=False, max_length=1000, required=False)

    class Meta:
        label = "Alerte"
        icon = "warning"
        group = "Texte"
        template = "blocks/alert.html"
        label_format = "Alerte : {title}"
        description = "Une information que le lecteur ne doit pas manquer."


class AccordionBlock(blocks.StructBlock):
    """One part that opens and closes."""

    title = blocks.CharBlock(label="Titre", max_length=160)
    text = CleanRichTextBlock(label="Texte", headings=False, max_length=10_000)

    class Meta:
        label = "Volet"
        icon = "arrow-down"


class AccordionsBlock(blocks.StructBlock):
    """« Accordéon » : parts that open and close; all open without JavaScript."""

    items = blocks.ListBlock(AccordionBlock(), label="Volets", min_num=1, max_num=30)

    class Meta:
        label = "Accordéon"
        icon = "list-ul"
        group = "Texte"
        template = "blocks/accordions.html"
        description = "Des questions et réponses, repliées."

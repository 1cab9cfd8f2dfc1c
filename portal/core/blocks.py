"""DSFR components as StreamField blocks."""

from wagtail import blocks
from wagtail.images.blocks import ImageBlock


class BodyBlock(blocks.StreamBlock):
    """The body of a page of content."""

    text = blocks.RichTextBlock(label="Texte", icon="pilcrow")
    image = ImageBlock(label="Image", icon="image")

    class Meta:
        block_counts: dict[str, dict[str, int]] = {}

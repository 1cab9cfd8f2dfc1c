"""Images of cards: fixed renditions, fetched for a whole list at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.images.models import Filter

# 16:9 around the focal point, as the DSFR's cards show them; the second for dense screens.
CARD_FILTERS = ("fill-400x225|format-webp|webpquality-70", "fill-800x450|format-webp|webpquality-60")
CARD_SIZES = "(min-width: 62em) 384px, (min-width: 36em) 50vw, 100vw"


def prefetch_card_images(items: Iterable[Any]) -> None:
    """Load the renditions that cards show for all ``items`` (objects with ``image``): one query, none without images.

    A rendition that does not exist yet is made when it is first shown.
    """
    images = [item.image for item in items if getattr(item, "image_id", None)]
    if not images:
        return
    renditions = get_image_model().get_rendition_model().objects.filter(filter_spec__in=CARD_FILTERS)
    prefetch_related_objects(images, Prefetch("renditions", queryset=renditions, to_attr="prefetched_renditions"))


def card_renditions(image: Any) -> list[Any]:
    """The renditions of :data:`CARD_FILTERS`, smallest first; made where missing."""
    found = image.get_renditions(*(Filter(spec=spec) for spec in CARD_FILTERS))
    return sorted(found.values(), key=lambda rendition: rendition.width)

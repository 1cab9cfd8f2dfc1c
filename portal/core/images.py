"""Images of cards: fixed renditions, fetched for a whole list at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from wagtail.images import get_image_model
from wagtail.images.models import Filter

# 16:9 around the focal point, as the DSFR's cards show them; the second for dense screens.
CARD_FILTERS = ("fill-400x225|format-webp|webpquality-70", "fill-800x450|format-webp|webpquality-60")
CARD_SIZES = "(min-width: 62em) 384px, (min-width: 36em) 50vw, 100vw"


def prefetch_card_images(items: Iterable[Any]) -> None:
    """Load the image of each of ``items`` with the renditions that cards show: one query, none without images.

    A list needs not select ``image``: it comes with its renditions. Where an image has none yet, one more query reads
    the images, and the renditions are made when they are first shown.
    """
    shown = [item for item in items if getattr(item, "image_id", None)]
    if not shown:
        return
    model, ids = get_image_model(), {item.image_id for item in shown}
    found = defaultdict(list)
    renditions = model.get_rendition_model().objects.filter(image__in=ids, filter_spec__in=CARD_FILTERS)
    for rendition in renditions.select_related("image").order_by("width", "pk"):
        found[rendition.image_id].append(rendition)
    images = {pk: own[0].image for pk, own in found.items()}
    if ids - images.keys():
        images |= model.objects.in_bulk(ids - images.keys())
    for pk, image in images.items():
        image.prefetched_renditions = found[pk]
    for item in shown:
        item.image = images.get(item.image_id)


def card_renditions(image: Any) -> list[Any]:
    """The renditions of :data:`CARD_FILTERS`, smallest first; made where missing."""
    found = image.get_renditions(*(Filter(spec=spec) for spec in CARD_FILTERS))
    return sorted(found.values(), key=lambda rendition: rendition.width)

"""Pictures of a letter: JPEG renditions twice as wide as shown (dense screens), at a signed address that stays.

The portal shows an image to who may read a page that shows it. A letter is read in a mailbox, where nobody is signed in
and maybe nothing is published yet: its pictures have addresses of their own, whose signature is the right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from wagtail.images import get_image_model
from wagtail.models import Page

#: Names of what is shown, with the filter and the width in CSS pixels. Outlook shows no WebP.
WIDE, SMALL = "wide", "small"
FILTERS: Final = {
    WIDE: ("width-1120|format-jpeg|jpegquality-72", 560),
    SMALL: ("fill-320x180|format-jpeg|jpegquality-72", 160),
}


@dataclass(frozen=True)
class Picture:
    """``width`` and ``height`` are those shown, in CSS pixels. ``alt`` empty: decorative."""

    url: str
    width: int
    height: int
    alt: str


def token(pk: int, name: str) -> str:
    """What stands for a picture in its address: whoever received the letter may see it, and nobody guesses another."""
    mac = salted_hmac("newsletters.letters.image", f"{pk}-{name}", algorithm="sha256").hexdigest()[:24]
    return f"{pk}-{name}-{mac}"


def read_token(value: str) -> tuple[int, str] | None:
    """(image, name) of an address that is ours; None for any other."""
    pk, _, rest = value.partition("-")
    name, _, _ = rest.partition("-")
    if name not in FILTERS or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return (int(pk), name) if constant_time_compare(value, token(int(pk), name)) else None


def load(pictures: Iterable[Any]) -> None:
    """Give each image the renditions that letters show: one query for all. Missing ones are made when first shown."""
    shown = [image for image in pictures if image is not None]
    if not shown:
        return
    model = get_image_model().get_rendition_model()
    specs = [spec for spec, _ in FILTERS.values()]
    found = defaultdict(list)
    for rendition in model.objects.filter(image__in={image.pk for image in shown}, filter_spec__in=specs).order_by(
        "pk"
    ):
        found[rendition.image_id].append(rendition)
    for image in shown:
        image.prefetched_renditions = found[image.pk]


def picture(image: Any, name: str, alt: str) -> Picture | None:
    """``image`` as letters show it; None where its file is gone."""
    spec, shown = FILTERS[name]
    try:
        rendition = image.get_rendition(spec)
    except (OSError, ValueError):
        return None
    width = min(shown, rendition.width)
    height = max(1, round(rendition.height * width / max(rendition.width, 1)))
    return Picture(
        f"{settings.SITE_URL}{reverse('newsletters:image', args=[token(image.pk, name)])}", width, height, alt
    )


def of_page(page: Page, name: str) -> Picture | None:
    """The image that cards of ``page`` show. Beside the page's title it adds no information: it is decorative unless
    the page describes it.
    """
    image = getattr(page, "image", None)
    if image is None:
        return None
    alt = "" if getattr(page, "image_decorative", False) else str(getattr(page, "image_alt", "") or "")
    return picture(image, name, " ".join(alt.split()))

"""Images: of the format that their name says, at most 50 million pixels, whole, and nothing but an image."""

from __future__ import annotations

from typing import IO, Any, Final

from django.conf import settings
from PIL import Image

from portal.core.image_forms import decodes, hides_something, pixels_of

from ..refusal import FileRefused
from .common import broken, other_content, polyglot

#: A JPEG of a telephone may hold several pictures (CIPA DC-007); it opens as one.
_FORMATS: Final = {"png": {"PNG"}, "jpg": {"JPEG", "MPO"}, "jpeg": {"JPEG", "MPO"}}


def inspect_image(file: IO[bytes] | Any, extension: str) -> None:
    """The header is read first: pixels take memory (4 bytes each) only once their number is known."""
    pixels = pixels_of(file)
    if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise FileRefused(
            f"Cette image a trop de pixels. Maximum : {settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000} millions.",
            "too_many_pixels",
        )
    if not pixels or _format_of(file) not in _FORMATS[extension]:
        raise other_content(extension)
    if not decodes(file):
        raise broken(extension)
    if hides_something(file):
        raise polyglot()


def _format_of(file: Any) -> str | None:
    file.seek(0)
    with Image.open(file) as image:
        return image.format

"""Images that will be shown on pages: made anew from their pixels, so that nothing else of the file goes with them."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from .models import StoredFile
from .names import normalised_name

QUALITY: Final = 90


def reencoded(stored: StoredFile) -> ContentFile[Any]:
    """The image ``stored``, upright, without its metadata: place and device of the photograph, comments, thumbnails.

    PNG stays PNG; a JPEG is a JPEG of quality 90. Colours keep their profile. Raises ValueError for what is no image,
    FileNotFoundError where the content is gone. Memory: 8 bytes a pixel, at most 50 million pixels.
    """
    if not stored.is_image:
        raise ValueError(f"{stored.pk} is no image.")
    buffer = BytesIO()
    with stored.open() as file, Image.open(file) as image:
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        assert upright is not None
        if stored.extension == "png":
            if upright.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
                # 16 bits of grey become 8.
                upright = upright.convert("L" if upright.mode.startswith("I") else "RGBA")
            clean = _pixels_of(upright)
            clean.save(buffer, "PNG", icc_profile=profile)
        else:
            if upright.mode not in ("L", "RGB"):
                # Of another space of colours (CMYK): its profile is no longer that of the pixels.
                upright, profile = upright.convert("RGB"), None
            clean = _pixels_of(upright)
            clean.save(buffer, "JPEG", quality=QUALITY, progressive=True, icc_profile=profile)
    return ContentFile(buffer.getvalue(), name=normalised_name(stored.name))


def _pixels_of(image: Image.Image) -> Image.Image:
    """The pixels, and the palette and transparency that they are read with; nothing else."""
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    clean = image.copy()
    clean.info = {}
    return clean

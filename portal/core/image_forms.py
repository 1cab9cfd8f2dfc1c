"""What an image sent to the library must be; the reason of a refusal is said beside the field, the rest is kept."""

from __future__ import annotations

import sys
import warnings
import zipfile
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.forms import FileField
from PIL import Image as PILImage
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

MESSAGES: Final = {
    "empty": "Ce fichier est vide (0 octet).",
    "invalid": "Ce fichier n'a pas été reçu comme un fichier ; recommencez.",
    "invalid_image": "Ce fichier n'est pas une image : son contenu n'est pas celui que son nom annonce.",
    "invalid_image_known_format": (
        "Ce fichier n'est pas une image .%(extension)s : son contenu est au format %(image_format)s."
    ),
    "file_too_large": "Ce fichier est trop lourd (%(file_size)s). Maximum : %(max_filesize)s.",
    "file_too_many_pixels": "Cette image a trop de pixels : %(num_pixels)s. Maximum : %(max_pixels_count)s.",
}
#: What no picture contains, and a page disguised as one does. Compressed pixels spell none of these by chance.
MARKUP: Final = (b"<script", b"<!doctype", b"<?php", b"<iframe", b"javascript:")
CHUNK: Final = 1 << 20


class CheckedImageField(WagtailImageField):
    """Wagtail's field, which decodes an image to learn its size; here its header is read first.

    So an image of too many pixels is refused before its pixels take memory, and one that breaks off is no error 500.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        formats = self.supported_formats_text
        refused = f"Ce format d'image n'est pas accepté. Formats acceptés : {formats}."
        self.error_messages |= MESSAGES | {"invalid_image_extension": refused, "invalid_extension": refused}

    def to_python(self, data: Any) -> Any:
        file = FileField.to_python(self, data)
        if file is not None:
            pixels = pixels_of(file)
            if pixels and self.max_image_pixels and pixels > self.max_image_pixels:
                raise ValidationError(
                    self.error_messages["file_too_many_pixels"]
                    % {
                        "num_pixels": _millions(pixels) if pixels < sys.maxsize else "plus de 178 millions",
                        "max_pixels_count": _millions(self.max_image_pixels),
                    },
                    code="file_too_many_pixels",
                )
            if pixels and not decodes(file):
                raise ValidationError("Cette image est abîmée ou incomplète.", code="truncated")
        return super().to_python(data)


class CheckedImageForm(BaseImageForm):
    """Wagtail's form, with messages in French, and refusal of truncated images and of polyglots.

    A polyglot is a valid image that is also a page, a PDF or an archive for another program.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = CheckedImageField(label=field.label, required=field.required, widget=field.widget)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data and hides_something(file):
            raise ValidationError(
                "Cette image contient autre chose qu'une image (page, programme ou archive) : elle est refusée.",
                code="polyglot",
            )
        return file


def _millions(pixels: int) -> str:
    """Pixels as a French reader counts them: « 50 millions », « 52,5 millions »; below a million, as they are."""
    millions = f"{pixels / 1_000_000:.1f}".removesuffix(".0").replace(".", ",")
    return f"{millions} million{'s' if pixels >= 2_000_000 else ''}" if pixels >= 1_000_000 else str(pixels)


def pixels_of(file: Any) -> int:
    """How many pixels an image announces, all frames together; 0 for what is none. Decodes nothing."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PILImage.DecompressionBombWarning)
            with PILImage.open(file) as image:
                return int(image.width * image.height * getattr(image, "n_frames", 1))
    except PILImage.DecompressionBombError:
        return sys.maxsize
    except Exception:
        return 0
    finally:
        file.seek(0)


def hides_something(file: Any) -> bool:
    """Whether an image file is also a page, a PDF or an archive. Reads by chunks; leaves the file at its start."""
    file.seek(0)
    try:
        if b"%PDF-" in file.read(1024) or zipfile.is_zipfile(file):
            return True
        file.seek(0)
        tail = b""
        while chunk := file.read(CHUNK):
            lowered = tail + chunk.lower()
            if any(mark in lowered for mark in MARKUP):
                return True
            tail = lowered[-16:]
        return False
    finally:
        file.seek(0)


def decodes(file: Any) -> bool:
    """Whether every pixel can be read; the number of pixels was bounded before. Leaves the file at its start."""
    file.seek(0)
    try:
        with PILImage.open(file) as image:
            image.load()
    except Exception:
        return False
    finally:
        file.seek(0)
    return True

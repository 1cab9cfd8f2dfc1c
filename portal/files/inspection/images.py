"""Images: of the format that their name says, at most 50 million pixels, whole, and nothing but an image."""

from __future__ import annotations

import struct
import zlib
from typing import IO, Any, Final

from django.conf import settings
from PIL import Image

from portal.core.image_forms import hides_something, pixels_of

from ..refusal import FileRefused
from .common import Clock, broken, other_content, polyglot

#: A JPEG of a telephone may hold several pictures (CIPA DC-007); it opens as one.
_FORMATS: Final = {"png": {"PNG"}, "jpg": {"JPEG", "MPO"}, "jpeg": {"JPEG", "MPO"}}


CHUNK: Final = 1 << 18
#: Bytes that a program takes to show a progressive JPEG beside its pixels: above, it is not decoded here.
MOST_COEFFICIENTS: Final = 100_000_000


def inspect_image(file: IO[bytes] | Any, extension: str) -> None:
    """The header is read first; then the whole is read through without ever holding its pixels, which are 200 MB of
    memory for 50 million."""
    pixels = pixels_of(file)
    if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise FileRefused(
            f"Cette image a trop de pixels. Maximum : {settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000} millions.",
            "too_many_pixels",
        )
    if not pixels or _format_of(file) not in _FORMATS[extension]:
        raise other_content(extension)
    if not (_png_is_whole(file) if extension == "png" else _jpeg_is_whole(file)):
        raise broken(extension)
    if hides_something(file):
        raise polyglot()


def _format_of(file: Any) -> str | None:
    file.seek(0)
    with Image.open(file) as image:
        return image.format


def _jpeg_is_whole(file: Any) -> bool:
    """Whether it decodes, at an eighth of its size. Of a large progressive one, whose coefficients are held all at once
    whatever the size it is decoded at, only that it has its end."""
    file.seek(0)
    try:
        with Image.open(file) as image:
            coefficients = image.width * image.height * len(image.getbands()) * 2
            if image.info.get("progressive") and coefficients > MOST_COEFFICIENTS:
                return _has_end(file)
            image.draft(image.mode, (max(image.width // 8, 1), max(image.height // 8, 1)))
            image.load()
        return True
    except (OSError, SyntaxError, ValueError, struct.error):
        return False
    finally:
        file.seek(0)


def _has_end(file: Any) -> bool:
    """Whether the marker of the end (ITU-T T.81, B.1.1.3) is near the end; some cameras write more behind."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - (1 << 16)))
    return b"\xff\xd9" in file.read()


def _png_is_whole(file: Any) -> bool:
    """Whether every chunk has its checksum and the pixels inflate to their end (W3C PNG, 5.3 and 10), by pieces."""
    file.seek(0)
    try:
        expected = _bytes_of_png(file.read(33))
    except (struct.error, KeyError):
        return False
    file.seek(8)
    clock, unpacked, ended = Clock(), 0, False
    inflater = zlib.decompressobj()
    try:
        while not ended:
            length, kind = struct.unpack(">I4s", file.read(8))
            checksum, left = zlib.crc32(kind), length
            while left:
                part = file.read(min(left, CHUNK))
                if not part:
                    return False
                left -= len(part)
                checksum = zlib.crc32(part, checksum)
                while kind == b"IDAT" and part and not inflater.eof:
                    clock.check()
                    unpacked += len(inflater.decompress(part, CHUNK))
                    if unpacked > 2 * expected + CHUNK:  # Interlaced ones take a little more.
                        return False
                    part = inflater.unconsumed_tail
            if struct.unpack(">I", file.read(4))[0] != checksum:
                return False
            ended = kind == b"IEND"
        return inflater.eof and unpacked >= expected
    except (struct.error, zlib.error):
        return False
    finally:
        file.seek(0)


def _bytes_of_png(head: bytes) -> int:
    """Bytes of the pixels, a filter's byte a line, as the header announces them. Raises KeyError on an unknown kind."""
    width, height, bits, colour = struct.unpack(">IIBB", head[16:26])
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    return int(height * (1 + (width * bits * samples + 7) // 8))

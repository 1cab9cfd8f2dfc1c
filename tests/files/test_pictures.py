"""Images for pages are made anew: same picture, nothing else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portal.files.pictures import reencoded

from .samples import make_file, picture

pytestmark = pytest.mark.django_db


def photograph(orientation: int = 1) -> bytes:
    """A JPEG, red at the left and blue at the right, with the place it was taken, a comment and an orientation."""
    image = Image.new("RGB", (60, 40), "red")
    image.paste("blue", (30, 0, 60, 40))
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "Appareil"
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=b"secret", quality=95)
    return buffer.getvalue()


def test_where_and_with_what_a_photograph_was_taken_stays_behind():
    content = photograph()
    assert b"Appareil" in content
    assert b"secret" in content
    made = reencoded(make_file(name="photo.jpg", content=content))
    again = made.read()
    assert (b"Appareil" in again, b"secret" in again, b"Exif" in again) == (False, False, False)
    with Image.open(io.BytesIO(again)) as image:
        assert (image.format, image.size) == ("JPEG", (60, 40))
        assert image.getpixel((5, 5))[0] > 200
        assert image.getpixel((55, 5))[2] > 200
    assert made.name == "photo.jpg"


def test_a_photograph_taken_sideways_stands_upright():
    made = reencoded(make_file(name="photo.jpg", content=photograph(6)))
    with Image.open(made) as image:
        assert image.size == (40, 60)
        assert image.getpixel((20, 5))[0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_made_anew(mode):
    buffer = io.BytesIO()
    Image.new(mode, (20, 10)).save(buffer, "PNG")
    with Image.open(reencoded(make_file(name="dessin.png", content=buffer.getvalue()))) as image:
        assert (image.format, image.size) == ("PNG", (20, 10))


def test_transparency_stays():
    buffer = io.BytesIO()
    image = Image.new("RGBA", (20, 10), (255, 0, 0, 0))
    image.save(buffer, "PNG")
    with Image.open(reencoded(make_file(name="dessin.png", content=buffer.getvalue()))) as made:
        assert made.getpixel((1, 1))[3] == 0


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_made_anew(mode):
    buffer = io.BytesIO()
    Image.new(mode, (20, 10)).save(buffer, "JPEG")
    with Image.open(reencoded(make_file(name="photo.jpg", content=buffer.getvalue()))) as image:
        assert image.format == "JPEG"


def test_what_is_no_image_is_not_made_one():
    with pytest.raises(ValueError, match="no image"):
        reencoded(make_file())
    assert reencoded(make_file(name="a.png", content=picture())).size > 0

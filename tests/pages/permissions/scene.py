"""What the tests of rights on pages share."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from portal.territories.models import Territory

OURS, THEIRS = "Une annonce des Landes", "Un brouillon secret du Lot-et-Garonne"


def territory(key):
    level, code = key.split("-")
    return Territory.objects.get(level=level, code=code)


def png(name="image.png"):
    buffer = io.BytesIO()
    Pillow.new("RGB", (8, 8), "navy").save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/png")


def refused(response):
    """Wagtail refuses with 403, with 404, or by leading back to the admin's home (which says why)."""
    return response.status_code in (403, 404, 405) or (response.status_code == 302 and response.url == "/admin/")

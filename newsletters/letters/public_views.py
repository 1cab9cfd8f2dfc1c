"""Pictures of letters, for mailboxes."""

from __future__ import annotations

from typing import Final

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from . import images

SECONDS: Final = 7 * 24 * 3600


@require_safe
def picture(request: HttpRequest, token: str) -> FileResponse:
    """The file of a picture of a letter. 404 for a signature that is not ours and for an image deleted since."""
    found = images.read_token(token)
    image = get_image_model().objects.filter(pk=found[0]).first() if found else None
    if found is None or image is None:
        raise Http404
    try:
        rendition = image.get_rendition(images.FILTERS[found[1]][0])
        file = rendition.file.storage.open(rendition.file.name)
    except (OSError, ValueError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg", filename=f"image-{image.pk}.jpg")
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    return response

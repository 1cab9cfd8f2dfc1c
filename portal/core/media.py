"""Media are as private as the pages that use them (docs/media.md).

A document or an image may be read by whoever may read a page whose published content uses it, and by the people who may
choose or change it in the administration. What only a draft or a private page uses is not public.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db.models import BigIntegerField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.permissions import policy_registry

from .models import SiteIdentity
from .page_cache import generation
from .pages import ContentPage

# Restricted pages looked at for one reader: a file used by more of them is found through the first ones.
PAGES_READ = 20
BROWSER_SECONDS = 24 * 3600
FOLDER = "images"
NAME_LENGTH = 150


def pages_referencing(used: Model) -> QuerySet[Page]:
    """Pages whose published content uses ``used``, by Wagtail's reference index: written by a task, a moment later."""
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(used, for_concrete_model=True),
        to_object_id=str(used.pk),
    )
    return Page.objects.filter(pk__in=references.values(page=Cast("object_id", BigIntegerField())))


def may_read(used: Any, pages: QuerySet[Page], request: HttpRequest) -> bool:
    """Whether the reader may have ``used``, a document or an image that ``pages`` use.

    One query for the public; a few more where no visible page uses it.
    """
    return (
        pages.filter(fact__visible=True).exists()
        or _passes_a_restricted_page(pages, request)
        or _is_staff_of(used, request)
    )


def _passes_a_restricted_page(pages: QuerySet[Page], request: HttpRequest) -> bool:
    restricted = list(pages.filter(live=True).order_by("pk").values_list("path", flat=True)[:PAGES_READ])
    if not restricted:
        return False
    above = {path[:end] for path in restricted for end in range(Page.steplen, len(path) + 1, Page.steplen)}
    restrictions = list(
        PageViewRestriction.objects.filter(page__path__in=above).select_related("page").prefetch_related("groups")
    )
    return any(
        all(each.accept_request(request) for each in restrictions if path.startswith(each.page.path))
        for path in restricted
    )


def _is_staff_of(used: Any, request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return False
    policy = policy_registry.get_by_type(type(used))
    return bool(policy.user_has_any_permission_for_instance(user, ["choose", "change", "delete"], used))


# --- Images -----------------------------------------------------------------------------------------------------------
def pages_showing(image: AbstractImage) -> QuerySet[Page]:
    """Pages whose published content shows ``image``. The lead image is read from the pages' own tables, at once."""
    lead = [model for model in apps.get_models() if issubclass(model, ContentPage) and not model._meta.abstract]
    shows = Q(pk__in=pages_referencing(image).values("pk"))
    for model in lead:
        shows |= Q(pk__in=model._base_manager.filter(image=image).values("pk"))
    return Page.objects.filter(shows)


def is_public(image: AbstractImage) -> bool:
    """Whether a page that anyone may read shows ``image``, or the site's header does."""
    return pages_showing(image).filter(fact__visible=True).exists() or SiteIdentity.objects.filter(logo=image).exists()


@require_safe
def rendition(request: HttpRequest, name: str) -> FileResponse:
    """A rendition's file. 404 where there is none or where the reader may see nothing that shows its image.

    What is public is remembered for a page-cache generation: no query but the first time. Original images have no
    address; documents have Wagtail's.
    """
    if len(name) > NAME_LENGTH or not name.isprintable():
        raise Http404
    current = generation() if settings.PAGE_CACHE_SECONDS else None
    cache, key = caches["pages"], f"image:{current}:{name}"
    if current and cache.get(key) and (public := _open(f"{FOLDER}/{name}")) is not None:
        return _answer(public, "public")
    renditions = get_image_model().get_rendition_model().objects.select_related("image")
    found = renditions.filter(file=f"{FOLDER}/{name}").order_by("pk").first()
    file = found and _open(found.file.name)
    if found is None or file is None:
        raise Http404
    if is_public(found.image):
        if current:
            cache.set(key, True, BROWSER_SECONDS)
        return _answer(file, "public")
    if may_read(found.image, pages_showing(found.image), request):
        return _answer(file, "private")
    file.close()
    raise Http404


def _open(name: str) -> Any:
    storage = get_image_model().get_rendition_model()._meta.get_field("file").storage
    try:
        return storage.open(name)
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return None


def _answer(file: Any, scope: str) -> FileResponse:
    response = FileResponse(file, filename=Path(file.name).name)
    response["Cache-Control"] = f"public, max-age={BROWSER_SECONDS}" if scope == "public" else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response

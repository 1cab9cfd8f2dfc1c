"""Who may read a document: whoever may read a page that uses it (docs/resources.md)."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.permissions import policy_registry

from .models import ResourceFile

# Restricted pages looked at for one reader: a document used by more of them is found through the first ones.
PAGES_READ = 20


def pages_of(document: AbstractDocument) -> QuerySet[Page]:
    """Pages whose published content uses ``document``: as a file of a resource, in their body, anywhere.

    A resource's files are read from their own table: Wagtail's reference index is written by a task, a moment later.
    """
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(document, for_concrete_model=True),
        to_object_id=str(document.pk),
    )
    return Page.objects.filter(
        Q(pk__in=references.values(page=Cast("object_id", BigIntegerField())))
        | Q(pk__in=ResourceFile._base_manager.filter(document=document).values("page"))
    )


def may_read(document: AbstractDocument, request: HttpRequest) -> bool:
    """Whether the reader may have ``document``: at most two queries for the public, a few more for who is signed in.

    True where a visible page uses it, where the reader passes every restriction of a live page that uses it, and for
    the people who may choose or change it in the administration. A document no page uses is theirs alone.
    """
    pages = pages_of(document)
    if pages.filter(fact__visible=True).exists():
        return True
    return _passes_a_restricted_page(pages, request) or _is_staff_of(document, request)


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


def _is_staff_of(document: AbstractDocument, request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return False
    policy = policy_registry.get_by_type(type(document))
    return bool(policy.user_has_any_permission_for_instance(user, ["choose", "change", "delete"], document))

"""Reading resources: what goes with one, and where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

if TYPE_CHECKING:
    from .models import ResourcePage

USED_IN_LIMIT = 10


def related_resources(resource: ResourcePage) -> list[ResourcePage]:
    """The visible resources its editor names, in their order. One query."""
    from .models import ResourcePage

    named = [relation.related_id for relation in resource.relations.all()]
    if not named:
        return []
    found = ResourcePage.objects.filter(pk__in=named, fact__visible=True).defer_streamfields().in_bulk()
    return [found[pk] for pk in named if pk in found]


def pages_using(resource: ResourcePage) -> list[Page]:
    """Visible pages of any kind whose published content points at ``resource``, newest first. One query."""
    page_type = ContentType.objects.get_for_model(Page)
    sources = ReferenceIndex.objects.filter(
        base_content_type=page_type, to_content_type=page_type, to_object_id=str(resource.pk)
    )
    return list(
        Page.objects.filter(fact__visible=True, pk__in=sources.values(page=Cast("object_id", BigIntegerField())))
        .exclude(pk=resource.pk)
        .select_related("fact")
        .order_by("-fact__date", "-pk")[:USED_IN_LIMIT]
    )

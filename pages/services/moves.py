"""What follows a page that moved to another space: its territory."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import post_page_move

from portal.core import facts
from portal.core.pages import ContentPage
from portal.territories.models import TerritoryLink


def reset_foreign_territories(root: Page) -> int:
    """Empty the territory of the pages at or beneath ``root`` whose space does not contain it; returns how many.

    In the page and in its current revisions, so that publishing a draft does not bring it back.
    """
    total = 0
    kinds = Page.objects.filter(path__startswith=root.path).order_by().values_list("content_type", flat=True)
    for kind in ContentType.objects.filter(pk__in=kinds.distinct()).order_by("pk"):
        model = kind.model_class()
        if model is None or not issubclass(model, ContentPage):
            continue
        inside = TerritoryLink.objects.filter(
            ancestor=OuterRef("fact__space__territory"), descendant=OuterRef("territory")
        )
        foreign = model._default_manager.filter(path__startswith=root.path, territory__isnull=False).exclude(
            Exists(inside)
        )
        for page in foreign.order_by("path"):
            model._default_manager.filter(pk=page.pk).update(territory=None)
            for revision in Revision.page_revisions.filter(object_id=str(page.pk)).order_by("pk"):
                if revision.content.get("territory") is not None:
                    revision.content["territory"] = None
                    revision.save(update_fields=["content"])
            page.territory = None
            facts.refresh_page(page)
            total += 1
    return total


@receiver(post_page_move)
def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """Facts are already those of the new place: ``portal.core`` listens first."""
    reset_foreign_territories(Page.objects.get(pk=instance.pk))

"""Signals that keep page facts and the anonymous page cache exact."""

from functools import cache
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, post_page_move
from wagtail.snippets.models import get_snippet_models

from portal.territories.models import Space, Territory, TerritoryImport

from . import facts
from .enums import CONTENT_KINDS
from .filters import forget_choices
from .models import Theme
from .page_cache import FRAME, invalidate_pages

# Models that public pages show without being pages, snippets, settings or media. Elsewhere, a model says so itself with
# the class attribute ``shown_to_public = True``.
_SHOWN = {
    "accounts.organisation",
    "territories.space",
    "territories.territory",
    "territories.territoryimport",
    "wagtailcore.collectionviewrestriction",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.site",
    "wagtailredirects.redirect",
}


@cache
def is_shown(model: type[Model]) -> bool:
    """Whether readers see rows of ``model``: its changes make every cached page stale."""
    return (
        issubclass(model, Page | BaseSiteSetting | AbstractImage | AbstractDocument)
        or model._meta.label_lower in _SHOWN
        or bool(getattr(model, "shown_to_public", False))
        or model in get_snippet_models()
    )


@receiver(post_save)
def saved(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A row saved in any way (publish, unpublish, schedule, script): a page's fact follows, and readers see it."""
    if raw or not is_shown(sender):
        return
    if isinstance(instance, Page):
        if instance.depth == 1:
            return
        facts.refresh_page(instance)
    invalidate_pages(_scope(instance))


@receiver(post_delete)
def deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    if is_shown(sender):
        invalidate_pages()


@receiver(m2m_changed)
def related_changed(sender: type[Model], instance: Model, action: str, **kwargs: Any) -> None:
    model: type[Model] = type(instance)
    if action.startswith("post_") and is_shown(model):
        invalidate_pages(_scope(instance))


def _scope(instance: Any) -> str:
    """What a change of ``instance`` makes stale beside the pages: the rest of its kind of content, or everything."""
    kind = str(getattr(instance, "fact_kind", FRAME))
    return kind if kind in CONTENT_KINDS else FRAME


@receiver(post_page_move)
def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    facts.refresh_subtree(Page.objects.get(pk=instance.pk))
    invalidate_pages()


@receiver(page_slug_changed)
def slug_changed(sender: type, **kwargs: Any) -> None:
    invalidate_pages()


@receiver([post_save, post_delete], sender=PageViewRestriction)
def restriction_changed(sender: type, instance: PageViewRestriction, **kwargs: Any) -> None:
    _refresh_under(instance.page_id)


@receiver([post_save, post_delete], sender=Space)
def space_changed(sender: type, instance: Space, **kwargs: Any) -> None:
    _refresh_under(instance.page_id)


def _refresh_under(page_id: int) -> None:
    if page := Page.objects.filter(pk=page_id).first():
        facts.refresh_subtree(page)


def _vocabulary_changed(sender: type, **kwargs: Any) -> None:
    forget_choices()


for _model in (Theme, Territory, TerritoryImport):
    post_save.connect(_vocabulary_changed, sender=_model, dispatch_uid=f"choices-{_model.__name__}-saved")
    post_delete.connect(_vocabulary_changed, sender=_model, dispatch_uid=f"choices-{_model.__name__}-deleted")

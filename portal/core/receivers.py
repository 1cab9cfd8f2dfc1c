"""Signals that keep page facts and the anonymous page cache exact."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site
from wagtail.signals import page_slug_changed, post_page_move

from portal.territories.models import Space, Territory

from . import facts
from .models import Audience, SiteIdentity, Theme
from .page_cache import invalidate_pages


@receiver(post_save)
def page_saved(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A page saved in any way (publish, unpublish, schedule, script): its fact follows, and readers see it."""
    if raw or not isinstance(instance, Page) or instance.depth == 1:
        return
    facts.refresh_page(instance.specific)
    invalidate_pages()


@receiver(post_page_move)
def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    facts.refresh_subtree(Page.objects.get(pk=instance.pk))
    invalidate_pages()


@receiver([post_save, post_delete], sender=PageViewRestriction)
def restriction_changed(sender: type, instance: PageViewRestriction, **kwargs: Any) -> None:
    if page := Page.objects.filter(pk=instance.page_id).first():
        facts.refresh_subtree(page)
    invalidate_pages()


@receiver([post_save, post_delete], sender=Space)
def space_changed(sender: type, instance: Space, **kwargs: Any) -> None:
    if page := Page.objects.filter(pk=instance.page_id).first():
        facts.refresh_subtree(page)
    invalidate_pages()


@receiver(page_slug_changed)
def slug_changed(sender: type, **kwargs: Any) -> None:
    invalidate_pages()


@receiver(post_delete)
def page_deleted(sender: type, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        invalidate_pages()


def _chrome_changed(sender: type, **kwargs: Any) -> None:
    invalidate_pages()


for _model in (SiteIdentity, Theme, Audience, Site, Redirect, Territory, Collection, CollectionViewRestriction):
    post_save.connect(_chrome_changed, sender=_model, dispatch_uid=f"chrome-{_model.__name__}-saved")
    post_delete.connect(_chrome_changed, sender=_model, dispatch_uid=f"chrome-{_model.__name__}-deleted")

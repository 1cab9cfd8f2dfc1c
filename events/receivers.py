"""Signals that keep occurrences, their VEVENTs and the calendars' stamp true to the pages."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, post_page_move

from portal.core.models import Theme
from portal.territories.models import Space

from . import services
from .models import EventPage, Venue


@receiver(post_save, sender=EventPage)
def event_saved(sender: type, instance: EventPage, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """A whole save is the live version's; one of some fields is how Wagtail notes a draft, whose dates are not live."""
    if raw or update_fields is not None:
        return
    if instance.live:
        services.publish_occurrences(page=instance)
    else:
        services.touch_agenda()


@receiver(post_delete, sender=EventPage)
@receiver([post_save, post_delete], sender=PageViewRestriction)
@receiver([post_save, post_delete], sender=Space)
def visibility_changed(sender: type, **kwargs: Any) -> None:
    services.touch_agenda()


@receiver(post_page_move)
def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """Addresses changed beneath; UIDs do not."""
    services.publish_all(services.pages_under(Page.objects.get(pk=instance.pk).path))
    services.touch_agenda()


@receiver(page_slug_changed)
def slug_changed(sender: type, instance: Page, **kwargs: Any) -> None:
    services.publish_all(services.pages_under(instance.path))


@receiver(post_save, sender=Venue)
def venue_saved(sender: type, instance: Venue, raw: bool = False, created: bool = False, **kwargs: Any) -> None:
    if not raw and not created:
        services.publish_all(EventPage.objects.filter(venue=instance))


@receiver(post_save, sender=Theme)
def theme_saved(sender: type, instance: Theme, raw: bool = False, created: bool = False, **kwargs: Any) -> None:
    if not raw and not created:
        services.publish_all(EventPage.objects.filter(themes=instance))

"""Signals that keep occurrences, their VEVENTs and the calendars' stamp true to the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, post_page_move

from portal.accounts.models import Organisation
from portal.core.models import Audience, Theme
from portal.territories.models import Space

from . import services
from .ical import tombstones
from .models import EventPage, Occurrence, Venue


@receiver(post_save, sender=EventPage)
def event_saved(sender: type, instance: EventPage, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """A whole save is the live version's; one of some fields is how Wagtail notes a draft, whose dates are not live."""
    if raw or update_fields is not None:
        return
    if instance.live:
        services.publish_occurrences(page=instance)
    else:
        services.call_off_unpublished(page=instance)
        services.touch_agenda()
    tombstones.settle(Q(page_id=instance.pk))


@receiver(pre_delete, sender=EventPage)
def event_to_be_deleted(sender: type, instance: EventPage, **kwargs: Any) -> None:
    """While its dates are still there to be read."""
    tombstones.bury(Occurrence.objects.filter(page_id=instance.pk))


@receiver(post_delete, sender=EventPage)
def event_deleted(sender: type, **kwargs: Any) -> None:
    services.touch_agenda()


@receiver([post_save, post_delete], sender=PageViewRestriction)
@receiver([post_save, post_delete], sender=Space)
def visibility_changed(sender: type, instance: PageViewRestriction | Space, **kwargs: Any) -> None:
    """The facts of the pages beneath were brought up to date before."""
    if page := Page.objects.filter(pk=instance.page_id).first():
        tombstones.settle(Q(page__path__startswith=page.path))
    services.touch_agenda()


@receiver(post_page_move)
def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """Addresses changed beneath; UIDs do not."""
    path = Page.objects.get(pk=instance.pk).path
    services.publish_all(services.pages_under(path))
    tombstones.settle(Q(page__path__startswith=path))
    services.touch_agenda()


@receiver(page_slug_changed)
def slug_changed(sender: type, instance: Page, **kwargs: Any) -> None:
    services.publish_all(services.pages_under(instance.path))


@receiver(post_save, sender=Venue)
def venue_saved(sender: type, instance: Venue, raw: bool = False, created: bool = False, **kwargs: Any) -> None:
    if not raw and not created:
        held = Q(venue=instance) | Q(pk__in=Occurrence.objects.filter(venue=instance).values("page"))
        services.publish_all(EventPage.objects.filter(held))


@receiver(post_save, sender=Theme)
def theme_saved(sender: type, instance: Theme, raw: bool = False, created: bool = False, **kwargs: Any) -> None:
    if not raw and not created:
        services.publish_all(EventPage.objects.filter(themes=instance))


@receiver(post_save, sender=Organisation)
def organisation_saved(
    sender: type, instance: Organisation, raw: bool = False, created: bool = False, **kwargs: Any
) -> None:
    """Its name is that of the organiser."""
    if not raw and not created:
        services.publish_all(
            EventPage.objects.filter(Q(organisation=instance) | Q(co_organisations=instance)).distinct()
        )


@receiver(post_save, sender=Audience)
def audience_saved(sender: type, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        services.touch_agenda()

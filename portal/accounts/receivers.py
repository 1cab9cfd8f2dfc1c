"""Groups follow memberships, people and spaces, whichever way they change."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from portal.core.filters import forget_choices
from portal.territories.models import Space

from .models import Membership, Organisation, User
from .services import sync_spaces, sync_user


@receiver([post_save, post_delete], sender=Membership)
def membership_changed(sender: type, instance: Membership, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        sync_user(instance.user)


@receiver(post_save, sender=User)
def user_saved(
    sender: type, instance: User, created: bool, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Disabling takes the groups away, enabling gives them back."""
    if not raw and not created and (update_fields is None or "is_active" in update_fields):
        sync_user(instance)


@receiver(user_logged_in)
def user_signed_in(sender: type, user: User, **kwargs: Any) -> None:
    """A role whose last day has passed since is gone at sign-in, before the periodic work comes round."""
    sync_user(user)


@receiver([post_save, post_delete], sender=Space)
def space_changed(sender: type, instance: Space, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        sync_spaces([instance])


@receiver(post_page_move)
def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """A space that moved lies under other roots now."""
    path = Page.objects.values_list("path", flat=True).get(pk=instance.pk)
    spaces = list(Space.objects.filter(page__path__startswith=path))
    if spaces:
        sync_spaces(spaces)


@receiver([post_save, post_delete], sender=Organisation)
@receiver(m2m_changed, sender=Organisation.covered.through)
def organisation_changed(sender: type, **kwargs: Any) -> None:
    """Spaces name the hubs that cover them."""
    forget_choices()

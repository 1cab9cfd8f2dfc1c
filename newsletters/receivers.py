"""What the newsletters app adds when a space opens."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from portal.core.page_cache import invalidate_pages
from portal.core.sections import space_opened
from portal.territories.models import Space

from .models import Campaign, MailingList
from .rules import Action
from .sending.wake import wake_sender
from .services import ensure_default_list
from .signals import campaign_changed


@receiver(space_opened)
def default_list(sender: type, space: Space, **kwargs: Any) -> None:
    ensure_default_list(territory=space.territory)


@receiver([post_save, post_delete], sender=MailingList)
def list_changed(sender: type, raw: bool = False, **kwargs: Any) -> None:
    """Public pages show the lists."""
    if not raw:
        invalidate_pages()


@receiver(campaign_changed)
def campaign_may_go(sender: type, campaign: Campaign, action: str, **kwargs: Any) -> None:
    """What was let go leaves at once, not at the next tick."""
    if action in (Action.SCHEDULE, Action.RESUME, Action.REOPEN, Action.CANCEL):
        wake_sender()

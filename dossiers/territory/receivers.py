"""Pages of dossiers follow their dossier, whoever touches them; what space pages keep of them is exact."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, post_page_move

from portal.core.filters import forget_choices
from portal.territories.models import TerritoryImport

from ..models import DossierPage
from ..services.publication import may_be_live
from .claims import follow_territories


def holds_back(page: Page) -> bool:
    """Publication guard: nobody publishes the page of a dossier that is not accepted."""
    return page.specific_class is DossierPage and not may_be_live(page)


@receiver(page_published, sender=DossierPage)
def published(sender: type, instance: DossierPage, **kwargs: Any) -> None:
    """Planned, restored with its space, or by a superuser: a page whose dossier is not accepted does not stay."""
    if not may_be_live(instance):
        instance.unpublish(set_expired=False, log_action=True)


@receiver(post_save, sender=TerritoryImport)
def territories_loaded(sender: type, instance: TerritoryImport, created: bool = False, **kwargs: Any) -> None:
    """A new vintage: communes merged, intercommunalités changed. Perimeters follow once it is committed."""
    if created:
        transaction.on_commit(follow_territories)


@receiver([post_save, post_delete], sender=DossierPage)
def changed(sender: type, **kwargs: Any) -> None:
    forget_choices()


@receiver([post_save, post_delete], sender=PageViewRestriction)
def restricted(sender: type, instance: PageViewRestriction, **kwargs: Any) -> None:
    forget_choices()


@receiver(post_page_move)
def moved(sender: type, **kwargs: Any) -> None:
    forget_choices()

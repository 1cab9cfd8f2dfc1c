"""Taking the demonstration away: exactly what its records name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Page

from dossiers.models import Dossier
from dossiers.retention.purge import erase
from events.models import EventPage, Registration
from newsletters.models import Campaign, ConsentEvent, MailingList, Subscriber
from pages.models import StandardPage
from portal.accounts.models import User
from portal.core.sections import registered_sections
from portal.territories.models import Space

from ..content.standard import PAGES
from ..models import SeededObject
from .body import typeset
from .letters import delete_readers, delete_sending


@transaction.atomic
def delete_demo() -> tuple[int, list[str]]:
    """Delete what was seeded, last made first. Returns how many, and the keys kept because other content needs them
    (a space somebody wrote in, an organisation or a venue in use)."""
    deleted, kept = 0, []
    _empty_fixed_pages()
    for row in SeededObject.objects.select_related("content_type").order_by("-pk"):
        model: Any = row.content_type.model_class()
        instance = model._default_manager.filter(pk=row.object_id).first()
        if instance is not None and not _delete(instance):
            kept.append(row.key)
            continue
        deleted += 1
        row.delete()
    return deleted, kept


def _empty_fixed_pages() -> None:
    """The obligatory pages are the site's: they lose the demonstration's text, unless somebody wrote another."""
    for slug, (lead, _) in PAGES.items():
        for page in StandardPage.objects.filter(slug=slug, lead=typeset(lead)):
            page.lead, page.body = "", "[]"
            page.save_revision().publish()


def _delete(instance: Any) -> bool:
    from django.db.models.deletion import ProtectedError

    try:
        with transaction.atomic():
            if isinstance(instance, Space):
                return _delete_space(instance)
            if isinstance(instance, EventPage):
                # Whoever tried the demonstration registered to what goes.
                Registration.objects.filter(occurrence__page=instance).delete()
            if isinstance(instance, Page):
                Page.objects.get(pk=instance.pk).specific.delete()
            elif isinstance(instance, Subscriber):
                # The log refuses to lose a row; these consents were nobody's, and would keep their list for ever.
                ConsentEvent._base_manager.filter(subscriber=instance)._raw_delete(instance._state.db)
                instance.delete()
            elif isinstance(instance, Campaign):
                delete_sending(instance)
            elif isinstance(instance, MailingList):
                delete_readers(instance)
            elif isinstance(instance, Dossier):
                erase(instance)
            elif isinstance(instance, User):
                instance.memberships.all().delete()
                instance.delete()
            else:
                instance.delete()
    except ProtectedError:
        return False
    return True


def _delete_space(space: Space) -> bool:
    """Delete a space that holds nothing but its own sections."""
    page = Page.objects.get(pk=space.page_id)
    sections = {section.slug for section in registered_sections()}
    if any(not (child.slug in sections and child.depth == page.depth + 1) for child in page.get_descendants()):
        return False
    territory, collection, workflow = space.territory, space.collection, space.workflow
    MailingList.objects.filter(territory=territory, subscriptions=None).delete()
    groups = list(Group.objects.filter(role_group__territory=territory, user=None))
    # The space first: its end writes the facts of its pages anew, which go with them.
    space.delete()
    Page.objects.get(pk=page.pk).specific.delete()
    for group in groups:
        group.delete()
    if workflow is not None:
        workflow.delete()
    collection.delete()
    return True

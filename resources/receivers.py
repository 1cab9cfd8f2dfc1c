"""Keeping what a resource derives from its documents."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.documents.models import Document

from portal.core.page_cache import invalidate_pages

from .enums import FileFormat
from .models import ResourceFile


@receiver(post_save, sender=Document)
def document_replaced(sender: type, instance: Document, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A document given another file or title: its format follows, and the pages that show it are read again."""
    if created or raw:
        return
    ResourceFile.objects.filter(document=instance).update(format=FileFormat.of(instance.filename))
    invalidate_pages()

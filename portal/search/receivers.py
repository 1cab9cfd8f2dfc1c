"""Signals that enqueue indexing once the transaction has been committed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from modelsearch import index, signal_handlers
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from portal.territories.models import Space

from .tasks import index_object, index_subtree


def object_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Instead of modelsearch's: that task is enqueued before the commit and fails on an object deleted meanwhile."""
    if not raw:
        meta = instance._meta
        transaction.on_commit(partial(index_object.enqueue, meta.app_label, meta.model_name, str(instance.pk)))


def subtree_changed(page_id: int) -> None:
    transaction.on_commit(partial(index_subtree.enqueue, page_id))


def page_moved(instance: Page, **kwargs: Any) -> None:
    subtree_changed(instance.pk)


def restriction_or_space_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        subtree_changed(instance.page_id)


def connect() -> None:
    """Take over from modelsearch's handlers of saves; its handlers of deletions stay."""
    for model in index.get_indexed_models():
        if getattr(model, "search_auto_update", True):
            post_save.disconnect(signal_handlers.post_save_signal_handler, sender=model)
            post_save.connect(object_saved, sender=model, dispatch_uid=f"search-{model._meta.label}")
    post_page_move.connect(page_moved, dispatch_uid="search-moved")
    for model in (PageViewRestriction, Space):
        for signal in (post_save, post_delete):
            signal.connect(
                restriction_or_space_changed, sender=model, dispatch_uid=f"search-{model._meta.label}-{id(signal)}"
            )

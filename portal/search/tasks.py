"""Keeping the index up to date, after the transaction that changed a page has been committed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django_tasks import task
from modelsearch.backends import get_search_backends
from modelsearch.index import get_indexed_instance
from wagtail.models import Page

CHUNK = 200


def write(instance: Any) -> None:
    """Write ``instance`` into every index. An engine that is down raises, so that the task is tried again later."""
    indexed = get_indexed_instance(instance)
    if indexed is not None:
        for backend in get_search_backends(with_auto_update=True):
            backend.add(indexed)


@task()
def index_object(app_label: str, model_name: str, pk: str) -> None:
    """Write one object into the index. One deleted since is none of our business: its deletion removed it."""
    model = apps.get_model(app_label, model_name)
    instance = model._default_manager.filter(pk=pk).first()
    if instance is not None:
        write(instance)


@task()
def index_subtree(page_id: int) -> None:
    """Write a page and all under it again: they moved, or who may see them changed. Idempotent."""
    root = Page.objects.filter(pk=page_id).first()
    if root is None:
        return
    for page in Page.objects.descendant_of(root, inclusive=True).order_by("path").specific().iterator(CHUNK):
        write(page)

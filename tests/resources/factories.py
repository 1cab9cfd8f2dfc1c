"""Makers of resources."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from portal.territories.models import Space
from resources.models import Beneficiary, ResourceFile, ResourcePage
from tests.factories import add_page, section

_numbers = itertools.count(1)


def make_document(name: str = "guide.pdf", **fields: Any) -> Document:
    content = fields.pop("content", b"%PDF-1.4 un guide")
    fields = {"title": f"Document {next(_numbers)}"} | fields
    document = Document(file=ContentFile(content, name=name), **fields)
    document.save()
    return document


def make_resource(space: Space, **fields: Any) -> ResourcePage:
    """A published resource of ``space``; ``themes``, ``beneficiaries`` (codes) and ``documents`` are lists."""
    number = next(_numbers)
    themes, codes, documents = (fields.pop(name, []) for name in ("themes", "beneficiaries", "documents"))
    fields = {
        "title": f"Ressource {number}",
        "slug": f"ressource-{number}",
        "lead": "Un résumé.",
        "type": "methodologie",
    } | fields
    page = ResourcePage(**fields)
    page.themes = themes
    page.beneficiaries = list(Beneficiary.objects.filter(code__in=codes))
    page.files = [ResourceFile(document=document, sort_order=order) for order, document in enumerate(documents)]
    return add_page(section(space, "ressources"), page)

"""Illustrations and small documents."""

from __future__ import annotations

import io
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection

from portal.territories.models import Space
from portal.territories.selectors import parse_key

from ..illustrations.scenes import SCENES
from .files import csv_file, odt_file, pdf_file
from .store import Store

FOLDER = Path(__file__).parent.parent / "illustrations" / "images"
ALTS = {scene.slug: scene.alt for scene in SCENES}


def _collection(key: str) -> Collection:
    level, code = parse_key(key or "nation-FR") or ("nation", "FR")
    space = Space.objects.select_related("collection").filter(territory__level=level, territory__code=code).first()
    return space.collection if space else Collection.get_first_root_node()


def seed_images(store: Store) -> dict[str, Image]:
    """The illustrations by slug."""
    images: dict[str, Image] = {}
    for scene in SCENES:

        def make(scene=scene) -> Image:  # type: ignore[no-untyped-def]
            x, y, width, height = scene.focus
            data = (FOLDER / f"{scene.slug}.webp").read_bytes()
            image = Image(
                # Assigned at once: the field reads the picture's size.
                file=ImageFile(io.BytesIO(data), name=f"{scene.slug}.webp"),
                title=scene.title,
                description=scene.alt,
                collection=_collection(scene.territory),
                focal_point_x=x + width // 2,
                focal_point_y=y + height // 2,
                focal_point_width=width,
                focal_point_height=height,
            )
            image.file_size = len(data)
            image.save()
            return image

        if image := store.once(f"image:{scene.slug}", make):
            images[scene.slug] = image
    return images


def document(store: Store, slug: str, title: str, lines: list[str], kind: str) -> Document | None:
    """A small PDF, ODT or CSV file made from ``lines``."""

    def make() -> Document:
        data = {"pdf": pdf_file, "odt": odt_file, "csv": csv_file}[kind](title, lines)
        item = Document(title=title, collection=_collection("nation-FR"))
        item.file.save(f"{slug}.{kind}", ContentFile(data), save=False)
        item.file_size = len(data)
        item.save()
        return item

    return store.once(f"document:{slug}.{kind}", make)

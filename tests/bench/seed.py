"""Many pages, quickly: rows are written in bulk where the services would take minutes; facts are then computed by the
project's own function, so that what is measured is what the portal really keeps."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone
from wagtail.models import Locale, Page

from pages.services import ensure_site, open_territory_space
from portal.core import facts
from portal.core.vocabulary import load_vocabulary
from portal.territories.enums import Level
from portal.territories.models import Space, Territory
from resources.enums import BeneficiaryCode
from resources.models import Beneficiary

WORDS = (
    *("atelier", "médiation", "numérique", "territoire", "accompagnement", "démarches", "usagers", "conseiller"),
    *("réseau", "formation", "feuille", "route", "concertation", "inclusion", "collectivité", "gouvernance"),
    *("matériel", "reconditionné", "accessibilité", "parentalité", "données"),
)


def bulk_add_children(parent: Page, model: type[Page], rows: list[dict[str, Any]]) -> list[int]:
    """Insert ``rows`` (field values) as live children of ``parent``; returns their ids."""
    parent.refresh_from_db()
    locale, content_type = Locale.get_default(), ContentType.objects.get_for_model(model)
    base_names = {field.name for field in Page._meta.local_fields}
    now = timezone.now()
    pages = []
    for number, row in enumerate(rows, parent.numchild + 1):
        values = {name: value for name, value in row.items() if name in base_names}
        published = values.pop("first_published_at", now)
        pages.append(
            Page(
                path=Page._get_path(parent.path, parent.depth + 1, number),
                depth=parent.depth + 1,
                numchild=0,
                url_path=f"{parent.url_path}{values['slug']}/",
                draft_title=values["title"],
                content_type=content_type,
                locale=locale,
                live=True,
                first_published_at=published,
                last_published_at=published,
                **values,
            )
        )
    Page.objects.bulk_create(pages, batch_size=1000)
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + len(rows))
    ids = list(
        Page.objects.filter(path__in=[page.path for page in pages[:1]]).values_list("pk", flat=True)
        if len(pages) == 1
        else Page.objects.child_of(parent).order_by("-path").values_list("pk", flat=True)[: len(pages)]
    )[::-1]
    _insert_own_columns(model, ids, rows, base_names)
    return ids


def _insert_own_columns(model: type[Page], ids: list[int], rows: list[dict[str, Any]], base_names: set[str]) -> None:
    """The child table's rows, which ``bulk_create`` refuses for multi-table inheritance."""
    fields = [field for field in model._meta.local_fields if isinstance(field, models.Field)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",
            [
                [
                    pk
                    if field.primary_key
                    else field.get_db_prep_save(
                        row.get(field.attname, row.get(field.name, field.get_default())), connection
                    )
                    for field in fields
                ]
                for pk, row in zip(ids, rows, strict=True)
            ],
        )


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize()


def open_spaces(count: int) -> list[Space]:
    """The national space and ``count`` - 1 others, régions first: as the service opens them."""
    ensure_site()
    order = [Level.REGION, Level.DEPARTEMENT, Level.EPCI]
    for level in order:
        for territory in Territory.objects.filter(level=level).order_by("code"):
            if Space.objects.count() >= count:
                break
            open_territory_space(territory=territory)
    return list(Space.objects.select_related("page", "territory").order_by("pk"))


def seed(pages: int, spaces: int, rng: random.Random) -> None:
    """``pages`` pages of content over ``spaces`` spaces, in the shares that :mod:`tests.bench.kinds` states."""
    from .kinds import KINDS

    load_vocabulary()
    # Rows of a migration, which the flush of the run before took away.
    Beneficiary.objects.bulk_create((Beneficiary(code=code) for code in BeneficiaryCode.values), ignore_conflicts=True)
    opened = open_spaces(spaces)
    for kind in KINDS:
        total = max(1, round(pages * kind.share))
        for index, space in enumerate(opened):
            mine = total // len(opened) + (1 if index < total % len(opened) else 0)
            if not mine:
                continue
            section = Page.objects.child_of(Page.objects.get(pk=space.page_id)).get(slug=kind.section)
            rows = [
                {
                    "title": sentence(rng, 6),
                    "slug": f"{kind.name}-{number}",
                    "lead": sentence(rng, 25),
                    "first_published_at": timezone.now() - timedelta(minutes=rng.randrange(1, 2_000_000)),
                }
                | kind.fields(rng)
                for number in range(mine)
            ]
            kind.after(bulk_add_children(section, kind.model, rows), rng)
    facts.refresh_subtree(Page.objects.get(depth=2))

"""Loading the ready types: what is not there is made and published, what is there is left as it is."""

from __future__ import annotations

import json

from django.db import transaction

from ..models import DossierType, NationalAxis
from .building import stream_of
from .ready import NATIONAL_AXES, READY, ReadyType
from .services import publish_version


@transaction.atomic
def load_ready_types() -> list[DossierType]:
    """Make the ready types that are not there, by code, and the national axes where there is none. Those made."""
    made = [load(ready) for ready in READY if not DossierType.objects.filter(code=ready.code).exists()]
    if not NationalAxis.objects.exists():
        NationalAxis.objects.bulk_create(
            NationalAxis(title=title, order=order) for order, title in enumerate(NATIONAL_AXES, 1)
        )
    return made


def load(ready: ReadyType) -> DossierType:
    blocks, keys = stream_of(ready.code, ready.fields)
    made = DossierType(
        code=ready.code, kind=ready.kind, title=ready.title, prefix=ready.prefix, keys=keys, **ready.settings
    )
    made.form = json.dumps(blocks)  # type: ignore[assignment]
    made.full_clean(exclude=["form"])
    made.save()
    publish_version(type=made, actor=None)
    return made

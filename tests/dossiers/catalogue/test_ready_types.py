"""The ready types: complete, published as they are written, never overwritten."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from dossiers.catalogue.loading import load_ready_types
from dossiers.catalogue.ready import READY
from dossiers.enums import FieldRole
from dossiers.fields.schema import load_schema, parse_schema
from dossiers.models import DossierType, NationalAxis

pytestmark = pytest.mark.django_db


def test_each_is_published_exactly_as_it_is_written() -> None:
    call_command("load_dossier_types")
    for ready in READY:
        made = DossierType.objects.get(code=ready.code)
        assert made.is_open
        assert made.current_version is not None
        assert made.current_version.schema == {"fields": ready.fields}
        schema = load_schema(made.current_version)
        assert schema.with_role(FieldRole.TITLE)
        assert schema.with_role(FieldRole.CONTACT_EMAIL)
        # What the administration shows is accepted as it is, by the checks it makes itself.
        made.full_clean()
        DossierType._meta.get_field("form").stream_block.clean(made.form)


def test_loading_again_leaves_what_an_administrator_changed() -> None:
    load_ready_types()
    DossierType.objects.filter(code="gouvernance").update(title="Gouvernances locales")
    NationalAxis.objects.first().delete()  # type: ignore[union-attr]
    axes = NationalAxis.objects.count()
    assert load_ready_types() == []
    assert DossierType.objects.get(code="gouvernance").title == "Gouvernances locales"
    assert NationalAxis.objects.count() == axes
    assert DossierType.objects.get(code="gouvernance").versions.count() == 1


def test_only_what_is_missing_is_made() -> None:
    load_ready_types()
    kept = DossierType.objects.get(code="gouvernance")
    gone = DossierType.objects.get(code="contribution-libre")
    DossierType.objects.filter(pk=gone.pk).update(current_version=None)
    gone.versions.all().delete()
    gone.delete()
    assert [each.code for each in load_ready_types()] == ["contribution-libre"]
    assert DossierType.objects.get(code="gouvernance").current_version_id == kept.current_version_id


@pytest.mark.parametrize("ready", READY, ids=lambda each: each.code)
def test_their_reasons_and_prefixes_hold(ready) -> None:
    parse_schema({"fields": ready.fields})
    codes = [each["code"] for each in ready.settings["reasons"]]
    assert len(set(codes)) == len(codes)
    assert len({each.prefix for each in READY}) == len(READY)

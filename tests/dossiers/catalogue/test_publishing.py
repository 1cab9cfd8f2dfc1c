"""Publishing: keys that stay, refusals in words, versions that are not published twice."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from wagtail.blocks.stream_block import StreamBlockValidationError

from dossiers.catalogue.services import PublishRefused, archive_type, publish_version, restore_type
from dossiers.models import DossierType
from portal.territories.models import Territory
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def block(kind: str, label: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": {"label": label} | value}


def written(*blocks: dict[str, Any]) -> DossierType:
    made = DossierType(code="essai", kind="contribution", title="Essai", prefix="ESS")
    return write(made, *blocks)


def write(made: DossierType, *blocks: dict[str, Any]) -> DossierType:
    made.form = json.dumps(blocks)  # type: ignore[assignment]
    made.save()
    return made


@pytest.fixture
def national():
    return make_member("admin_national", Territory.objects.nation())


def keys(made: DossierType) -> list[str]:
    assert made.current_version is not None
    return [each["key"] for each in made.current_version.schema["fields"]]


def test_keys_are_made_once_and_kept_when_labels_change(national) -> None:
    first, second = block("texte", "Nom du projet"), block("texte", "Nom du projet")
    made = written(first, second)
    publish_version(type=made, actor=national)
    assert keys(made) == ["nom-du-projet", "nom-du-projet-2"]
    first["value"]["label"] = "Titre"
    version = publish_version(type=write(made, second, first), actor=national)
    assert (version.number, keys(made)) == (2, ["nom-du-projet-2", "nom-du-projet"])
    # A key that was of a field since taken away is not given to another.
    publish_version(type=write(made, block("texte", "Nom du projet")), actor=national)
    assert keys(made) == ["nom-du-projet-3"]
    assert made.versions.get(number=1).schema["fields"][0]["label"] == "Nom du projet"


def test_conditions_are_written_in_the_words_of_the_form(national) -> None:
    choice = block("choix", "Statut", choices=[{"type": "item", "id": str(uuid.uuid4()), "value": "Société anonyme"}])
    made = written(
        choice,
        block("oui_non", "Des partenaires ?"),
        block("texte", "Lesquels", condition={"field": "des partenaires ?", "op": "egal", "value": "Oui"}),
        block("texte", "Capital", condition={"field": "Statut", "op": "parmi", "value": "société anonyme"}),
    )
    schema = publish_version(type=made, actor=national).schema["fields"]
    assert schema[2]["condition"] == {"field": "des-partenaires", "op": "egal", "value": True}
    assert schema[3]["condition"] == {"field": "statut", "op": "parmi", "value": ["societe-anonyme"]}


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (
            [block("texte", "Un", condition={"field": "Deux", "op": "rempli"}), block("texte", "Deux")],
            "« Deux », qui vient après",
        ),
        ([block("texte", "Un", condition={"field": "Rien", "op": "rempli"})], "aucun champ placé avant"),
        (
            [block("texte", "Un", role="intitule"), block("texte", "Deux", role="intitule")],
            "déjà celui du champ « Un »",
        ),
        ([block("choix", "Un", choices=[])], "au moins un choix"),
        (
            [block("oui_non", "Un"), block("texte", "Deux", condition={"field": "Un", "op": "egal", "value": "peut"})],
            "attend « oui » ou « non »",
        ),
        ([block("titre", "Un")], "aucun champ à remplir"),
    ],
)
def test_what_could_not_be_filled_in_is_refused_in_words(blocks, words, national) -> None:
    made = written(*blocks)
    with pytest.raises(PublishRefused, match=words):
        publish_version(type=made, actor=national)
    assert made.versions.count() == 0


def test_the_administration_says_it_beside_the_field() -> None:
    made = written(block("texte", "Un"), block("texte", "Deux", condition={"field": "Trois", "op": "rempli"}))
    with pytest.raises(StreamBlockValidationError) as refused:
        DossierType._meta.get_field("form").stream_block.clean(made.form)
    assert list(refused.value.block_errors) == [1]


def test_nothing_new_and_types_put_away_are_not_published(national) -> None:
    made = written(block("texte", "Un"))
    publish_version(type=made, actor=national)
    with pytest.raises(PublishRefused, match="Rien n’a changé depuis la version 1"):
        publish_version(type=made, actor=national)
    archive_type(type=made, actor=national)
    assert not made.is_open
    with pytest.raises(PublishRefused, match="retiré"):
        publish_version(type=write(made, block("texte", "Deux")), actor=national)
    restore_type(type=made, actor=national)
    assert publish_version(type=made, actor=national).number == 2

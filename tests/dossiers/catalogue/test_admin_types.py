"""Types in the administration: made, published, changed, published again; and refused to everybody else."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from dossiers.models import DossierType
from portal.territories.models import Territory
from tests.dossiers.factories import make_party
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db
CREATE = "dossiers_dossiertype_modeladmin_create"
EDIT = "dossiers_dossiertype_modeladmin_edit"
ADDED = "Budget prévu"


def national() -> Client:
    client = Client()
    client.force_login(make_member("admin_national", Territory.objects.nation()))
    return client


def text(label: str, **value: Any) -> tuple[str, dict[str, Any]]:
    empty = {"help": "", "max_length": "", "role": "", "condition": {"field": "", "op": "egal", "value": ""}}
    return "texte", {"label": label} | empty | value


def posted(*fields: tuple[str, dict[str, Any]], **changed: Any) -> dict[str, str]:
    """The whole form, as a browser sends it."""
    reasons = changed.pop("reasons", [])
    data = {
        "title": "Aide aux tiers-lieux",
        "code": "aide-tiers-lieux",
        "kind": "subvention",
        "prefix": "ATL",
        "summary": "",
        "guidance": "",
        "opens_at": "",
        "closes_at": "",
        "circuit": "departement",
        "min_shared_axes": "0",
        "instruction_days": "45",
        "complement_days": "15",
        "grace_days": "3",
        "retention_months": "60",
        "draft_months": "12",
        "form": streamfield(list(fields)),
        "mail_texts": {"received": "Gardez ce message.", "taken": ""},
    }
    sent: dict[str, Any] = nested_form_data(data | changed)
    sent["organisation_kinds"] = ["epci"]
    sent["reasons-count"] = str(len(reasons))
    for index, value in enumerate(reasons):
        sent |= {f"reasons-{index}-deleted": "", f"reasons-{index}-order": str(index), f"reasons-{index}-type": "item"}
        sent |= {f"reasons-{index}-id": "", **{f"reasons-{index}-value-{name}": one for name, one in value.items()}}
    return sent


def publish(client: Client, made: DossierType) -> Any:
    address = reverse("dossier_type_publish", args=[made.pk])
    seen = client.get(address).context["seen"]
    return client.post(address, {"vu": seen}, follow=True)


def test_a_type_is_made_published_changed_and_published_again() -> None:
    client = national()
    reason = {"label": "Hors champ", "code": "", "for": ["refuse"], "text": "Ce n’est pas l’objet."}
    answer = client.post(reverse(CREATE), posted(text("Nom du projet"), reasons=[reason]))
    assert answer.status_code == 302, answer.context["form"].errors
    made = DossierType.objects.get(code="aide-tiers-lieux")
    assert made.reasons == [
        {"code": "hors-champ", "label": "Hors champ", "text": "Ce n’est pas l’objet.", "for": ["refuse"]}
    ]
    assert (made.mail_texts, made.organisation_kinds) == ({"received": "Gardez ce message."}, ["epci"])
    assert ModelLogEntry.objects.for_instance(made).filter(action="wagtail.create").count() == 1

    assert "version 1 est publiée" in publish(client, made).content.decode()
    kept = made.form.get_prep_value()[0]["id"] if made.form else ""
    data = posted(text("Nom de l’action"), text(ADDED), title="Aide aux lieux", code="autre")
    data["form-0-id"] = kept
    assert client.post(reverse(EDIT, args=[made.pk]), data).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.code, made.reasons) == ("Aide aux lieux", "aide-tiers-lieux", [])
    assert ModelLogEntry.objects.for_instance(made).filter(action="wagtail.edit").count() == 1

    screen = client.get(reverse("dossier_type_publish", args=[made.pk]))
    differences = screen.context["differences"]
    assert differences.added == [ADDED]
    assert differences.changed[0].parts == [("intitulé", "Nom du projet", "Nom de l’action")]
    assert ADDED in screen.content.decode()
    publish(client, made)
    made.refresh_from_db()
    assert made.current_version is not None
    assert [field["key"] for field in made.current_version.schema["fields"]] == ["nom-du-projet", "budget-prevu"]
    again = publish(client, made)
    assert again.status_code == 422
    assert "Rien n’a changé depuis la version 2" in again.content.decode()


def make(**fields: Any) -> DossierType:
    raw = [{"type": "texte", "id": str(uuid.uuid4()), "value": {"label": "Nom"}}]
    return DossierType.objects.create(
        code="essai", kind="contribution", title="Essai", prefix="ESS", form=json.dumps(raw), **fields
    )


def test_what_was_not_read_is_not_published() -> None:
    client, made = national(), make()
    address = reverse("dossier_type_publish", args=[made.pk])
    seen = client.get(address).context["seen"]
    made.save()
    answer = client.post(address, {"vu": seen})
    assert answer.status_code == 422
    assert "relisez les différences" in answer.content.decode()
    assert not made.versions.exists()


def test_a_bad_form_says_where() -> None:
    client = national()
    bad = text("Montant", condition={"field": "Rien", "op": "rempli", "value": ""})
    answer = client.post(reverse(CREATE), posted(text("Nom"), bad, prefix="a1", uses_envelopes="on"))
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert {"form", "prefix", "uses_envelopes"} <= set(errors)
    assert list(errors.as_data()["form"][0].block_errors) == [1]
    assert not DossierType.objects.exists()


def test_the_window_closes_after_it_opens() -> None:
    data = posted(text("Nom"), opens_at="2026-05-02 10:00", closes_at="2026-05-01 10:00")
    errors = national().post(reverse(CREATE), data).context["form"].errors
    assert errors == {"closes_at": ["La clôture vient après l’ouverture."]}


def test_put_away_and_taken_back() -> None:
    client, made = national(), make()
    answer = client.post(reverse("dossier_type_archive", args=[made.pk]), follow=True)
    assert "Remettre en service" in answer.content.decode()
    made.refresh_from_db()
    assert made.archived_at is not None
    assert publish(client, made).status_code == 422
    client.post(reverse("dossier_type_restore", args=[made.pk]))
    made.refresh_from_db()
    assert made.archived_at is None
    actions = ModelLogEntry.objects.for_instance(made).values_list("action", flat=True)
    assert sorted(actions) == ["dossiers.type.archive", "dossiers.type.restore"]


def test_others_change_nothing() -> None:
    made, party = make(), make_party()
    editor = make_member("editor", party.territory)
    for user in (editor, party.instructor, party.depositor, make_user()):
        client = Client()
        client.force_login(user)
        addresses = [reverse(name, args=[made.pk]) for name in ("dossier_type_publish", "dossier_type_archive", EDIT)]
        for address in (*addresses, reverse(CREATE)):
            assert client.post(address, posted(text("Nom"), code="vol")).status_code in (302, 403)
    made.refresh_from_db()
    assert (made.archived_at, made.current_version, made.title) == (None, None, "Essai")
    assert not DossierType.objects.filter(code="vol").exists()


@pytest.mark.parametrize("count", [None, "", "deux", "1"])
def test_a_form_that_did_not_arrive_whole_changes_nothing(count: str | None) -> None:
    client = national()
    made = make()
    for address in (reverse(CREATE), reverse(EDIT, args=[made.pk])):
        sent = posted(title="Coupé", code="coupe")
        sent.pop("form-count")
        answer = client.post(address, sent if count is None else sent | {"form-count": count})
        assert answer.status_code == 302
        assert "n’est pas arrivé en entier" in client.get(answer["Location"]).content.decode()
    assert not DossierType.objects.filter(title="Coupé").exists()

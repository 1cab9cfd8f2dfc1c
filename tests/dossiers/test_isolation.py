"""Two départements, two organisations: of the dossiers of one, with their pieces, messages, avis, documents, exports,
the others find nothing at any address of the app or its API.

Addresses are walked from the resolver: one that is added is tried too, and fails here until tests/security/planting/
knows where it leads.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from dossiers.api.tokens import Scope, create_token
from dossiers.enums import DocumentKind, ExportFormat, ExportState, Side
from dossiers.exchange.attachments import PURPOSE as EXCHANGE
from dossiers.models import (
    PURPOSE,
    Dossier,
    DossierDocument,
    DossierEvent,
    DossierExport,
    Message,
    MessageFile,
    Opinion,
    OpinionFile,
    PieceVersion,
)
from portal.accounts.models import Membership, User
from portal.files.models import StoredFile
from portal.territories.models import Territory
from tests.accounts.proofs import prove
from tests.dossiers.factories import make_of_organisation, make_organisation
from tests.factories import make_member, make_user
from tests.files.samples import make_file
from tests.security.planting.dossiers import dossiers_world, make_message, make_opinion
from tests.security.walk import World
from tests.surfaces import Address, addresses

pytestmark = pytest.mark.django_db
SECRET = "Ornithorynque zébulon"
#: Where the app's addresses begin; those of the administration are of types, which are nobody's secret.
BEGINNINGS = ("dossiers/", "instruction/", "api/dossiers/")
#: Addresses that name an object and answer others than its parties, with why.
OPEN = {
    "dossiers:begin": "types are for every organisation",
    "dossiers:verify": "whoever holds a decision verifies it by the code that is on it",
    "dossiers:invitation": "its link is in a mail to one person, and tells nothing before they are known",
}
WHO = ("instructor of another département", "other organisation", "organisation of another département",
       "advisor on another dossier", "nobody's", "former member")  # fmt: skip


@dataclass
class Planted:
    """What the parties of dossiers of the Landes have."""

    world: World
    needles: list[str]
    files: list[StoredFile] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[Address, str]]:
        for address in addresses():
            if address.route.startswith(BEGINNINGS):
                for path in self.world.paths(address):
                    yield address, path


def state() -> list[Any]:
    """What nobody of elsewhere changes."""
    rows = Dossier.objects.order_by("pk").values_list("pk", "version", "last_event_number", "state", "binned_at")
    return [*rows, DossierEvent.objects.count(), Message.objects.count(), list(_opinions())]


def _opinions() -> Any:
    return Opinion.objects.order_by("pk").values_list("pk", "state")


@pytest.fixture
def planted(landes_space: Any) -> Planted:
    organisation = make_organisation(landes_space.territory, name=SECRET)
    world = dossiers_world(landes_space.territory, organisation)
    dossier = Dossier.objects.get(pk=world.values["dossier_id"])
    instructor = User.objects.filter(memberships__role="instructor").order_by("pk")[0]
    message = make_message(dossier, instructor)
    Message.objects.order_by("pk").update(body=SECRET)
    Message.objects.filter(pk=message.pk).update(internal=True, side=Side.INSTRUCTION)
    opinion = make_opinion(dossier, make_user(), instructor)
    Opinion.objects.order_by("pk").update(question=SECRET)
    piece = PieceVersion.objects.select_related("file").order_by("pk")[0].file
    files = [piece, *(make_file(instructor, name="zebulon.pdf", purpose=EXCHANGE) for _ in range(2))]
    files += [make_file(None, name="zebulon.pdf", purpose=PURPOSE) for _ in range(2)]
    MessageFile.objects.create(message=message, file=files[1])
    OpinionFile.objects.create(opinion=opinion, file=files[2])
    DossierDocument.objects.filter(dossier=dossier, kind=DocumentKind.RECEIPT).update(file=files[3])
    until = timezone.now() + timedelta(days=1)
    DossierExport.objects.create(
        requested_by=instructor, format=ExportFormat.XLSX, state=ExportState.DONE, file=files[4], expires_at=until
    )
    world.values = {"": [1], "key": landes_space.territory.key, "page_id": landes_space.page_id} | world.values
    world.values.setdefault("file_id", piece.pk)
    numbers = Dossier.objects.exclude(number=None).order_by("pk").values_list("number", flat=True)
    keys = Dossier.objects.order_by("pk").values_list("pk", flat=True)
    return Planted(world, [SECRET, "zebulon", *map(str, keys), *map(str, numbers)], files)


def make(who: str, organisation: Any) -> User:
    landes, gers = (Territory.objects.get(level="departement", code=code) for code in ("40", "32"))
    if who == "instructor of another département":
        return make_member("instructor", gers)
    if who == "other organisation":
        return make_of_organisation("depositor", make_organisation(landes))
    if who == "organisation of another département":
        return make_of_organisation("depositor", make_organisation(gers))
    if who == "advisor on another dossier":
        advisor = make_user()
        other = dossiers_world(gers, make_organisation(gers))
        elsewhere = Dossier.objects.get(pk=other.values["dossier_id"])
        make_opinion(elsewhere, advisor, User.objects.filter(memberships__territory=gers).order_by("pk")[0])
        return advisor
    if who == "former member":
        gone = make_of_organisation("depositor", organisation)
        Membership.objects.filter(user=gone).delete()
        return User.objects.get(pk=gone.pk)
    return make_user()


def read(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return body.decode("utf-8", "replace") + str(response.headers)


def leaked(planted: Planted, text: str, path: str) -> list[str]:
    """What of the planted is in ``text``, the address itself left out: its asker knows it."""
    text = text.replace(path, "").lower()
    return [each for each in planted.needles if each.lower() in text and each not in path]


@pytest.mark.parametrize(
    "who", [WHO[0], WHO[1], *(pytest.param(who, marks=pytest.mark.wide) for who in WHO[2:])]
)  # fmt: skip
def test_others_find_nothing_anywhere(planted: Planted, who: str) -> None:
    organisation = Dossier.objects.get(pk=planted.world.values["dossier_id"]).organisation
    user = make(who, organisation)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    prove(client, user)
    dossier = Dossier.objects.get(pk=planted.world.values["dossier_id"])
    posted = {"version": dossier.version, "_version": dossier.version, "key": "x", "reason": "Un motif.", "nom": "x"}
    before, found, seen = state(), [], 0
    for address, path in planted.walk():
        api = address.route.startswith("api/")
        statuses = []
        for answer in (client.get(path), client.post(path, posted)):
            statuses.append(answer.status_code)
            told = leaked(planted, read(answer), path)
            if told and address.name not in ("dossiers:verify",):
                found.append(f"{address.name} {path}: tells {told}")
        named = "<" in address.route
        seen += named
        if who == "other organisation" and address.name == "dossiers:coverage":
            continue  # Whoever is of a département reads who covers it: titles of the deposited, by exclusive types.
        if named and address.name not in OPEN:
            # What an address does not take (405) it says to everybody; a session is no key of the API (401).
            if not set(statuses) <= ({401, 405} if api else {404, 405}) or statuses == [405, 405]:
                found.append(f"{address.name} {path}: {statuses}")
        elif max(statuses) >= 500:
            found.append(f"{address.name} {path}: {statuses}")
    assert found == [], "\n".join(found)
    assert seen > 30, "the walk went somewhere"
    assert state() == before
    for each in planted.files:
        assert client.get(each.get_absolute_url()).status_code == 404, each.purpose


def test_a_key_of_elsewhere_opens_nothing_of_the_api(planted: Planted) -> None:
    user = make(WHO[0], None)
    until = timezone.now() + timedelta(days=1)
    _, secret = create_token(actor=user, name="Ailleurs", scopes=[Scope.READ, Scope.DECIDE], expires_at=until)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    version = Dossier.objects.get(pk=planted.world.values["dossier_id"]).version
    body = json.dumps({"action": "refuser", "version": version, "reason": "Un motif."})
    before, seen = state(), 0
    for address, path in planted.walk():
        if not address.route.startswith("api/"):
            continue
        answers = [client.get(path), client.post(path, body, content_type="application/json")]
        assert [leaked(planted, read(each), path) for each in answers] == [[], []], path
        if "<" in address.route:
            seen += 1
            assert {each.status_code for each in answers} <= {404, 405}, path
            assert 404 in {each.status_code for each in answers}, path
    assert seen >= 3
    assert state() == before


@pytest.mark.wide
def test_visitors_are_led_to_the_sign_in(planted: Planted) -> None:
    client, found = Client(raise_request_exception=False), []
    for address, path in planted.walk():
        for answer in (client.get(path), client.post(path)):
            told = leaked(planted, read(answer), path)
            fits = answer.status_code in (302, 401, 405) and "login" in answer.get("Location", "login")
            named = "<" in address.route and address.name not in (*OPEN, "dossiers:published-file")
            if (named and not fits) or (told and address.name != "dossiers:verify"):
                found.append(f"{address.name} {path}: {answer.status_code} {told}")
    assert found == [], "\n".join(found)


def test_what_is_posted_names_the_dossiers_of_another_in_vain(planted: Planted, landes_space: Any) -> None:
    """Identifiers in the body instead of the address: batches, assignment, avis, files of messages."""
    user = make(WHO[0], None)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    prove(client, user)
    dossier = Dossier.objects.get(pk=planted.world.values["dossier_id"])
    label, file = planted.world.values["label_id"], planted.files[1].pk
    before = state()
    for act in ("prendre", "etiqueter", "refuser"):
        body = {"acte": act, "d": str(dossier.pk), "label": label, "reason": "Un motif.", "key": uuid.uuid4().hex}
        answer = client.post("/instruction/lots/", body | {f"v-{dossier.pk}": dossier.version}, follow=True)
        assert answer.status_code < 500
        assert leaked(planted, read(answer), str(dossier.pk)) == []
    assert state() == before
    answer = client.get(f"/instruction/?q=ornithorynque&etiquette={label}&territoire={landes_space.territory.key}")
    assert leaked(planted, read(answer), "?q=ornithorynque") == []
    # One's own dossier does not take another's file.
    own = dossiers_world(
        Territory.objects.get(level="departement", code="32"), make_organisation(landes_space.territory)
    )
    mine = Dossier.objects.get(pk=own.values["dossier_id"])
    before = state()
    answer = client.post(f"/dossiers/{mine.pk}/instruction/messages/", {"body": "", "attached-kept": str(file)})
    assert answer.status_code == 422
    assert state() == before


def test_every_address_of_the_app_is_walked() -> None:
    found = {route for route, module in _views(get_resolver()) if module.startswith("dossiers.")}
    outside = {each for each in found if not each.startswith((*BEGINNINGS, "admin/"))}
    assert found
    # Open data and figures, which are everybody's, have tests of their own.
    assert not {each for each in outside if "<uuid:" in each or "<int:" in each}


def _views(resolver: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, getattr(each.callback, "__module__", "")
        else:
            yield from _views(each, route)

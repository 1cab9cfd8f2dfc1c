"""A file from the trial to the list, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from newsletters.addresses import fingerprint
from newsletters.imports import services
from newsletters.imports.models import ImportedRow, SubscriberImport
from newsletters.imports.work import carry_out
from newsletters.models import ConsentEvent, Subscriber, Subscription, SubscriptionRequest
from newsletters.services import confirm, subscribe, suppress, unsubscribe
from newsletters.tokens import confirmation_token
from portal.accounts.enums import Role
from portal.files.models import StoredFile, private_storage
from tests.factories import make_member

from .making import checked, csv_of, imported, list_of, outcomes, prepared, sender, undone

PEOPLE = csv_of("ana@exemple.fr;Ana Petit;Mairie de Dax", "BOB@Exemple.FR;Bob;", "ana@exemple.fr;Ana;")


def active(mailing_list):
    found = Subscription.objects.filter(list=mailing_list, state="active")
    return sorted(found.values_list("subscriber__address", flat=True))


def test_a_trial_says_what_would_be_and_writes_nothing(landes_space, commit):
    actor, letters = sender(landes_space), list_of(landes_space)
    imported(actor, letters, csv_of("deja@exemple.fr;;"))
    left = imported(actor, letters, csv_of("partie@exemple.fr;;"))
    unsubscribe(subscription=Subscription.objects.get(subscriber__address="partie@exemple.fr"))
    suppress(address="exclue@exemple.fr", reason="complaint")
    assert left.state == "done"
    before = (Subscriber.objects.count(), Subscription.objects.count(), ConsentEvent.objects.count())
    item = checked(
        actor,
        letters,
        csv_of(
            "neuve@exemple.fr;;",
            "deja@exemple.fr;;",
            "partie@exemple.fr;;",
            "exclue@exemple.fr;;",
            "pas.une.adresse;;",
            "jean@gmial.com;;",
            "mairie@exemple.fr;;",
            "Neuve@exemple.fr;;",
            ";Sans adresse;",
        ),
    )
    assert outcomes(item) == {
        2: "new", 3: "already", 4: "left", 5: "suppressed", 6: "invalid", 7: "typo", 8: "new", 9: "duplicate",
        10: "invalid",
    }  # fmt: skip
    assert item.state == "checked"
    assert item.rows_read == 9
    assert item.roles == 1
    assert item.taken == 2
    assert item.rows.get(line=7).suggestion == "jean@gmail.com"
    assert "@" in item.rows.get(line=6).reason
    assert (Subscriber.objects.count(), Subscription.objects.count(), ConsentEvent.objects.count()) == before


def test_an_import_subscribes_with_a_proof_and_writes_to_nobody(landes_space, commit):
    actor, letters = sender(landes_space), list_of(landes_space)
    with commit():
        item = imported(actor, letters, PEOPLE)
    assert active(letters) == ["ana@exemple.fr", "bob@exemple.fr"]
    ana = Subscriber.objects.get(address="ana@exemple.fr")
    assert (ana.name, ana.organisation) == ("Ana Petit", "Mairie de Dax")
    [proof] = ConsentEvent.objects.filter(subscriber=ana)
    assert (proof.action, proof.source, proof.actor, proof.list) == ("given", "import", actor, letters)
    assert proof.fingerprint == fingerprint("ana@exemple.fr")
    assert str(item.pk) in proof.evidence
    assert "12 mars" in proof.evidence
    assert mail.outbox == []
    assert not SubscriptionRequest.objects.exists()
    assert item.state == "done"
    assert item.counts == {"new": 2, "duplicate": 1}
    assert not StoredFile.objects.exists()
    assert item.file_id is None
    assert item.preview == []


def test_what_is_known_of_people_is_filled_where_empty_alone(landes_space):
    actor, letters = sender(landes_space), list_of(landes_space)
    Subscriber.objects.create(address="ana@exemple.fr", name="Anaïs")
    item = imported(actor, letters, PEOPLE)
    ana = Subscriber.objects.get(address="ana@exemple.fr")
    assert (ana.name, ana.organisation) == ("Anaïs", "Mairie de Dax")
    undone(actor, item)
    ana.refresh_from_db()
    assert (ana.name, ana.organisation) == ("Anaïs", "")
    assert not Subscriber.objects.filter(address="bob@exemple.fr").exists()


def test_who_left_between_the_trial_and_the_import_is_left_out(landes_space):
    actor, letters = sender(landes_space), list_of(landes_space)
    item = checked(actor, letters, PEOPLE)
    bob = Subscriber.objects.create(address="bob@exemple.fr")
    Subscription.objects.create(list=letters, subscriber=bob, state="unsubscribed", unsubscribed_at=timezone.now())
    suppress(address="ana@exemple.fr", reason="bounce")
    services.confirm(actor=actor, item=item)
    carry_out(item.pk)
    item.refresh_from_db()
    assert item.counts == {"suppressed": 1, "left": 1, "duplicate": 1}
    assert active(letters) == []


def test_who_left_is_remembered_after_their_erasure(landes_space):
    actor, letters = sender(landes_space), list_of(landes_space)
    imported(actor, letters, PEOPLE)
    held = Subscription.objects.get(subscriber__address="bob@exemple.fr")
    unsubscribe(subscription=held)
    held.subscriber.delete()
    again = checked(actor, letters, PEOPLE)
    assert outcomes(again) == {2: "already", 3: "left", 4: "duplicate"}


def test_an_import_taken_back_is_as_if_it_had_not_been_but_for_its_proofs(landes_space):
    actor, letters = sender(landes_space), list_of(landes_space)
    item = undone(actor, imported(actor, letters, PEOPLE))
    assert item.state == "undone"
    assert item.undone == {"1": 2}
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    log = ConsentEvent.objects.filter(fingerprint=fingerprint("bob@exemple.fr")).order_by("pk")
    assert [(one.action, one.source, one.actor) for one in log] == [
        ("given", "import", actor),
        ("withdrawn", "import", actor),
    ]
    # It was not they who left: the right file may be imported afterwards.
    assert imported(actor, letters, PEOPLE).counts["new"] == 2


def test_what_people_did_themselves_since_stays(landes_space, commit):
    actor, letters = sender(landes_space), list_of(landes_space)
    item = imported(actor, letters, csv_of("ana@exemple.fr;;", "bob@exemple.fr;;", "cleo@exemple.fr;;"))
    # Ana asks for another list of the space, and this one, and confirms; Bob leaves.
    with commit():
        request = subscribe(address="ana@exemple.fr", lists=[letters])
    confirm(token=confirmation_token(request))
    unsubscribe(subscription=Subscription.objects.get(subscriber__address="bob@exemple.fr"))
    item = undone(actor, item)
    assert item.undone == {"1": 1, "2": 1, "3": 1}
    assert active(letters) == ["ana@exemple.fr"]
    assert Subscription.objects.get(subscriber__address="bob@exemple.fr").state == "unsubscribed"
    assert not Subscriber.objects.filter(address="cleo@exemple.fr").exists()
    assert outcomes(checked(actor, letters, csv_of("bob@exemple.fr;;"))) == {2: "left"}


def test_who_waited_to_confirm_waits_again(landes_space, commit):
    actor, letters = sender(landes_space), list_of(landes_space)
    with commit():
        subscribe(address="ana@exemple.fr", lists=[letters])
    item = imported(actor, letters, PEOPLE)
    assert active(letters) == ["ana@exemple.fr", "bob@exemple.fr"]
    undone(actor, item)
    held = Subscription.objects.get(subscriber__address="ana@exemple.fr")
    assert (held.state, held.confirmed_at) == ("pending", None)


def test_mistyped_domains_are_held_unless_one_says_what_to_do(landes_space):
    actor, letters = sender(landes_space), list_of(landes_space)
    data = csv_of("jean@orage.fr;;", "jean@orange.fr;;", "lea@wanadoo.f;;")
    assert outcomes(checked(actor, letters, data)) == {2: "typo", 3: "new", 4: "typo"}
    corrected = checked(actor, letters, data, typos="correct")
    assert outcomes(corrected) == {2: "new", 3: "duplicate", 4: "new"}
    assert corrected.rows.get(line=4).address == "lea@wanadoo.fr"
    assert outcomes(checked(actor, letters, data, typos="keep")) == {2: "new", 3: "new", 4: "new"}


def test_others_lists_tell_nothing_of_whom_they_know(landes_space, nation):
    """That an address is known elsewhere is not this team's business: it is new to them."""
    from newsletters.services import ensure_default_list

    actor, letters = sender(landes_space), list_of(landes_space)
    elsewhere = ensure_default_list(territory=nation)
    imported(make_member(Role.SENDER, nation), elsewhere, PEOPLE)
    assert outcomes(checked(actor, letters, PEOPLE)) == {2: "new", 3: "new", 4: "duplicate"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR])
def test_who_does_not_manage_the_list_imports_nothing(landes_space, role):
    other = make_member(role, landes_space.territory)
    with pytest.raises(PermissionDenied):
        prepared(other, list_of(landes_space), PEOPLE)
    item = prepared(sender(landes_space), list_of(landes_space), PEOPLE)
    for act in (services.confirm, services.undo, services.abandon):
        with pytest.raises(PermissionDenied):
            act(actor=other, item=item)


@pytest.mark.parametrize("given", [{"basis": ""}, {"basis": "parce que"}, {"evidence": "oui"}])
def test_a_basis_of_consent_and_its_evidence_are_obligatory(landes_space, given):
    from django.core.files.base import ContentFile

    asked = {"basis": "event", "evidence": "Feuille d’émargement du 12 mars"} | given
    with pytest.raises(services.ImportRefusedError):
        services.prepare(
            actor=sender(landes_space),
            mailing_list=list_of(landes_space),
            upload=ContentFile(PEOPLE, "a.csv"),
            **asked,
        )
    assert not SubscriberImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_nobody_launches_and_what_is_old_is_forgotten(landes_space, commit):
    actor, letters = sender(landes_space), list_of(landes_space)
    waiting, done = checked(actor, letters, PEOPLE), imported(actor, letters, PEOPLE)
    key = waiting.file.key
    assert services.forget_old_imports() == 0
    old = timezone.now() - timedelta(days=91)
    SubscriberImport.objects.filter(pk=waiting.pk).update(created_at=old)
    SubscriberImport.objects.filter(pk=done.pk).update(created_at=old, finished_at=old)
    with commit():
        assert services.forget_old_imports() == 2
    assert services.forget_old_imports() == 0
    waiting.refresh_from_db()
    assert waiting.state == "abandoned"
    assert not ImportedRow.objects.exists()
    assert not StoredFile.objects.exists()
    assert not private_storage().exists(key)
    assert active(letters) == ["ana@exemple.fr", "bob@exemple.fr"]
    done.refresh_from_db()
    with pytest.raises(services.ImportRefusedError):
        services.undo(actor=actor, item=done)


def test_rows_keep_nothing_of_who_is_erased(landes_space):
    actor, letters = sender(landes_space), list_of(landes_space)
    item = imported(actor, letters, PEOPLE)
    Subscriber.objects.get(address="ana@exemple.fr").delete()
    rows = item.rows.filter(line__in=(2, 4)).order_by("line")
    assert [(row.address, row.name, row.organisation) for row in rows] == [("", "", ""), ("", "", "")]
    assert undone(actor, item).state == "undone"

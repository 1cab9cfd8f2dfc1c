"""Complements: asked field by field, answered one by one, sent together, compared; nothing else may change."""

import datetime as dt
import uuid

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dossiers.enums import Action, EventKind, InvitationRight, RequestState, State
from dossiers.exchange import complements
from dossiers.journal import faults
from dossiers.models import ComplementItem, ComplementRequest, Dossier, DossierEvent, Reminder
from dossiers.rules import DossierConflict, DossierRefused
from tests.dossiers.factories import act, field, make_dossier, make_party, make_type, tomorrow
from tests.factories import make_user
from tests.files.samples import upload
from tests.security.planting.dossiers import invite_on

from .factories import client_of

pytestmark = pytest.mark.django_db

FIELDS = [
    field("budget", "montant", "Budget"),
    field("devis", "piece", "Devis", options={"max_files": 3}),
    field("actions", "tableau", "Actions", options={"columns": [{"key": "nom", "kind": "texte", "label": "Nom"}]}),
    field("commune", "texte", "Commune"),
]


@pytest.fixture
def party():
    return make_party()


def ask(party, *items, values=None, **options):
    """A dossier of which ``items`` (keys, optional ones after « ~ ») are asked."""
    dossier = make_dossier(
        party, State.INSTRUCTION, make_type(FIELDS, **options), values=values or {"budget": "100.00"}
    )
    asked = [
        {"field": each.strip("~"), "question": f"Et {each} ?", "mandatory": not each.startswith("~")} for each in items
    ]
    return act(Action.REQUEST, dossier, party.instructor, due_on=tomorrow(15), items=asked)


def item_of(dossier, key):
    return ComplementItem.objects.get(request__dossier=dossier, field=key)


def screen(dossier, key):
    return reverse("dossiers:item", args=[dossier.pk, item_of(dossier, key).pk])


def typed(dossier, **more):
    version = Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)
    return {"_version": version, "_key": uuid.uuid4().hex, "_comment": ""} | more


def answer(dossier, user, key, **more):
    return client_of(user).post(screen(dossier, key), typed(dossier, **more))


def send(dossier, user):
    version = Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk)
    address = reverse("dossiers:answer", args=[dossier.pk])
    return client_of(user).post(address, {"version": version, "key": uuid.uuid4().hex})


def test_an_item_is_answered_with_a_value_kept_before_and_after(party):
    dossier = ask(party, "budget")
    assert answer(dossier, party.depositor, "budget", budget="1 234,50 €").status_code == 302
    found = item_of(dossier, "budget")
    assert (found.before, found.after, found.answered_by) == ("100.00", "1234.50", party.depositor)
    changed = Dossier.objects.get(pk=dossier.pk)
    assert changed.values["budget"] == "1234.50"
    assert changed.version == dossier.version + 1
    event = DossierEvent.objects.filter(dossier=dossier, kind=EventKind.ITEM_ANSWERED).get()
    assert event.data == {"item": str(found.pk), "field": "budget", "request": 1}
    assert not list(faults(changed))


def test_nothing_but_the_field_that_is_asked_changes(party):
    dossier = ask(party, "budget", values={"budget": "100.00", "commune": "Dax"})
    posted = {"budget": "200", "commune": "Mont-de-Marsan", "nom": "Autre", "inconnu": "x", "_raw": "x"}
    assert answer(dossier, party.depositor, "budget", **posted).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).values == {"nom": "Un projet", "budget": "200.00", "commune": "Dax"}


@pytest.mark.parametrize("bad", ["1e9", "NaN", "douze", "1,234"])
def test_a_bad_value_is_said_beside_the_field_and_kept_on_the_screen(party, bad):
    dossier = ask(party, "budget")
    shown = answer(dossier, party.depositor, "budget", budget=bad, _comment="Mon explication")
    assert shown.status_code == 422
    page = shown.content.decode()
    assert f'value="{bad}"' in page
    assert "Mon explication" in page
    assert shown.context["form"].errors["budget"]
    assert Dossier.objects.get(pk=dossier.pk).values["budget"] == "100.00"
    assert item_of(dossier, "budget").answered_at is None


def test_a_comment_answers_alone_and_nothing_does_not(party):
    dossier = ask(party, "budget")
    empty = answer(dossier, party.depositor, "budget", budget="100,00")
    assert empty.status_code == 422
    assert "Modifiez ce champ, ou expliquez" in empty.content.decode()
    assert answer(dossier, party.depositor, "budget", budget="100,00", _comment="C’est bien cela.").status_code == 302
    found = item_of(dossier, "budget")
    assert (found.before, found.after, found.comment) == ("100.00", "100.00", "C’est bien cela.")


def test_a_required_field_is_not_emptied(party):
    dossier = ask(party, "nom")
    shown = answer(dossier, party.depositor, "nom", nom="", _comment="Sans nom")
    assert shown.status_code == 422
    assert Dossier.objects.get(pk=dossier.pk).values["nom"] == "Un projet"


def test_two_answers_at_once_the_second_is_told_of_the_first_and_keeps_its_text(party):
    dossier = ask(party, "budget", "commune")
    late = typed(dossier, commune="Dax", _comment="Mon texte")
    answer(dossier, party.colleague, "budget", budget="200")
    shown = client_of(party.depositor).post(screen(dossier, "commune"), late)
    assert shown.status_code == 409
    page = shown.content.decode()
    assert str(party.colleague) in page
    assert 'value="Dax"' in page
    assert "Mon texte" in page
    assert "commune" not in Dossier.objects.get(pk=dossier.pk).values
    # The screen that comes back carries the state there is now: sent again, it is taken.
    version = shown.context["dossier"].version
    again = client_of(party.depositor).post(screen(dossier, "commune"), late | {"_version": version})
    assert again.status_code == 302


def test_sent_twice_it_is_answered_once(party):
    dossier = ask(party, "budget")
    client, form = client_of(party.depositor), typed(dossier, budget="200")
    for _ in range(2):
        assert client.post(screen(dossier, "budget"), form).status_code == 302
    assert DossierEvent.objects.filter(dossier=dossier, kind=EventKind.ITEM_ANSWERED).count() == 1


def test_an_answer_may_be_changed_until_it_is_sent(party):
    dossier = ask(party, "budget")
    answer(dossier, party.depositor, "budget", budget="200")
    answer(dossier, party.colleague, "budget", budget="300")
    assert item_of(dossier, "budget").after == "300.00"
    assert send(dossier, party.depositor).status_code == 302
    with pytest.raises(DossierConflict):
        complements.answer_item(item=item_of(dossier, "budget"), actor=party.depositor, version=99, value="400.00")
    late = answer(dossier, party.depositor, "budget", budget="400")
    assert late.status_code == 409
    assert 'value="400"' in late.content.decode()
    assert Dossier.objects.get(pk=dossier.pk).values["budget"] == "300.00"


def test_files_are_an_answer(party):
    dossier = ask(party, "devis")
    empty = answer(dossier, party.depositor, "devis")
    assert empty.status_code == 422
    assert "Ajoutez ou remplacez un fichier" in empty.content.decode()
    assert answer(dossier, party.depositor, "devis", devis=[upload("devis.pdf"), upload("plan.pdf")]).status_code == 302
    assert [line[1] for line in item_of(dossier, "devis").after] == ["devis.pdf", "plan.pdf"]


def test_a_bad_file_is_said_and_the_good_one_and_the_comment_stay(party):
    dossier = ask(party, "devis")
    files = [upload("devis.pdf"), upload("programme.exe")]
    shown = answer(dossier, party.depositor, "devis", devis=files, _comment="Voici")
    assert shown.status_code == 422
    page = shown.content.decode()
    assert "programme.exe" in page
    assert "devis.pdf" in page
    assert "Voici" in page
    # The good one is there: what is left is to send.
    assert answer(dossier, party.depositor, "devis").status_code == 302


def test_a_row_is_added_without_a_script_and_nothing_is_lost(party):
    dossier = ask(party, "actions")
    shown = answer(dossier, party.depositor, "actions", **{"_ajouter-actions": "", "_comment": "En cours"})
    assert shown.status_code == 200
    assert "En cours" in shown.content.decode()
    assert item_of(dossier, "actions").answered_at is None


def test_all_is_sent_once_every_mandatory_item_is_answered(party):
    dossier = ask(party, "budget", "~commune")
    page = client_of(party.depositor).get(reverse("dossiers:requests", args=[dossier.pk])).content.decode()
    assert "Il reste 1 réponse obligatoire" in page
    assert "Transmettre" not in page
    refused = send(dossier, party.depositor)
    assert refused.status_code == 422
    assert "Répondez à cette demande." in refused.content.decode()
    answer(dossier, party.depositor, "budget", budget="200")
    assert send(dossier, party.depositor).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == State.INSTRUCTION
    assert ComplementRequest.objects.get().state == RequestState.ANSWERED


def test_instruction_reads_the_answers_once_they_are_sent(party):
    dossier = ask(party, "budget")
    answer(dossier, party.depositor, "budget", budget="777", _comment="Ornithorynque")
    desk = client_of(party.instructor)
    address = reverse("dossiers:desk-requests", args=[dossier.pk])
    page = desk.get(address).content.decode()
    assert "Ornithorynque" not in page
    assert "777\xa0€" not in page
    assert "1 réponse saisie sur 1" in page
    send(dossier, party.depositor)
    page = desk.get(address).content.decode()
    assert "Ornithorynque" in page
    assert "777\xa0€" in page


@pytest.mark.parametrize("ended_by", ["expire", "withdraw"])
def test_what_was_never_sent_is_no_part_of_the_dossier(party, ended_by):
    dossier = ask(party, "budget", "commune", "nom", grace_days=0)
    for key, value in (("budget", "777"), ("commune", "Dax"), ("nom", "Ornithorynque")):
        answer(dossier, party.depositor, key, **{key: value})
    if ended_by == "expire":
        request = ComplementRequest.objects.get()
        ComplementRequest.objects.update(due_at=timezone.now() - dt.timedelta(days=3))
        Reminder.objects.create(subject=request.pk, kind="J+1", at=timezone.now() - dt.timedelta(days=2))
        assert complements.expire() == 1
    else:
        act(Action.WITHDRAW, dossier, party.depositor, reason="Abandon.")
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.values, dossier.title) == ({"nom": "Un projet", "budget": "100.00"}, "Un projet")
    assert item_of(dossier, "budget").after == "777.00"
    page = client_of(party.instructor).get(reverse("dossiers:desk-requests", args=[dossier.pk])).content.decode()
    assert "Ornithorynque" not in page
    assert "777\xa0€" not in page
    assert "777\xa0€" in client_of(party.reader).get(reverse("dossiers:requests", args=[dossier.pk])).content.decode()


def test_versions_are_compared_on_both_sides_files_included(party):
    dossier = ask(party, "budget", "devis")
    answer(dossier, party.depositor, "budget", budget="777")
    answer(dossier, party.depositor, "devis", devis=[upload("devis.pdf")])
    send(dossier, party.depositor)
    for user, name in ((party.reader, "changes"), (party.validator, "desk-changes")):
        client = client_of(user)
        page = client.get(reverse(f"dossiers:{name}", args=[dossier.pk]))
        changes = {each.field.key: (each.before, each.after) for each in page.context["differences"]}
        assert changes["budget"] == ("100 €".replace(" ", "\xa0"), "777\xa0€")
        assert changes["devis"][0] == ""
        assert changes["devis"][1].startswith("devis.pdf (empreinte ")
        # Whatever is asked for, two versions that there are.
        for query in ("?de=2&a=1", "?de=9&a=x", "?de=²&a=-1", f"?de={'9' * 5000}"):
            assert client.get(reverse(f"dossiers:{name}", args=[dossier.pk]) + query).status_code == 200
    for user, name in ((party.validator, "changes"), (party.reader, "desk-changes"), (party.stranger, "changes")):
        assert client_of(user).get(reverse(f"dossiers:{name}", args=[dossier.pk])).status_code == 404


def test_who_may_answer_and_who_may_send(party):
    dossier = ask(party, "budget")
    guest = make_user()
    invite_on(guest, dossier)
    assert answer(dossier, guest, "budget", budget="200").status_code == 302
    assert send(dossier, guest).status_code == 404
    for user in (party.reader, party.instructor, party.advisor, party.stranger, party.elsewhere, party.national):
        client = client_of(user)
        assert client.get(screen(dossier, "budget")).status_code == 404
        assert client.post(screen(dossier, "budget"), typed(dossier, budget="1")).status_code == 404
        assert send(dossier, user).status_code == 404
        with pytest.raises(Http404):
            complements.answer_item(item=item_of(dossier, "budget"), actor=user, version=1, value="1.00")
    assert client_of(party.reader).get(reverse("dossiers:requests", args=[dossier.pk])).status_code == 200
    dossier.invitations.update(right=InvitationRight.COMMENT)
    assert answer(dossier, guest, "budget", budget="300").status_code == 404


def test_an_item_of_another_dossier_is_not_reached_through_one_s_own(party):
    mine, other = ask(party, "budget"), ask(party, "budget")
    address = reverse("dossiers:item", args=[mine.pk, item_of(other, "budget").pk])
    assert client_of(party.depositor).get(address).status_code == 404
    assert client_of(party.depositor).post(address, typed(mine, budget="1")).status_code == 404


def test_a_field_that_other_answers_no_longer_ask_for_is_explained(party):
    fields = [
        field("porteur", "oui-non", "Porteur"),
        field("pourquoi", "texte", "Pourquoi", condition={"field": "porteur", "op": "egal", "value": True}),
    ]
    dossier = make_dossier(party, State.INSTRUCTION, make_type(fields), values={"porteur": False})
    act(
        Action.REQUEST,
        dossier,
        party.instructor,
        due_on=tomorrow(15),
        items=[{"field": "pourquoi", "question": "?", "mandatory": True}],
    )
    page = client_of(party.depositor).get(screen(dossier, "pourquoi")).content.decode()
    assert "ne demandent plus ce champ" in page
    assert answer(dossier, party.depositor, "pourquoi", _comment="Sans objet").status_code == 302


def asking(dossier, **more):
    dossier.refresh_from_db()
    due_on = tomorrow(15).isoformat()
    return {"version": dossier.version, "key": uuid.uuid4().hex, "due_on": due_on, "message": ""} | more


def test_instruction_asks_field_by_field(party):
    dossier = make_dossier(party, State.INSTRUCTION, make_type(FIELDS))
    client, address = client_of(party.instructor), reverse("dossiers:desk-requests", args=[dossier.pk])
    assert "Devis" in client.get(address).content.decode()
    form = asking(
        dossier, **{"q-budget": "Détaillez.", "m-budget": "on", "q-devis": "Joignez-le.", "message": "Bonjour"}
    )
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    request = ComplementRequest.objects.get()
    assert request.message == "Bonjour"
    assert list(request.items.values_list("field", "question", "mandatory")) == [
        ("budget", "Détaillez.", True),
        ("devis", "Joignez-le.", False),
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "au moins un champ"),
        ({"q-budget": "Détaillez.", "due_on": "2020-01-01"}, "à venir"),
        ({"q-budget": "Détaillez.", "due_on": "bientôt"}, "Saisissez une date"),
        ({"q-budget": "a" * 2_001}, "2000"),
    ],
)
def test_a_bad_request_is_shown_again(party, given, told):
    dossier = make_dossier(party, State.INSTRUCTION, make_type(FIELDS))
    address = reverse("dossiers:desk-requests", args=[dossier.pk])
    shown = client_of(party.instructor).post(address, asking(dossier, message="Mon message", **given))
    assert shown.status_code == 422
    assert told in shown.content.decode()
    assert "Mon message" in shown.content.decode()
    assert not ComplementRequest.objects.exists()


def test_a_request_against_another_act_keeps_its_text(party):
    dossier = make_dossier(party, State.INSTRUCTION, make_type(FIELDS))
    form = asking(dossier, **{"q-budget": "Détaillez le budget."})
    act(Action.WITHDRAW, dossier, party.depositor, reason="Abandon.")
    shown = client_of(party.instructor).post(reverse("dossiers:desk-requests", args=[dossier.pk]), form)
    assert shown.status_code == 409
    page = shown.content.decode()
    assert "Détaillez le budget." in page
    assert str(party.depositor) in page


def test_what_is_left_and_what_may_change(party):
    dossier = ask(party, "budget", "~commune", "devis")
    request = complements.open_request(dossier)
    assert [each.field for each in complements.left(request)] == ["budget", "devis"]
    assert complements.editable_fields(dossier) == {"budget", "commune", "devis"}
    answer(dossier, party.depositor, "budget", budget="200")
    assert [each.field for each in complements.left(request)] == ["devis"]
    act(Action.WITHDRAW, dossier, party.depositor, reason="Abandon.")
    dossier.refresh_from_db()
    assert complements.editable_fields(dossier) == frozenset()


def test_a_value_that_a_deposit_would_not_take_is_refused_by_the_service(party):
    dossier = ask(party, "nom")
    with pytest.raises(DossierRefused) as refused:
        complements.answer_item(
            item=item_of(dossier, "nom"), actor=party.depositor, version=dossier.version, value=None, comment="x"
        )
    assert "nom" in refused.value.errors


def test_screens_take_as_many_queries_for_one_item_as_for_three(party, django_assert_num_queries):
    one, three = ask(party, "budget"), ask(party, "budget", "commune", "nom")
    client = client_of(party.depositor)
    for dossier in (one, three):
        answer(dossier, party.depositor, "budget", budget="200")
        with django_assert_num_queries(15):
            client.get(reverse("dossiers:requests", args=[dossier.pk]))

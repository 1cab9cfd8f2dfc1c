"""The audit log: for the national administration alone, whatever was logged, never changed; its export is logged."""

import csv
import datetime as dt
import io

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.accounts.audit import selectors
from portal.accounts.audit.append_only import AppendOnlyError
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.services import grant_membership
from tests.factories import PASSWORD, make_member, make_news, make_user

pytestmark = pytest.mark.django_db
LOG = "/admin/journal/"


@pytest.fixture
def admin(client, nation, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    person = make_member(Role.ADMIN_NATIONAL, nation, first_name="Ada", last_name="Nationale")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    return person


def text(response):
    return response.content.decode()


def acted(number=1, when=None, **fields):
    """Lines of an editor on pages and on people."""
    for index in range(number):
        person = make_user(first_name="Personne", last_name=f"Nommée {index}")
        log(instance=person, action="accounts.disable", timestamp=when or timezone.now(), **fields)


# --- Who reads it -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DEPOSITOR, Role.READER)])
def test_only_the_national_administration_reads_it(client, role, landes, nation, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    acted()
    client.force_login(make_member(role, nation if role == Role.ADMIN_NATIONAL else landes))
    allowed = role == Role.ADMIN_NATIONAL
    page = client.get(LOG)
    assert (page.status_code == 200) == allowed
    assert ("Nommée" in text(page)) == allowed
    exported = client.post(f"{LOG}export/")
    assert "text/csv" not in exported["Content-Type"]
    reports = client.get("/admin/")
    assert (LOG in text(reports)) == allowed


def test_strangers_sign_in(client):
    assert client.get(LOG).status_code == 302


# --- What it shows ----------------------------------------------------------------------------------------------------
def test_rights_pages_and_sign_ins_are_one_list(client, admin, landes_space):
    editor = make_user(first_name="Édith", last_name="Rice")
    grant_membership(actor=admin, user=editor, role=Role.EDITOR, territory=landes_space.territory)
    page = make_news(landes_space, title="Une page <script>alert(1)</script>")
    page.save_revision(user=editor, log_action=True).publish(user=editor)
    shown = text(client.get(LOG))
    for told in ("Ada Nationale", "Rôle donné : ", "departement-40", "Édith Rice", "Connexion", "Une page &lt;script"):
        assert told in shown, told
    assert "<script>alert(1)" not in shown


def test_filters_by_person_action_object_and_day(client, admin, landes_space):
    editor = make_user(first_name="Édith", last_name="Rice")
    page = make_news(landes_space, title="La page cherchée")
    log(instance=page, action="wagtail.publish", user=editor, timestamp=dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC))
    log(instance=page, action="wagtail.unpublish", user=admin, timestamp=dt.datetime(2026, 3, 5, tzinfo=dt.UTC))

    def lines(**filters):
        return text(client.get(LOG, filters)).partition("<tbody>")[2].count("<tr>")

    assert lines(thing="page cherchée") == 3  # Its creation too.
    assert lines(thing="PAGE CH", person="rice") == 1
    assert lines(person="Édith Rice") == 1
    assert lines(person=editor.email) == 1
    assert lines(action="wagtail.unpublish") == 1
    # Days are those of Paris: half past midnight, there.
    assert lines(since="2026-03-02", until="2026-03-02") == 1
    assert lines(since="2026-03-01", until="2026-03-01") == 0
    assert lines(thing="rien de tel") == 0
    assert "Aucune ligne ne répond" in text(client.get(LOG, {"thing": "rien de tel"}))


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"since": "hier"}, "date valide"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "La fin de la période est avant son début"),
        ({"action": "inventée"}, "inventée"),
        ({"person": "x" * 151}, "150"),
    ],
)
def test_a_bad_filter_is_said_and_kept(client, admin, filters, message):
    acted()
    response = client.get(LOG, filters)
    assert response.status_code == 422
    assert message in text(response)
    assert "Nommée" not in text(response)
    assert str(next(iter(filters.values()))) in text(response)


def test_its_cost_is_the_same_whatever_there_is(client, admin, landes_space):
    """Two queries to count, two for the order, two for the lines; the rest is the admin's frame."""
    client.get(LOG)
    totals = set()
    for number in (1, 3):
        acted(number, user=make_user())
        log(instance=make_news(landes_space), action="wagtail.publish", user=make_user())
        with CaptureQueriesContext(connection) as counted:
            client.get(LOG)
        assert sum("logentry" in query["sql"] for query in counted.captured_queries) == 6
        totals.add(len(counted))
    assert len(totals) == 1


def test_pages_go_from_newest_to_oldest_without_a_gap(client, admin, monkeypatch):
    monkeypatch.setattr(selectors, "PER_PAGE", 7)
    start = timezone.now() - dt.timedelta(days=2)
    for number in range(20):
        acted(when=start + dt.timedelta(minutes=number))
    entries = selectors.Entries({"action": "accounts.disable"})
    pages = [entries[begin : begin + 7] for begin in (0, 7, 14)]
    times = [line.timestamp for page in pages for line in page]
    assert len(times) == len(entries) == 20
    assert times == sorted(times, reverse=True)
    assert [line.timestamp for line in entries.newest(15)] == times[:15]
    assert client.get(LOG, {"page": "9999"}).status_code == 404


# --- Its export -------------------------------------------------------------------------------------------------------
def test_the_export_has_the_same_filters_is_harmless_and_logged(client, admin):
    person = make_user(first_name="=cmd()", last_name="x")
    log(instance=person, action="accounts.disable", user=admin)
    log(instance=make_user(), action="accounts.enable", user=admin)
    response = client.post(f"{LOG}export/", {"action": "accounts.disable"})
    content = b"".join(response.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][:2] == ["Date", "Personne"]
    assert len(rows) == 2
    assert rows[1][1:4] == ["Ada Nationale", admin.email, "Désactiver le compte"]
    assert rows[1][6] == "'=cmd() x"
    entry = ModelLogEntry.objects.get(action="accounts.audit.export")
    assert (entry.user, entry.data) == (admin, {"filters": {"action": "accounts.disable"}})


def test_the_export_asks_again_who_one_is(client, nation, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_member(Role.ADMIN_NATIONAL, nation))
    response = client.post(f"{LOG}export/")
    assert response.status_code == 302
    assert "reauthenticate" in response.url
    assert not ModelLogEntry.objects.filter(action="accounts.audit.export").exists()


# --- Nobody changes it ------------------------------------------------------------------------------------------------
def test_lines_are_neither_changed_nor_deleted(landes_space):
    acted()
    page = make_news(landes_space)
    log(instance=page, action="wagtail.edit")
    for model in (ModelLogEntry, PageLogEntry):
        line = model.objects.order_by("pk").first()
        line.label = "Autre chose"
        for attempt in (line.save, line.delete, model.objects.all().delete):
            with pytest.raises(AppendOnlyError), transaction.atomic():
                attempt()
        assert model.objects.filter(pk=line.pk).exclude(label="Autre chose").exists()


def test_what_was_done_to_a_page_outlives_it(landes_space):
    page = make_news(landes_space, title="Éphémère")
    log(instance=page, action="wagtail.edit")
    page.delete()
    assert PageLogEntry.objects.filter(label="Éphémère", action="wagtail.edit").exists()


def test_a_person_deleted_by_hand_leaves_their_lines(client, admin):
    person = make_user()
    log(instance=make_user(), action="accounts.enable", user=person)
    User.objects.filter(pk=person.pk).delete()
    assert "accounts.enable" in ModelLogEntry.objects.values_list("action", flat=True)
    assert client.get(LOG).status_code == 200

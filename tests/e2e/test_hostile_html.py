"""Hostile texts through every door, then in Chromium: no script runs, with the policy of the portal and without it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser
from wagtail.contrib.forms.models import FormSubmission
from wagtail.rich_text import RichText

from pages.models import NewsPage, PageReport
from portal.accounts.enums import Role
from portal.accounts.invitations.services import invite
from portal.accounts.models import Organisation
from portal.core.contribution.text import rich_text_of
from portal.core.html import clean_html, clean_rich_text
from portal.notifications.models import Notice
from tests.factories import make_initiative, make_member, make_news, make_user
from tests.hostile import HOSTILE
from tests.security.planting.pages import make_form_page

from .hostile import Visit, visit

pytestmark = pytest.mark.django_db
#: In one line and short enough for a name; all of them are in the bodies.
SHORT = [each for each in HOSTILE if len(each) <= 60 and "\x00" not in each]


def document(body: str) -> tuple[dict[str, str], bytes]:
    text = f"<!doctype html><html lang=fr><meta charset=utf-8><title>x</title><body>{body}"
    return {"Content-Type": "text/html; charset=utf-8"}, text.encode("utf-8", "replace")


def fetched(client: Client, paths: list[str]) -> dict[str, tuple[dict[str, str], bytes]]:
    found = {}
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[path] = dict(response.headers), body
    return found


def both(browser: Browser, pages: dict[str, Any]) -> list[str]:
    """The faults of ``pages`` with the policy and without."""
    return [fault for policy in (True, False) for fault in visit(browser, pages, policy=policy).faults()]


def test_the_browser_runs_what_is_not_cleaned(browser):
    """The control: as they are, many of these texts run here. Otherwise the tests below would prove nothing."""
    pages = {f"/{number}-raw/": document(each) for number, each in enumerate(HOSTILE)}
    seen: Visit = visit(browser, pages, policy=False)
    assert len(set(seen.dialogs)) > 40
    assert any("x.example" in each for each in seen.asked)
    assert len({each.split(":")[0] for each in seen.left}) > 60


@pytest.mark.parametrize("clean", [clean_html, clean_rich_text, rich_text_of])
def test_nothing_runs_out_of_the_door(browser, clean):
    """One document a text, and all of them in one; then parsed again from what the browser made of them."""
    cleaned = [clean(each) for each in HOSTILE]
    again = "<script>for (const each of document.querySelectorAll('div')) {each.innerHTML = each.innerHTML;"
    again += "each.innerHTML = '<p>' + each.innerHTML + '</p>'}</script>"
    alone = cleaned if clean is clean_html else []
    pages = {f"/{number}/": document(f"<div>{each}</div>") for number, each in enumerate(alone)}
    together = "".join(f"<div>{each}</div><table><tr><td>{each}</td></tr></table>" for each in cleaned)
    pages["/together/"] = document(together + again)
    found = visit(browser, pages, policy=False).faults()
    assert found == [], "\n".join(found)


@pytest.fixture
def planted(landes_space, landes, nation):
    """The texts everywhere: past the forms where a form would refuse them, since what shows them must hold alone."""
    short, every = iter(SHORT * 20), [("text", RichText(each)) for each in HOSTILE]
    text = "\n".join(HOSTILE)
    person = make_member(Role.ADMIN_NATIONAL, nation, first_name=next(short), last_name=next(short))
    editor = make_member(Role.EDITOR, landes, first_name=next(short), last_name=next(short))
    news = make_news(
        landes_space, title="A " + " ".join(SHORT[:4])[:200], slug="hostile", lead=text[:400], body=every,
        source=next(short), owner=editor, seo_title=next(short), search_description=next(short),
    )  # fmt: skip
    news.save_revision(user=editor, log_action=True).publish()
    initiative = make_initiative(landes_space, title=next(short), slug="hostile-initiative", lead=text[400:800])
    for name in initiative.SECTIONS:
        setattr(initiative, name, text[:4000])
    initiative.save()
    for each in SHORT[:40]:
        make_news(landes_space, title=each, lead=each)
    form = make_form_page(landes_space, title=next(short), slug="formulaire-hostile")
    for each in SHORT:
        FormSubmission.objects.create(page=form, form_data={"singleline": each, "multiline": each})
    report = PageReport.objects.create(
        page=news, space=landes_space, title=next(short), reason="errors", text="\n".join(HOSTILE)[:2000]
    )
    for each in SHORT[:40]:
        Organisation.objects.create(name=each, kind="association", territory=landes)
        Notice.objects.create(
            recipient=person, kind="contribution.refused", event=each, subject=each, text=each, url="/agenda/"
        )
    return {"person": person, "editor": editor, "news": news, "initiative": initiative, "form": form, "report": report}


def test_nothing_runs_on_the_public_site(browser, planted):
    base = "/territoires/nouvelle-aquitaine/landes/"
    paths = [f"{base}actualites/hostile/", f"{base}initiatives/hostile-initiative/", base, f"{base}actualites/", "/"]
    paths += ["/actualites/", "/initiatives/", f"{base}formulaire-hostile/", "/plan-du-site/"]
    client = Client()
    pages = fetched(client, paths)
    for each in SHORT[:30]:
        response = client.get("/recherche/", {"q": each})
        assert response.status_code == 200
        pages[f"/recherche/?q={len(pages)}"] = dict(response.headers), response.content
    body = NewsPage.objects.get(pk=planted["news"].pk).body
    assert len(body) == len(HOSTILE)
    found = both(browser, pages)
    assert found == [], "\n".join(found)


def test_nothing_runs_on_private_screens_and_in_the_administration(browser, planted):
    news, form, report = planted["news"], planted["form"], planted["report"]
    client = Client()
    client.force_login(planted["person"])
    paths = ["/compte/", "/mon-espace/", "/mon-espace/notifications/", "/compte/equipe/", "/admin/"]
    paths += ["/admin/accounts/user/", "/admin/accounts/membership/", "/admin/accounts/organisation/"]
    paths += [f"/admin/forms/submissions/{form.pk}/", f"/admin/pages/{news.get_parent().pk}/", "/admin/mes-pages/"]
    paths += [f"/admin/pages/{news.pk}/edit/", f"/admin/pages/{news.pk}/history/", "/admin/reports/site-history/"]
    paths += ["/admin/signalements/", f"/admin/signalements/{report.pk}/", "/admin/journal/"]
    # The policy of the administration is Wagtail's own, which allows its inline scripts.
    found = visit(browser, fetched(client, paths), policy=False).faults()
    assert found == [], "\n".join(found)


def test_nothing_runs_in_a_mail(browser, planted, landes, commit):
    """The HTML part of every mail that carries what people wrote, opened as a document."""
    with commit():
        for number, each in enumerate(SHORT[:40]):
            invite(
                actor=planted["editor"], email=f"invitee{number}@exemple.fr", role=Role.CONTRIBUTOR, territory=landes,
                message=each,
            )  # fmt: skip
    from portal.notifications.mails import compose

    messages: list[Any] = [*mail.outbox]
    messages.append(compose(planted["person"], list(Notice.objects.order_by("pk")[:40])))
    pages = {}
    for number, message in enumerate(messages):
        assert "\n" not in message.subject
        for part in message.alternatives:
            body = part[0] if isinstance(part, tuple) else part.content
            pages[f"/mail-{number}/"] = {"Content-Type": "text/html; charset=utf-8"}, str(body).encode()
    assert len(pages) > 40
    text = " ".join(html.unescape(body.decode()) for _, body in pages.values())
    assert SHORT[0] in text, "the mails carry the texts"
    found = visit(browser, pages, policy=False).faults()
    assert found == [], "\n".join(found)


def test_nothing_runs_in_what_a_person_reads_of_their_own(browser, landes_space):
    """A name of one's own, as any account may choose it."""
    pages = {}
    for number, each in enumerate(SHORT[:20]):
        user = make_user(first_name=each[:150], last_name=each[:150])
        client = Client()
        client.force_login(user)
        pages |= {f"{path}?n={number}": value for path, value in fetched(client, ["/compte/"]).items()}
    found = both(browser, pages)
    assert found == [], "\n".join(found)

"""What a change costs: the request that publishes a page, then what is read afresh because of it."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import connection
from django.forms import BoundField
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from pages.models import NewsPage
from portal.core.models import PageFact
from resources.models import ResourcePage

from .measure import Queries, forget_pages

ROUNDS = 7


def changes() -> list[dict[str, Any]]:
    """A row each: ``name``, ``queries``, ``p50`` and ``worst`` in milliseconds, of requests made in this process."""
    admin = Client()
    user = get_user_model().objects.create_superuser("bench@exemple.fr", "bench")
    # Obliged to hold a second factor, as who administers is: without one every screen leads to its set-up.
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    admin.force_login(user)
    reader = Client(HTTP_ACCEPT_ENCODING="gzip")
    sections = _sections(reader)
    publish = _Publication(admin, user, "news", NewsPage)
    resource = _Publication(admin, user, "resource", ResourcePage)
    return [
        _timed("publish a news item", publish),
        _timed("publish a resource", resource),
        _timed("catalogue after it", lambda: _get(reader, "/ressources/", "</html>"), before=resource),
        _timed("sitemap index", lambda: _get(reader, "/sitemap.xml", "<loc>"), before=forget_pages),
        _timed("sitemap, longest", lambda: _get(reader, sections[0], "<loc>"), before=forget_pages),
        _timed("sitemap, last slice", lambda: _get(reader, sections[-1], "<loc>"), before=forget_pages),
    ]


def _timed(name: str, ask: Callable[[], None], before: Callable[[], None] = lambda: None) -> dict[str, Any]:
    times, queries = [], Queries()
    for number in range(ROUNDS + 1):
        before()
        gc.collect()
        start = time.perf_counter()
        if number:
            ask()
            times.append((time.perf_counter() - start) * 1000)
        else:  # The first, which fills what a process keeps, is counted and not timed.
            with connection.execute_wrapper(queries):
                ask()
    return {
        "name": name,
        "queries": queries.total,
        "p50": round(statistics.median(times), 1),
        "worst": round(max(times), 1),
    }


def _get(reader: Client, address: str, proof: str) -> None:
    response = reader.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    assert response.headers.get("X-Cache") != "hit", f"{address} was not made"


def _sections(reader: Client) -> list[str]:
    """The files of news in the sitemap, in order: the first is full, the last is the furthest to reach."""
    index = reader.get("/sitemap.xml", headers={"accept-encoding": "identity"}).content.decode()
    found = [part.split("</loc>")[0].split("/", 3)[3] for part in index.split("<loc>")[1:]]
    return [f"/{address}" for address in found if "sitemap-news-" in address]


class _Publication:
    """The editor's form of a page, sent again with another title: called, it publishes, and checks that it did."""

    def __init__(self, admin: Client, user: Any, kind: str, model: type[Page]) -> None:
        fact = PageFact.objects.filter(kind=kind, visible=True).order_by("-date", "-page_id").first()
        assert fact is not None
        self.admin, self.model, self.pk, self.number = admin, model, fact.page_id, 0
        self.address = reverse("wagtailadmin_pages:edit", args=[self.pk])
        page = model._default_manager.get(pk=self.pk)
        self.data = _posted(page, user) | {"action-publish": "1"}

    def __call__(self) -> None:
        self.number += 1
        title = f"Publiée {self.number} fois"
        response = self.admin.post(self.address, self.data | {"title": title})
        assert response.status_code == 302, f"{self.address} was refused"
        assert self.model._default_manager.filter(pk=self.pk, live=True, title=title).exists()


def _posted(page: Page, user: Any) -> dict[str, Any]:
    """What a browser sends of the unchanged form of ``page``."""
    form = page.get_edit_handler().get_form_class()(instance=page, for_user=user)
    data: dict[str, Any] = {}
    for field in form:
        if field.name == "body":
            blocks = page.body.raw_data  # type: ignore[attr-defined]
            for number, block in enumerate(blocks):
                sent = {"deleted": "", "order": number, "type": block["type"], "id": block.get("id", "")}
                data |= {f"body-{number}-{name}": value for name, value in sent.items()}
                data[f"body-{number}-value"] = rich_text(block["value"])
            data["body-count"] = len(blocks)
        else:
            data |= _sent(field)
    for formset in form.formsets.values():
        for field in (*formset.management_form, *(field for each in formset.forms for field in each)):
            data |= _sent(field)
    return data


def _sent(field: BoundField) -> dict[str, Any]:
    """Its value as a browser has it: nothing of an empty field, the keys of related objects."""
    value = field.field.prepare_value(field.value())
    if isinstance(value, list):
        value = [getattr(each, "pk", each) for each in value]
    return {} if value is None or value is False else {field.html_name: value}

"""Production without ``collectstatic``: pages and error pages are written anyway, and the log says what is missing."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path


def broken(request):
    raise RuntimeError("broken")


urlpatterns = [path("broken/", broken)]
handler500 = "django.views.defaults.server_error"


@pytest.fixture
def production_static(settings, tmp_path):
    """The production storage on an empty folder."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = django_settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.core.static.CollectedStaticFilesStorage"}
    }
    return tmp_path


def test_production_uses_that_storage():
    text = (django_settings.BASE_DIR / "portal" / "settings" / "production.py").read_text()
    assert "portal.core.static.CollectedStaticFilesStorage" in text


@pytest.mark.parametrize(
    ("template", "said"), [("500.html", "Erreur 500"), ("400.html", "Erreur 400"), ("413.html", "413")]
)
def test_error_pages_without_request_need_no_collected_file(production_static, template, said):
    text = render_to_string(template)
    assert said in text
    assert 'href="/static/portal/portal.css"' in text


@pytest.mark.django_db
def test_a_missing_page_is_still_404(production_static):
    response = Client().get("/nulle-part/")
    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_what_is_missing_is_said_once(production_static, caplog):
    for _ in range(2):
        staticfiles_storage.url("portal/portal.css")
    (told,) = [record.getMessage() for record in caplog.records]
    assert "'portal/portal.css'" in told
    assert "collectstatic" in told


@pytest.mark.django_db
def test_an_error_is_still_the_page_of_errors(production_static, settings):
    settings.ROOT_URLCONF = __name__
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert "Le service rencontre un problème" in response.content.decode()


def test_collected_files_keep_their_hashed_name(production_static):
    manifest = {"version": "1.1", "hash": "", "paths": {"portal/portal.css": "portal/portal.0123456789ab.css"}}
    (production_static / "staticfiles.json").write_text(json.dumps(manifest))
    assert staticfiles_storage.url("portal/portal.css") == "/static/portal/portal.0123456789ab.css"
    assert staticfiles_storage.url("portal/autre.css") == "/static/portal/autre.css"

"""The production settings, as an operator starts with them (docs/operations.md)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "une-clef-de-test-bien-assez-longue-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "portail.exemple.fr",
    "SITE_URL": "https://portail.exemple.fr",
    "CLAMD_URL": "unix:///run/clamav/clamd.ctl",
}


def run(tmp_path, *args: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)} | ENVIRONMENT
    env = {name: value for name, value in (env | changes).items() if value is not None}
    return subprocess.run([sys.executable, *args], cwd=ROOT, env=env, capture_output=True, text=True, timeout=90)


def test_the_deployment_check_is_clean(tmp_path):
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_what_is_obligatory_is_asked_for_by_name(tmp_path, name):
    done = run(tmp_path, "manage.py", "check", **{name: None})
    assert done.returncode != 0
    assert name in done.stderr


#: What an operator's visitor gets, asked in one process: header or status by address.
LOOK = """
from django.conf import settings
# The files are not collected here.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
import django; django.setup()
from django.test import Client
import json
plain = Client().get("/robots.txt", headers={"host": "portail.exemple.fr"})
other = Client().get("/robots.txt", headers={"host": "mechant.exemple", "x-forwarded-proto": "https"})
print(json.dumps({
    "redirect": [plain.status_code, plain.get("Location")],
    "hsts": other.get("Strict-Transport-Security", ""),
    "other": other.status_code,
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "debug": settings.DEBUG,
    "hashers": settings.PASSWORD_HASHERS[0],
    "demo": "courrier/" in str(__import__("portal.urls").urls.urlpatterns),
}))
"""


def test_what_production_answers(tmp_path):
    import json

    done = run(tmp_path, "-W", "ignore", "-c", LOOK)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["redirect"] == [301, "https://portail.exemple.fr/robots.txt"]
    assert seen["other"] == 400
    assert seen["cookies"] == [True, True, True]
    assert (seen["debug"], seen["demo"]) == (False, False)
    assert "MD5" not in seen["hashers"]
    assert "max-age=31536000" in seen["hsts"]

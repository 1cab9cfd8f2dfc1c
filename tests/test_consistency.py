"""Rules that hold over the whole tree."""

import os
import re
import subprocess
import sys
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[1]
OUR_APPS = [
    config
    for config in apps.get_app_configs()
    if Path(config.path).is_relative_to(ROOT / "portal") or Path(config.path).parent == ROOT
]
SOURCES = [
    *(
        p
        for app in ("portal", "pages", "events", "newsletters", "resources", "dossiers")
        for p in ROOT.glob(f"{app}/**/*.py")
    ),
    *ROOT.glob("templates/**/*"),
]
# Found by their name in a package: Django's error pages, allauth's screens and mails, overrides of Wagtail's.
FOUND_BY_NAME = (
    *("404.html", "500.html", "403.html", "403_csrf.html", "400.html"),
    *("account/", "allauth/", "django/", "mfa/", "modeladmin/", "socialaccount/"),
    *("wagtailadmin/", "wagtailcore/", "wagtailimages/", "wagtailusers/"),
)


def templates() -> list[Path]:
    return [path for path in (ROOT / "templates").glob("**/*") if path.suffix in (".html", ".txt", ".xml", ".svg")]


def assets() -> list[Path]:
    return [path for path in (ROOT / "static").glob("**/*") if path.suffix in (".css", ".js")]


@cache
def sources() -> dict[Path, str]:
    return {path: path.read_text(errors="ignore") for path in SOURCES if path.is_file()}


def test_migrations_are_up_to_date(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_migrations_stay_small():
    lines = sum(
        len(path.read_text().splitlines()) for path in ROOT.glob("**/migrations/*.py") if ".venv" not in path.parts
    )
    assert 0 < lines < 5000


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles_and_is_used(path):
    name = str(path.relative_to(ROOT / "templates"))
    get_template(name)
    if name.startswith(FOUND_BY_NAME):
        return
    # Either its full name, or built from a prefix ("blocks/" + a block's name) that a source states.
    assert any(name in text for source, text in sources().items() if source != path), f"{name} is used nowhere"


@pytest.mark.parametrize("path", assets(), ids=lambda path: str(path.relative_to(ROOT / "static")))
def test_every_style_sheet_and_script_is_used(path):
    name = str(path.relative_to(ROOT / "static"))
    assert any(name in text for text in sources().values()), f"{name} is used nowhere"


def test_no_public_template_has_inline_script_or_style():
    inline = re.compile(
        r"<script(?![^>]*\b(src|type=\"application/(ld\+)?json\"))|\sstyle=\"|\son[a-z]+=\"|<style", re.IGNORECASE
    )
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in templates()
        if not {"wagtailadmin", "admin", "modeladmin", "email", "emails", "mail"} & set(path.parts)
        for found in [inline.search(path.read_text())]
        if found
    ]
    assert guilty == []


def test_no_template_names_another_host_for_what_it_loads():
    loads = re.compile(r"""(?:src|href)=["'](?:https?:)?//(?!www\.w3\.org)[^"']+\.(?:js|css|woff2?|png|jpg|svg)""")
    assert [str(p) for p in templates() if loads.search(p.read_text())] == []


def test_no_right_hangs_on_a_roles_name():
    """Rights are read from the table of ``portal/accounts/rules.py``: elsewhere no role is named."""
    named = re.compile(r"(?<![.\w])Role\.[A-Z_]+\b")
    # The table itself, what a role is held on (a constraint of the database), the accounts of the demonstration.
    spared = ("portal/accounts/rules.py", "portal/accounts/models.py", "portal/demo/")
    guilty = [
        str(path.relative_to(ROOT))
        for path, text in sources().items()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and not str(path.relative_to(ROOT)).startswith(spared)
        and named.search(text)
    ]
    assert guilty == []


def test_history_survives_people():
    """No foreign key to a person cascades, but for what is the person's own."""
    own = {
        "Absence",
        "ActKey",
        "ApiToken",
        "CalendarToken",
        "EmailAddress",
        "Membership",
        "Notice",
        "PartialUpload",
        "Preference",
        "Profile",
        "ReadMark",
        "SavedView",
        "SignInLink",
        "SocialAccount",
        "UserProfile",
        "Webhook",
    }
    cascades = [
        f"{model._meta.label}.{field.name}"
        for config in OUR_APPS
        for model in config.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is apps.get_model(settings.AUTH_USER_MODEL)
        and field.remote_field.on_delete is models.CASCADE
        and model.__name__ not in own
    ]
    assert cascades == []


def test_every_model_of_ours_has_a_name_in_french():
    english = [
        model._meta.label
        for config in OUR_APPS
        for model in config.get_models()
        if not model._meta.auto_created
        and hasattr(model, "panels")
        and str(model._meta.verbose_name) == model.__name__.lower()
    ]
    assert english == []


def test_production_settings_pass_the_deploy_checks(tmp_path):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": "a-long-random-looking-secret-key-for-the-deploy-check-0123456789-xyzw",
        "ALLOWED_HOSTS": "portail.exemple.fr",
        "SITE_URL": "https://portail.exemple.fr",
        "VAR_DIR": str(tmp_path),
        "CLAMD_URL": "unix:///run/clamav/clamd.ctl",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

"""Tests: fast hashing, mail in memory, a database of their own (PostgreSQL where DATABASE_URL says so)."""

import tempfile
from pathlib import Path

from tests.undefined import UndefinedFails

from .base import *  # noqa: F403
from .base import CACHES, DATABASES, LOGGING, STORAGES, TEMPLATES

DEBUG = False
SITE_URL = "http://testserver"
SECRET_KEY = "test"  # noqa: S105
# Tests sign in by force_login; those of the obligation itself turn it on.
SECOND_FACTOR_REQUIRED = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VAR_DIR = Path(tempfile.mkdtemp(prefix="portal-test-"))
MEDIA_ROOT = VAR_DIR / "media"
STORAGES["private"]["OPTIONS"] |= {"location": VAR_DIR / "private"}
# Tests of the antivirus name one.
CLAMD_URL, FILES_WITHOUT_SCANNER = "", True
MAIL_DIR = VAR_DIR / "mail"
EMAIL_FILE_PATH = str(MAIL_DIR)
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in CACHES}
# Tests of the page cache switch it on; elsewhere it would answer with what a rolled-back transaction left.
PAGE_CACHE_SECONDS = 0
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedFails()
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"].pop("init_command")
LOGGING["root"]["level"] = "WARNING"

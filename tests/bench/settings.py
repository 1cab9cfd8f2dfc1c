"""Production's behaviour (no DEBUG, hashed nothing) on a scratch database; indexing is queued, as in production."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import LOGGING

DEBUG = False
SECRET_KEY = "bench"
ALLOWED_HOSTS = ["testserver"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING["root"]["level"] = "ERROR"

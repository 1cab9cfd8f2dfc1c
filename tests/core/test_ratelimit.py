"""The limit by visitor lasts its whole window, on the cache the portal is shipped with."""

import time

from django.core.cache import caches
from django.test import RequestFactory

from portal.core import ratelimit


def test_the_count_lives_as_long_as_the_window(settings, tmp_path):
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path,
            "TIMEOUT": 1,
        }
    }
    request = RequestFactory().post("/")
    assert not ratelimit.too_many(request, "essai", 2)
    assert not ratelimit.too_many(request, "essai", 2)
    time.sleep(1.2)
    assert ratelimit.too_many(request, "essai", 2)
    caches["default"].clear()

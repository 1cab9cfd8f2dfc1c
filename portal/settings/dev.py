"""A developer's machine and ``make demo``: DEBUG, demonstration accounts allowed, mail readable in the browser."""

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, MIDDLEWARE, SECRET_KEY, env

DEBUG = True
SECRET_KEY = SECRET_KEY or "only-for-the-demonstration-and-development"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
# A developer's machine has no antivirus, or names it in CLAMD_URL.
FILES_WITHOUT_SCANNER = env.bool("FILES_WITHOUT_SCANNER", default=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# The portal's own page for a missing address, as readers of the real site see it.
MIDDLEWARE = [*MIDDLEWARE, "portal.core.errors.NotFoundPageMiddleware"]
# The demonstration's accounts have a published password: a second factor would protect nothing there.
SECOND_FACTOR_EXEMPT = ("admin@exemple.fr", "expediteur@exemple.fr")

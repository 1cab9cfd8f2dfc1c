"""As the bench's settings, with the relay of EMAIL_URL."""

from portal.settings.base import EMAIL_BACKEND as RELAY
from tests.bench.settings import *  # noqa: F403

EMAIL_BACKEND = RELAY

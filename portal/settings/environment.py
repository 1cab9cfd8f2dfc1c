"""Where the portal stands and what its environment says of itself: read by every other part of the settings."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

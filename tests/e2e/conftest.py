"""The demonstration, run as ``make demo`` runs it on data of its own, and a Chromium to visit it with.

Screenshots go to ``var/screenshots``. Needs Debian's ``chromium``; where it is missing the suite says so.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
CHROMIUM = shutil.which("chromium")
# Playwright's loop runs in the tests' own thread: those that plant rows and render pages themselves ask the database
# between two of its calls, never inside of one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
SET_UP_SECONDS = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("The browser tests need Debian's chromium; in CI it may not be missing.")
    for item in items:
        item.add_marker(pytest.mark.skip(reason="Debian's chromium is not installed"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demonstration, without a slash at its end. Stopped with SIGINT, as Ctrl-C does.

    ``E2E_SITE`` names one that already runs, while tests are written.
    """
    if address := os.environ.get("E2E_SITE"):
        yield address
        return
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    env = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    env.pop("DATABASE_URL", None)
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "rundemo", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    address, end = f"http://127.0.0.1:{port}", time.monotonic() + SET_UP_SECONDS
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/sante/", timeout=2).close()
                break
            except OSError:
                said = (folder / "log").read_text()[-3000:]
                assert process.poll() is None, said
                assert time.monotonic() < end, said
                time.sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """``new_page(viewport=NARROW, javascript=False)``: a fresh visitor. A request to another host fails the test."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    errors: list[str] = []

    def make(*, viewport: dict[str, int] = WIDE, javascript: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site, viewport=viewport, java_script_enabled=javascript, locale="fr-FR", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    strangers = [url for url in asked if not url.startswith((site, "data:", "blob:"))]
    assert strangers == [], "the portal asks another host"
    assert errors == [], "a script failed"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """``shot(page, "accueil")`` keeps a screenshot of the whole page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{width}.png", full_page=True)

    return take


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """``sign_in(page, "editeur")``: signs in with that demonstration account, by the form."""

    def go(page: Page, name: str) -> None:
        page.goto("/compte/login/")
        page.get_by_label(re.compile("e-mail", re.IGNORECASE)).first.fill(f"{name}@exemple.fr")
        page.get_by_label(re.compile("mot de passe", re.IGNORECASE)).first.fill("demonstration")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()

    return go

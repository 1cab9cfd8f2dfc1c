"""Draws every scene into ``images/<slug>.webp``: ``python -m portal.demo.illustrations.render [slug…]``.

A development tool: it needs Playwright and a Chromium (``CHROMIUM`` names its path).
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from .scenes import SCENES
from .shapes import HEIGHT, WIDTH

IMAGES = Path(__file__).parent / "images"


def render(slugs: set[str]) -> None:
    """Write the images of the scenes named (all, if none is)."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for scene in SCENES:
            if slugs and scene.slug not in slugs:
                continue
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{scene.svg()}")
            image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            target = IMAGES / f"{scene.slug}.webp"
            image.save(target, "WEBP", quality=78, method=6)
            sys.stdout.write(f"{scene.slug}: {target.stat().st_size / 1000:.1f} kB\n")
        browser.close()


if __name__ == "__main__":
    render(set(sys.argv[1:]))

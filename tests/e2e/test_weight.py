"""What a first visit of the home page fetches, as production sends it: static text in Brotli, HTML in gzip.

The demonstration serves its static files as they are; they are compressed here as ``collectstatic`` does it.
"""

from __future__ import annotations

import brotli
import pytest
from whitenoise.compress import Compressor

from .conftest import NARROW, WIDE

MOST, MOST_HTML = 200_000, 10_000


def sent(url: str, body: bytes) -> int:
    """Bytes of the body of ``url`` on the line."""
    if "/static/" not in url:
        return len(body)
    return len(brotli.compress(body)) if Compressor().should_compress(url) else len(body)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "320"])
def test_the_home_page_weighs_little(new_page, viewport):
    page = new_page(viewport=viewport)
    answers = []
    page.on("requestfinished", lambda request: answers.append(request.response()))
    page.goto("/", wait_until="networkidle")
    weights = {answer.url: sent(answer.url, answer.body()) for answer in answers}
    html = next(answer for answer in answers if answer.request.resource_type == "document")
    assert html.headers["content-encoding"] == "gzip"
    weights[html.url] = html.request.sizes()["responseBodySize"]
    heaviest = "\n".join(f"{weight:>8} {url}" for url, weight in sorted(weights.items(), key=lambda pair: -pair[1]))
    print(f"{sum(weights.values())} bytes, HTML {weights[html.url]}\n{heaviest}")
    assert len(weights) >= 10, "the home page was not whole"
    fonts = sorted(url.rsplit("/static/")[1] for url in weights if url.endswith(".woff2"))
    assert fonts == ["portal/fonts/Marianne-Bold.woff2", "portal/fonts/Marianne-Regular.woff2"]
    assert weights[html.url] <= MOST_HTML
    assert sum(weights.values()) <= MOST, heaviest

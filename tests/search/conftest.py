"""The engines the search tests run on: the database's, and a real Elasticsearch where SEARCH_TEST_URL names one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from modelsearch.backends import get_search_backend

URL = os.environ.get("SEARCH_TEST_URL", "")


def _elasticsearch(settings: Any) -> None:
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "portal.search.backends.elasticsearch",
            "URLS": [URL],
            "INDEX_PREFIX": f"essai_{uuid4().hex[:8]}_",
            "TIMEOUT": 20,
        }
    }


@pytest.fixture(
    params=[
        "database",
        pytest.param(
            "elasticsearch",
            marks=[
                pytest.mark.elasticsearch,
                pytest.mark.skipif(not URL, reason="SEARCH_TEST_URL names no Elasticsearch"),
            ],
        ),
    ]
)
def engine(request: pytest.FixtureRequest, db: None, settings: Any) -> Iterator[Callable[[], None]]:
    """The engine in use, its index built; called, it makes what was written findable."""
    if request.param == "database":
        yield lambda: None
        return
    _elasticsearch(settings)
    call_command("wagtail_update_index", verbosity=0)
    backend = get_search_backend()
    yield backend.refresh_indexes
    backend.es.indices.delete(
        index=",".join(name for name in backend.es.indices.get(index=f"{backend.index_prefix}*")) or "_none",
        ignore_unavailable=True,
    )

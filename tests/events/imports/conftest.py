"""A real server on this machine, and who imports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.factories import make_member

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def owner(landes_space):
    return make_member("editor", landes_space.territory)


@pytest.fixture
def serve(settings: Any) -> Iterator[Callable[[Answer], str]]:
    """Start a server that answers as told; gives its address."""
    servers = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with suppress(OSError):
                    answer(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        where = f"127.0.0.1:{server.server_port}"
        settings.IMPORT_TEST_SERVERS = [*getattr(settings, "IMPORT_TEST_SERVERS", []), where]
        return f"http://{where}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()

"""A web worker as it is run: its cold start, its memory, and how a warm page compares with a static file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

REQUESTS = 2000
STATIC = "portal/portal.css"

_WORKER = """
import gc, json, os, re, sys
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from django.urls import get_resolver
application = get_wsgi_application()
get_resolver().url_patterns
gc.collect()
gc.freeze()
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
def get(address):
    environ = RequestFactory().get(address).environ
    status = []
    body = application(environ, lambda line, headers: status.append(line))
    b"".join(body)
    body.close()
    assert status[0].startswith("200"), (address, status)
addresses = json.loads(sys.argv[1])
get(addresses[0])
print("answered", flush=True)
for address in addresses:
    get(address)
kilobytes = dict(re.findall(r"(\\w+): +(\\d+) kB", open("/proc/self/smaps_rollup").read()))
print(json.dumps([int(kilobytes["Rss"]), int(kilobytes["Private_Clean"]) + int(kilobytes["Private_Dirty"])]))
"""


def worker(addresses: list[str]) -> dict[str, float]:
    """Seconds from nothing to a first answer, interpreter included; megabytes of a worker forked as gunicorn.conf.py
    does, once every page was asked: resident, and its own. Linux only.
    """
    start = time.perf_counter()
    arguments = [sys.executable, "-W", "ignore", "-c", _WORKER, json.dumps(addresses)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "answered"
        seconds = time.perf_counter() - start
        resident, own = (round(kilobytes * 1024 / 1e6, 1) for kilobytes in json.loads(process.stdout.readline()))
    return {"cold_start_s": round(seconds, 2), "resident_MB": resident, "own_MB": own}


def warm_against_static() -> dict[str, float]:
    """Answers a second of one process, without a socket: a static file by WhiteNoise, and a warm home page, both to a
    reader who accepts gzip. The ratio is what counts.
    """
    target = Path(settings.STATIC_ROOT) / STATIC
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(settings.BASE_DIR) / "static" / STATIC, target)
    handler = WSGIHandler()
    rates = {"static": 0.0, "warm": 0.0}
    # In turns, the best of each: what else the machine does weighs on both.
    for _ in range(3):
        rates["static"] = max(rates["static"], _rate(handler, f"{settings.STATIC_URL}{STATIC}"))
        rates["warm"] = max(rates["warm"], _rate(handler, "/"))
    return {
        "static_per_s": round(rates["static"]),
        "warm_per_s": round(rates["warm"]),
        "ratio": round(rates["warm"] / rates["static"], 2),
    }


def _rate(handler: Any, address: str) -> float:
    environ = RequestFactory(HTTP_ACCEPT_ENCODING="gzip").get(address).environ
    statuses: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], *args: Any) -> None:
        statuses.append(status)

    def get() -> None:
        response = handler(dict(environ), start_response)
        b"".join(response)
        response.close()

    get()
    start = time.perf_counter()
    for _ in range(REQUESTS):
        get()
    elapsed = time.perf_counter() - start
    assert set(statuses) == {"200 OK"}, set(statuses)
    return REQUESTS / elapsed

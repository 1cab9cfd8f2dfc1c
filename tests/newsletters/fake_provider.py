"""A provider on loopback that speaks the shapes of Brevo, Mailjet, Postmark, Mailgun and Resend, and fails on demand.

Each acceptance is one line of JSON in ``log``, written before anything is answered: what stands there was « sent ».
As a process: ``python -m tests.newsletters.fake_provider --port 0 --log FILE [--modes ok,ok,500,late] [--seed 1]``
prints its port, then takes modes at random; ``--modes`` without it is all « ok ».
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

#: 500, 429 (with Retry-After), 503, 504: refused. hang: neither taken nor answered. lost: taken, closed unanswered.
#: cut: taken, half an answer. late: taken, answered after ``delay``. half: every second copy refused. gateway: taken,
#: and 504 says otherwise. garbage: taken, and the answer is no JSON. refuse: 401.
MODES = ("ok", "500", "429", "503", "hang", "lost", "cut", "late", "half", "gateway", "garbage", "refuse")


@dataclass
class Accepted:
    """One person's message as the provider understood it."""

    provider: str
    address: str
    metadata: dict[str, str]
    headers: dict[str, str]
    subject: str
    html: str
    text: str
    number: str


@dataclass
class FakeProvider:
    """State of the server. ``modes`` are used one a request; then ``default``."""

    log: Path | None = None
    delay: float = 1.0
    retry_after: str = "1"
    default: str = "ok"
    choices: list[str] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)  # Addresses that the provider finds invalid.
    modes: deque[str] = field(default_factory=deque)
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    keys: dict[str, tuple[int, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    random: random.Random = field(default_factory=random.Random)
    port: int = 0

    @property
    def received(self) -> Counter[str]:
        with self.lock:
            return Counter(each.address for each in self.accepted)

    def of(self, address: str) -> Accepted:
        with self.lock:
            return next(each for each in self.accepted if each.address == address)

    def next_mode(self) -> str:
        with self.lock:
            if self.modes:
                return self.modes.popleft()
            return self.random.choice(self.choices) if self.choices else self.default

    def take(self, messages: list[Accepted]) -> None:
        with self.lock:
            self.accepted += messages
            if self.log is not None:
                lines = "".join(
                    json.dumps({"provider": one.provider, "address": one.address, "number": one.number}) + "\n"
                    for one in messages
                )
                descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
                try:
                    os.write(descriptor, lines.encode())
                finally:
                    os.close(descriptor)


def _filled(text: str, values: dict[str, str], pattern: str) -> str:
    return re.sub(pattern, lambda found: str(values[found[1]]), text)


def read_brevo(body: Any) -> list[Accepted]:
    def fill(text: str, values: dict[str, str]) -> str:
        inner = re.fullmatch(r"\{% autoescape off %\}(.*)\{% endautoescape %\}", text, re.DOTALL)
        return _filled(inner[1] if inner else text, values, r"\{\{ params\.(\w+) \}\}")

    found = []
    for version in body.get("messageVersions") or [{"to": body["to"]}]:
        assert len(version["to"]) == 1, "recipients see each other"
        headers = body.get("headers", {}) | version.get("headers", {})
        values = version.get("params", {})
        found.append(
            Accepted(
                "brevo",
                version["to"][0]["email"],
                json.loads(headers.pop("X-Mailin-custom", "{}")),
                headers,
                fill(body["subject"], values),
                fill(body["htmlContent"], values),
                fill(body["textContent"], values),
                f"<{uuid.uuid4().hex}@smtp-relay.mailin.fr>",
            )
        )
    return found


def read_mailjet(body: Any) -> list[Accepted]:
    found = []
    for message in body["Messages"]:
        assert len(message["To"]) == 1, "recipients see each other"
        whole = body["Globals"] | message
        found.append(
            Accepted(
                "mailjet",
                whole["To"][0]["Email"],
                json.loads(whole.get("EventPayload", "{}")),
                dict(whole.get("Headers", {})),
                whole["Subject"],
                whole["HTMLPart"],
                whole["TextPart"],
                str(uuid.uuid4().int % 10**17),
            )
        )
    return found


def read_postmark(body: Any) -> list[Accepted]:
    return [
        Accepted(
            "postmark",
            parseaddr(one["To"])[1],
            one.get("Metadata", {}),
            {each["Name"]: each["Value"] for each in one.get("Headers", [])},
            one["Subject"],
            one["HtmlBody"],
            one["TextBody"],
            str(uuid.uuid4()),
        )
        for one in (body if isinstance(body, list) else [body])
        if "," not in one["To"]
    ]


def read_mailgun(form: dict[str, list[str]]) -> list[Accepted]:
    variables = json.loads(form["recipient-variables"][0])
    number = f"<{uuid.uuid4().hex}@mg.exemple.fr>"
    assert set(variables) == set(form["to"]), "recipients see each other"
    found = []
    for address in form["to"]:

        def fill(text: str, values: dict[str, str] = variables[address]) -> str:
            return _filled(text, values, r"%recipient\.([\w:-]+)%")

        found.append(
            Accepted(
                "mailgun",
                address,
                {key[2:]: fill(values[0]) for key, values in form.items() if key.startswith("v:")},
                {key[2:]: fill(values[0]) for key, values in form.items() if key.startswith("h:")},
                fill(form["subject"][0]),
                fill(form["html"][0]),
                fill(form["text"][0]),
                number,
            )
        )
    return found


def read_resend(body: Any) -> list[Accepted]:
    found = []
    for one in body if isinstance(body, list) else [body]:
        assert len(one["to"]) == 1, "recipients see each other"
        headers = dict(one.get("headers", {}))
        metadata = json.loads(headers.pop("X-Metadata", "{}"))
        found.append(
            Accepted(
                "resend",
                parseaddr(one["to"][0])[1],
                metadata,
                headers,
                one["subject"],
                one["html"],
                one["text"],
                str(uuid.uuid4()),
            )
        )
    return found


def answer(provider: str, taken: list[Accepted], refused: list[Accepted]) -> tuple[int, Any]:
    """The provider's own answer to a call of which ``taken`` were taken."""
    if provider == "brevo":
        return 201, {"messageIds": [one.number for one in taken]}
    if provider == "mailjet":
        rows: list[dict[str, Any]] = [
            {"Status": "success", "To": [{"Email": one.address, "MessageID": int(one.number), "MessageUUID": ""}]}
            for one in taken
        ]
        error = {"ErrorIdentifier": "x", "ErrorCode": "mj-0013", "StatusCode": 400, "ErrorMessage": "invalid email"}
        rows += [{"Status": "error", "Errors": [error]} for _ in refused]
        return (400 if refused else 200), {"Messages": rows}
    if provider == "postmark":
        return 200, [{"ErrorCode": 0, "Message": "OK", "To": one.address, "MessageID": one.number} for one in taken] + [
            {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{one.address}'."} for one in refused
        ]
    if provider == "mailgun":
        return 200, {"id": taken[0].number, "message": "Queued. Thank you."}
    return 200, {"data": [{"id": one.number} for one in taken]}


READERS = {
    "brevo": read_brevo,
    "mailjet": read_mailjet,
    "postmark": read_postmark,
    "mailgun": read_mailgun,
    "resend": read_resend,
}
PARTIAL = ("mailjet", "postmark")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeProvider

    def log_message(self, *args: Any) -> None:
        return

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        provider = self.path.split("/")[1]
        is_json = "json" in self.headers.get("Content-Type", "")
        body = json.loads(raw) if is_json else parse_qs(raw, keep_blank_values=True)
        with self.fake.lock:
            self.fake.requests.append((self.path, dict(self.headers), body))
        mode = self.fake.next_mode()
        if mode in ("500", "429", "503"):
            headers = {"Retry-After": self.fake.retry_after} if mode != "500" else {}
            return self._say(int(mode), {"message": f"{mode} for p0@exemple.fr"}, headers)
        if mode == "refuse":
            return self._say(401, {"message": "Key not found"})
        if mode == "hang":
            time.sleep(self.fake.delay)
            return self._cut()
        status, said = self._process(provider, body, mode)
        if mode == "lost":
            return self._cut()
        if mode == "late":
            time.sleep(self.fake.delay)
        if mode == "gateway":
            return self._say(504, {"message": "upstream timed out"})
        return self._say(status, said, cut=mode == "cut", garbage=mode == "garbage")

    def _process(self, provider: str, body: Any, mode: str) -> tuple[int, Any]:
        key = self.headers.get("Idempotency-Key", "")
        if provider == "brevo":
            key = body.get("headers", {}).pop("idempotencyKey", "")
        with self.fake.lock:
            if key and key in self.fake.keys:
                return self.fake.keys[key]
        messages = READERS[provider](body)
        refused = [one for one in messages if one.address in self.fake.bad]
        if mode == "half":
            refused = messages[1::2]
        taken = [one for one in messages if one not in refused]
        if refused and provider not in PARTIAL:
            return 400, {"code": "invalid_parameter", "message": f"email is not valid: {refused[0].address}"}
        self.fake.take(taken)
        done = answer(provider, taken, refused)
        with self.fake.lock:
            if key:
                self.fake.keys[key] = done
        return done

    def _cut(self) -> None:
        self.close_connection = True

    def _say(
        self,
        status: int,
        said: Any,
        headers: dict[str, str] | None = None,
        *,
        cut: bool = False,
        garbage: bool = False,
    ) -> None:
        data = b"<html>oops</html>" if garbage else json.dumps(said).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if cut else data)
        except OSError:
            self.close_connection = True
        if cut:
            self.close_connection = True


def serve(fake: FakeProvider, port: int = 0) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    fake.port = server.server_address[1]
    return server


@contextmanager
def running(fake: FakeProvider) -> Iterator[FakeProvider]:
    """The provider, while it answers."""
    server = serve(fake)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def anymail_settings(port: int, **more: Any) -> dict[str, Any]:
    """``ANYMAIL`` for the provider on ``port``."""
    base = f"http://127.0.0.1:{port}"
    return {
        "BREVO_API_KEY": "x",
        "BREVO_API_URL": f"{base}/brevo/",
        "MAILJET_API_KEY": "x",
        "MAILJET_SECRET_KEY": "x",
        "MAILJET_API_URL": f"{base}/mailjet/",
        "POSTMARK_SERVER_TOKEN": "x",
        "POSTMARK_API_URL": f"{base}/postmark/",
        "MAILGUN_API_KEY": "x",
        "MAILGUN_SENDER_DOMAIN": "mg.exemple.fr",
        "MAILGUN_API_URL": f"{base}/mailgun/",
        "RESEND_API_KEY": "x",
        "RESEND_API_URL": f"{base}/resend/",
        "REQUESTS_TIMEOUT": 5,
        "WEBHOOK_SECRET": "prestataire:secret",
    } | more


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--modes", default="ok", help=f"any of {', '.join(MODES)}, taken at random")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--delay", type=float, default=1.0)
    options = parser.parse_args()
    fake = FakeProvider(
        log=options.log,
        delay=options.delay,
        choices=options.modes.split(","),
        random=random.Random(options.seed),
    )
    server = serve(fake, options.port)
    print(fake.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

"""Chromium on answers of the portal that are rendered in the test's own process: no server, no network.

Pages are asked with Django's client; Chromium then opens them, its style sheets and scripts come from the disk, and
whatever else it asks for is noted.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Dialog, Route

ORIGIN = "http://portail.test"
PAUSE = 40

#: What a hostile text would leave in the page that the browser has built: run in the page.
AUDIT = """() => {
  const found = [], safe = ['http:', 'https:', 'mailto:', 'tel:'];
  // Straight from the prototypes: a form's fields take the names of its properties.
  const own = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const attributes = own(Element, 'attributes'), localName = own(Element, 'localName'), id = own(Element, 'id');
  const all = {9: Document, 11: DocumentFragment}, nodeType = own(Node, 'nodeType');
  const walk = (root) => all[nodeType.call(root)].prototype.querySelectorAll.call(root, '*').forEach((each) => {
    const kind = localName.call(each);
    for (const {name, value} of attributes.call(each)) {
      if (name.startsWith('on') && /alert/.test(value)) found.push(`<${kind} ${name}=${value}>`);
      if (/^(href|src|action|formaction|data|xlink:href|to|values|srcdoc|ping|poster|background)$/.test(name)
          && !/^mailto:/.test(value) && /^[\\s\\0-\\x20]*[a-z]*script:|x\\.example|alert\\(1\\)/i.test(value))
        found.push(`<${kind} ${name}=${value}>`);
    }
    // What lies in a template has no address yet.
    if (kind === 'a' && each.ownerDocument === document && each.href && !safe.includes(each.protocol))
      found.push(`<a> to ${each.protocol}`);
    if (kind === 'script' && !/json/.test(each.type) && /alert\\(1\\)/.test(each.textContent))
      found.push('<script>');
    if (kind === 'style' && /x\\.example/.test(each.textContent)) found.push('<style>');
    if (/alert|x\\.example/.test(id.call(each))) found.push(`id ${id.call(each)}`);
    if (each.shadowRoot) walk(each.shadowRoot);
    if (kind === 'template') walk(each.content);
  });
  walk(document);
  return found;
}"""


@dataclass
class Visit:
    """What happened while pages were open."""

    dialogs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        return [
            *(f"a script ran: {each}" for each in self.dialogs),
            *(f"asked for: {each}" for each in self.asked),
            *(f"refused by the policy: {each}" for each in self.refusals),
            *(f"left in the page: {each}" for each in self.left),
        ]


def visit(browser: Browser, pages: dict[str, tuple[dict[str, str], bytes]], *, policy: bool) -> Visit:
    """Open every page of ``pages`` (path: headers, body). Without ``policy`` no Content-Security-Policy helps.

    « load » waits for what the page asks for; what that sets off has :data:`PAUSE` milliseconds.
    """
    seen = Visit()
    context = browser.new_context(base_url=ORIGIN, bypass_csp=not policy)

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        known = pages.get(url.path + (f"?{url.query}" if url.query else ""))
        if f"{url.scheme}://{url.netloc}" == ORIGIN and known:
            headers, body = known
            route.fulfill(status=200, headers=headers if policy else _without_policy(headers), body=body)
        elif f"{url.scheme}://{url.netloc}" == ORIGIN and (file := _static(url.path)):
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(status=200, headers={"Content-Type": kind}, body=file.read_bytes())
        else:
            if "x.example" in route.request.url or url.path in ("/x", "/1", "/x:gif"):
                seen.asked.append(route.request.url)
            route.fulfill(status=204, body="")

    def closed(dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # Wagtail's editor asks before it is left.
            dialog.accept()
            return
        seen.dialogs.append(f"{dialog.page.url if dialog.page else ''} {dialog.message}")
        dialog.dismiss()

    context.route("**/*", answer)
    page = context.new_page()
    page.on("dialog", closed)
    page.on("console", lambda said: seen.refusals.append(said.text) if "Content Security Policy" in said.text else None)
    for path in pages:
        page.goto(path)
        page.wait_for_timeout(PAUSE)
        seen.left += [f"{path}: {each}" for each in page.evaluate(AUDIT)]
    context.close()
    return seen


def _static(path: str) -> Path | None:
    found: Any = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    return Path(found) if found else None


def _without_policy(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-security-policy"}

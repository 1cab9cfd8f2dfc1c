"""What the views of sendings share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin import messages

from ..rules import CampaignRefused


def posted(request: HttpRequest) -> Any:
    """The data of a form that was sent; None for one that is only shown."""
    return request.POST if request.method == "POST" else None


def version_seen(request: HttpRequest) -> int:
    """The version its author saw; 0, which is none, for what is no number."""
    try:
        return int(request.POST.get("version", "0")[:9])
    except ValueError:
        return 0


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """A refusal of the services becomes a message above the next screen."""
    try:
        yield
    except CampaignRefused as refusal:
        messages.error(request, refusal.message)


def screen(
    request: HttpRequest, name: str, context: dict[str, Any], title: str, subtitle: str = "", status: int = 200
) -> HttpResponse:
    """The screen of a template, in Wagtail's look."""
    context |= {"page_title": title, "page_subtitle": subtitle, "header_icon": context.get("header_icon", "mail")}
    return render(request, name, context, status=status)

"""The letters that appeared: of a public list, of a space; as pages to turn and as feeds."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.views.decorators.http import require_safe

from portal.core.listing import FEED_SIZE, BoundedPaginator, FeedEntry
from portal.core.listing.feeds import feed_response

from .models import MailingList, NewsletterPage

PER_PAGE = 20


def appeared() -> QuerySet[NewsletterPage]:
    """Published letters that anyone may read, the latest first, without their content."""
    shown = NewsletterPage.objects.filter(fact__visible=True)
    return shown.order_by("-first_published_at", "-pk").defer("body")


def page_of(letters: QuerySet[NewsletterPage], request: HttpRequest) -> Page[Any]:
    """One page of them, whatever number was asked for. Two queries."""
    return BoundedPaginator(letters, PER_PAGE).get_page(request.GET.get("page"))


def beside(letter: NewsletterPage) -> tuple[NewsletterPage | None, NewsletterPage | None]:
    """The letters of the same list that appeared just before and just after. Two queries; none without a list."""
    if letter.list_id is None or letter.first_published_at is None:
        return None, None
    others = appeared().filter(list=letter.list_id).exclude(pk=letter.pk)
    before = others.filter(first_published_at__lte=letter.first_published_at).first()
    after = others.filter(first_published_at__gt=letter.first_published_at).order_by("first_published_at", "pk").first()
    return before, after


def _public_list(slug: str) -> MailingList:
    """Private and archived lists do not exist here."""
    found: MailingList = get_object_or_404(MailingList.objects.subscribable(), slug=slug)
    return found


@require_safe
def list_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """A list's archive."""
    one = _public_list(slug)
    letters = page_of(appeared().filter(list=one), request)
    return render(request, "newsletters/list_archive.html", {"list": one, "letters": letters})


@require_safe
def list_rss(request: HttpRequest, slug: str) -> HttpResponse:
    return _feed(request, slug, Rss201rev2Feed)


@require_safe
def list_atom(request: HttpRequest, slug: str) -> HttpResponse:
    return _feed(request, slug, Atom1Feed)


def _feed(request: HttpRequest, slug: str, kind: type[Rss201rev2Feed | Atom1Feed]) -> HttpResponse:
    one = _public_list(slug)
    return feed_response(
        kind,
        (_entry(letter, request) for letter in appeared().filter(list=one)[:FEED_SIZE]),
        title=one.name,
        url=request.build_absolute_uri(reverse("newsletters:list_archive", args=[one.slug])),
        description=one.description or one.name,
        feed_url=request.build_absolute_uri(),
    )


def _entry(letter: NewsletterPage, request: HttpRequest) -> FeedEntry:
    url = letter.get_full_url(request) or ""
    published = letter.first_published_at
    return FeedEntry(letter.title, url, letter.preheader, published, letter.last_published_at or published, uid=url)

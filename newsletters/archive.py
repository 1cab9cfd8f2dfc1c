"""The letters of a public list, to read again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .models import MailingList, NewsletterPage

PER_PAGE = 20


def letters_of(one: MailingList) -> QuerySet[NewsletterPage]:
    """The published letters of a list, the latest first, as anyone may read them."""
    shown = NewsletterPage.objects.filter(list=one, fact__visible=True)
    return shown.order_by("-first_published_at", "-pk").defer_streamfields()


@require_safe
def list_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """A list's archive; private and archived lists do not exist here. Three queries."""
    one = get_object_or_404(MailingList.objects.subscribable().select_related("territory"), slug=slug)
    page = Paginator(letters_of(one), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "newsletters/list_archive.html", {"list": one, "letters": page})

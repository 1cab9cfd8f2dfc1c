"""Choosing one's territory, suggestions while typing, and the public record of any territory."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .enums import Level
from .forms import LONGEST_QUERY, ChooseForm
from .lookups import Found, find_territories
from .middleware import COOKIE
from .models import Territory
from .selectors import contained, containing, nearest_spaces, parse_key, territory_by_key
from .services import choose_own_territory
from .text import grouped

COOKIE_AGE = 365 * 24 * 3600
PER_PAGE = 60
_LONGEST_NEXT = 500


def _next_address(request: HttpRequest) -> str:
    """The address of this host that the form was asked from, else the home page."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    allowed = len(address) <= _LONGEST_NEXT and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else "/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """GET ``q``: search; ``territoire``: one proposed by its key. POST ``territoire``: keep it, a year, in a cookie
    (and in the person's profile once signed in), then go on to ``next``. Not cached: it carries a form's token."""
    form = ChooseForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        territory: Territory = form.cleaned_data["territoire"]
        if request.user.is_authenticated:
            choose_own_territory(actor=request.user, territory=territory)
        response = HttpResponseRedirect(_next_address(request))
        response.set_cookie(
            COOKIE, territory.key, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=request.is_secure()
        )
        return response
    asked = request.POST if form is not None else request.GET
    q = asked.get("q", "")[:LONGEST_QUERY].replace("\x00", "").strip()
    proposed = territory_by_key(asked.get("territoire", "")[:30]) if not q else None
    context = {
        "q": q,
        "found": find_territories(q) if q else Found([]),
        "proposed": proposed,
        "next": _next_address(request),
        "error": form.message if form is not None else "",
        "selected": asked.get("territoire", "")[:30],
    }
    name = "territories/_results.html" if getattr(request, "htmx", False) else "territories/choose.html"
    return TemplateResponse(request, name, context, status=422 if form is not None else 200)


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget the visitor's territory (and the signed-in person's), then go on to ``next``."""
    if request.user.is_authenticated:
        choose_own_territory(actor=request.user, territory=None)
    response = HttpResponseRedirect(_next_address(request))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_GET
@cache_control(private=True, max_age=300)
def suggest(request: HttpRequest) -> JsonResponse:
    """``{"results": [{"key", "label", "context", "via"}], "more"}`` for ``q``: what a field may offer while typing.
    ``niveaux``: the levels that the field takes (« commune,epci »); all where none is known.

    Private: what people type would push the pages out of the shared cache.
    """
    levels = [level for level in request.GET.get("niveaux", "")[:100].split(",") if level in Level.values]
    found = find_territories(request.GET.get("q", "")[:LONGEST_QUERY], levels=levels or None)
    return JsonResponse(
        {
            "results": [
                {
                    "key": match.territory.key,
                    "label": match.territory.label,
                    "context": match.context,
                    "via": match.via,
                }
                for match in found.matches
            ],
            "more": found.more,
        }
    )


# What the record of a territory lists: levels in full, and the level that is paged.
_LISTS: dict[str, tuple[tuple[str, ...], str | None]] = {
    Level.NATION: ((Level.REGION,), None),
    Level.REGION: ((Level.DEPARTEMENT,), Level.EPCI),
    Level.DEPARTEMENT: ((Level.EPCI,), Level.COMMUNE),
    Level.EPCI: ((Level.EPT,), Level.COMMUNE),
    Level.EPT: ((), Level.COMMUNE),
    Level.COMMUNE: ((), None),
}
_HEADINGS = {
    Level.REGION: "Régions et collectivités",
    Level.DEPARTEMENT: "Départements",
    Level.EPCI: "Intercommunalités",
    Level.EPT: "Établissements publics territoriaux",
    Level.COMMUNE: "Communes",
}


@require_GET
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """The public record of a territory: figures, what it is in, what it holds, its nearest spaces. 404 if unknown.

    A territory of a former vintage keeps its record, which says so.
    """
    parsed = parse_key(key)
    territory = (
        Territory.objects.select_related("region", "departement").filter(level=parsed[0], code=parsed[1]).first()
        if parsed
        else None
    )
    if territory is None:
        raise Http404("Ce territoire n’existe pas.")
    if key != territory.key:
        return HttpResponseRedirect(territory.get_absolute_url())
    in_full, paged = _LISTS[territory.level]
    lists: list[dict[str, Any]] = [
        {"heading": _HEADINGS[Level(level)], "items": contained(territory, level)} for level in in_full
    ]
    page = Paginator(contained(territory, paged), PER_PAGE).get_page(request.GET.get("page")) if paged else None
    spaces = nearest_spaces(territory)
    is_commune = territory.level == Level.COMMUNE
    context = {
        "territory": territory,
        "population": grouped(territory.population or 0),
        "above": containing(territory),
        "spaces": spaces,
        "has_own_space": any(space.territory_id == territory.pk for space in spaces),
        "lists": lists,
        "page_heading": _HEADINGS[Level(paged)] if paged else "",
        "page_items": page,
        "page_numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1)) if page else [],
        "postal_codes": [postal.code for postal in territory.postal_codes.order_by("code")] if is_commune else [],
        "aliases": territory.aliases.order_by("search_name", "code") if is_commune else [],
    }
    return TemplateResponse(request, "territories/detail.html", context)

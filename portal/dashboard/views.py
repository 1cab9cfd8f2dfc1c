"""« Mon espace »: what waits for the person, what is theirs, what they follow. Never cached; a GET changes nothing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.abilities import get_abilities, person_of
from portal.core.dashboard import load_cards
from portal.core.highlights import LoadedHighlight, load_highlights
from portal.territories.models import Space, Territory

#: What « Mon espace » shows of the person's territory.
KINDS = ("news", "event")


@never_cache
@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """A constant number of queries, whatever the person has."""
    user = person_of(request)
    roles = [held for held in get_abilities(request.user).memberships if held.territory is not None]
    territory = own_territory(request, [held.territory for held in roles if held.territory is not None])
    spaces = {held.territory_id for held in roles}
    context = {
        "zones": [(zone, cards) for zone, cards in load_cards(user).items()],
        "roles": roles,
        "territory": territory,
        "blocks": highlights_of(territory),
        "spaces": list(
            Space.objects.filter(territory__in=spaces, closed_at=None)
            .select_related("territory", "page")
            .order_by("territory__name", "pk")
        )
        if spaces
        else [],
    }
    return render(request, "dashboard/dashboard.html", context)


def own_territory(request: HttpRequest, held: list[Territory]) -> Territory | None:
    """The territory of the person's profile, else that of their first role, else the one they chose as a visitor."""
    user = person_of(request)
    if user.territory is not None:
        return user.territory
    # Lazy: not None itself, even where the visitor chose nothing.
    return held[0] if held else (request.territory or None)  # type: ignore[attr-defined]


def highlights_of(territory: Territory | None) -> list[LoadedHighlight]:
    """News and next events that concern the territory: those of the home page."""
    return load_highlights(territory=territory, kinds=KINDS)

"""The list of an instructing service."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from portal.accounts.abilities import person_of
from portal.core.listing.paging import page_of

from ..enums import OPEN, BatchAct, State
from ..models import SavedView
from ..screens import private
from .filters import ListFilter
from .selectors import Counters, counters, desk_of, for_list

PER_PAGE = 50


@private
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The dossiers that the person instructs, with their filters and counters. A constant number of queries."""
    person = person_of(request)
    desk = desk_of(person)
    form = ListFilter(request.GET, desk=desk)
    items = page_of(request, for_list(form.apply(desk.dossiers())), PER_PAGE)
    filters = form.filters()
    counted = counters(desk)
    views = list(SavedView.objects.filter(user=person))
    context = {
        "items": items,
        "page_numbers": items.paginator.get_elided_page_range(items.number, on_each_side=1, on_ends=1),
        "form": form,
        "filters": filters,
        "filter_query": urlencode(filters),
        "narrowed": form.is_narrowed,
        "invalid": bool(form.errors),
        "more_filters": any(each.name in filters or each.errors for each in form.more),
        "counters": counted,
        "shortcuts": shortcuts(counted, filters),
        "views": [(view, urlencode(view.filters), view.filters == filters) for view in views],
        "acts": BatchAct.choices,
        "nothing": not sum(counted.states.values()),
        "services": desk.services,
    }
    return render(request, "dossiers/instruction/list.html", context)


def shortcuts(counted: Counters, filters: dict[str, str]) -> list[tuple[str, int, str, bool]]:
    """(label, number, query, whether it is the one shown) of what one looks at every day."""
    one = [
        ("À moi", counted.mine, {"etat": "ouverts", "confie": "moi"}),
        ("Sans personne", counted.nobody, {"etat": "ouverts", "confie": "personne"}),
        ("En retard", counted.late, {"retard": "1"}),
        *[(state.label, counted.states.get(state, 0), {"etat": state.value}) for state in State if state in OPEN],
        *[
            (state.label, counted.states.get(state, 0), {"etat": state.value})
            for state in (State.ACCEPTED, State.REFUSED, State.DROPPED, State.WITHDRAWN)
        ],
    ]
    return [(label, number, urlencode(query), query == filters) for label, number, query in one]

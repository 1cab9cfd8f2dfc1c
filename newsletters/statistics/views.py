"""Screens of statistics: sums alone, for who writes letters as for who sends them."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from portal.accounts.abilities import person_of
from portal.core.charts import bars
from portal.core.spreadsheets import TYPES, table

from .. import access
from ..campaigns.guards import composers_only, own_campaign
from ..campaigns.log_views import file
from ..campaigns.screens import screen
from ..models import MailingList
from .figures import CampaignFigures, figures_of
from .moments import links_of, moments_of, months_of
from .territories import territories_of

#: The lines of a campaign's table: (count, label, share shown).
LINES = (
    ("recipients", "Destinataires au départ", False),
    ("accepted", "Envoyés", False),
    ("delivered", "Remis, selon le prestataire", True),
    ("hard_bounced", "Revenus, définitivement", True),
    ("soft_bounced", "Revenus, temporairement", True),
    ("complained", "Plaintes", True),
    ("unsubscribed", "Désabonnements par cette lettre", True),
    ("failed", "Refusés à l’envoi", True),
    ("unknown", "Incertains", False),
    ("not_sent", "Non envoyés", False),
    ("waiting", "En attente", False),
)
MEASURED = (
    ("measured", "Personnes qui acceptent la mesure, parmi les envois", False),
    ("opened", "Ont ouvert la lettre", True),
    ("clicked", "Ont suivi un lien", True),
)


@composers_only
@require_safe
def figures(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What became of a sending. A constant number of queries, whatever the number of copies."""
    one = own_campaign(request, uid)
    found = figures_of(one)
    moments = moments_of(one, final=found.final)
    links = links_of(one)
    context = {
        "campaign": one,
        "figures": found,
        "lines": LINES,
        "measured": MEASURED,
        "moments": moments,
        "chart": bars([each.label for each in moments], [[m.sent for m in moments], [m.clicks for m in moments]])
        if moments
        else None,
        "links": links,
        "clicks": sum(each.clicks for each in links),
        "formats": list(TYPES),
        "reads_addresses": access.may_send(request.user, one.territory),
        "header_icon": "order",
    }
    return screen(request, "newsletters/campaigns/figures.html", context, "Bilan", str(one))


@composers_only
@require_POST
def export(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The sums of a sending as a file, list by list. No address is in it. Logged."""
    one = own_campaign(request, uid)
    kind = request.POST.get("format", "csv")
    kind = kind if kind in TYPES else "csv"
    found = figures_of(one)
    content = table(kind, ["", "Toutes les listes", *(each.name for each, _ in found.by_list)], _rows(one, found))
    log(
        instance=one,
        action="newsletters.campaign.figures",
        user=person_of(request),
        title=str(one)[:200],
        data={"format": kind},
    )
    return file(content, kind, one, "bilan")


def _rows(one: Any, found: CampaignFigures) -> list[list[Any]]:
    columns = [found.total, *(each for _, each in found.by_list)]
    rows: list[list[Any]] = [
        [label, *(getattr(each, name) for each in columns)] for name, label, _ in (*LINES, *MEASURED)
    ]
    rows += [[f"Non envoyés : {label}", number] for label, number in found.total.reasons]
    rows += [["Lien", "Clics"], *([each.link.url, each.clicks] for each in links_of(one))]
    return rows


class ListForm(forms.Form):
    liste = forms.ModelChoiceField(MailingList.objects.none(), label="Liste", required=False, empty_label="Toutes")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["liste"]
        field.queryset = (
            access.visible_lists(user).order_by("territory__name", "name", "pk").select_related("territory")
        )
        field.label_from_instance = lambda one: f"{one.territory} — {one.name}"


@composers_only
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """A list, or all of one's own, over the last year: who joined, who left, how many are subscribed."""
    form = ListForm(request.GET, user=request.user)
    chosen = form.cleaned_data["liste"] if form.is_valid() else None
    months = months_of([chosen] if chosen else list(access.visible_lists(request.user).only("pk").order_by("pk")))
    names = [f"{each.start:%m/%Y}" for each in months]
    context = {
        "form": form,
        "items": None,
        "months": months,
        "chart": bars(names, [[each.joined for each in months], [each.left for each in months]]),
        "held": bars(names, [[each.held for each in months]]),
        "chosen": chosen,
        "header_icon": "order",
    }
    return screen(
        request,
        "newsletters/campaigns/lists.html",
        context,
        "Évolution des listes",
        str(chosen) if chosen else "Toutes vos listes",
    )


@composers_only
@require_safe
def territories(request: HttpRequest) -> HttpResponse:
    """The territories one writes for beside each other, over a year. Six queries, whatever was sent."""
    found, made = territories_of(request.user)
    most = max((each.figures.accepted for each in found), default=0)
    rows = [(each, round(100 * each.figures.accepted / most) if most else 0) for each in found]
    context = {"rows": rows, "made": made, "header_icon": "order"}
    return screen(
        request, "newsletters/campaigns/territories.html", context, "Comparer les territoires", "Douze derniers mois"
    )

"""The filters of the list: read from an address, kept in saved views and exports, put on a queryset.

Filters are a dict of texts, by the name of the field: what :class:`ListFilter` takes. What is not understood is said
beside its field and left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.forms import DsfrFormMixin
from portal.accounts.models import User
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink
from portal.territories.text import fold

from ..enums import CLOSED, OPEN, State
from ..models import Dossier, DossierType
from ..models.dossiers import SOONEST_DUE
from .selectors import WAITING, Desk, desk_of

ME, NOBODY = "moi", "personne"
STATES = [
    ("", "Tous les états"),
    ("ouverts", "Tous ceux qui sont ouverts"),
    *[(state.value, state.label) for state in State if state != State.DRAFT],
    ("clos", "Tous ceux qui sont clos"),
]
ORDERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "": ("Les plus récents d’abord", ("-deposited_at", "-pk")),
    "anciens": ("Les plus anciens d’abord", ("deposited_at", "pk")),
    "echeance": ("L’échéance la plus proche d’abord", SOONEST_DUE),
}
MOST_WORDS = 6
#: A service that covers more départements than this chooses one before its intercommunalités are listed.
MOST_DEPARTEMENTS = 13
_DATE = {"invalid": "Saisissez une date, par exemple 15/09/2026."}


class ListFilter(DsfrFormMixin, forms.Form):
    """All fields are optional. ``desk`` bounds what may be chosen: a constant number of queries."""

    q = forms.CharField(label="Rechercher", required=False, max_length=120)
    etat = forms.ChoiceField(label="État", required=False, choices=STATES)
    territoire = forms.ChoiceField(label="Région ou département", required=False)
    epci = forms.ChoiceField(label="Intercommunalité", required=False)
    type = forms.ChoiceField(label="Type de dossier", required=False)
    confie = forms.ChoiceField(label="Confié à", required=False)
    etiquette = forms.ChoiceField(label="Étiquette", required=False)
    retard = forms.BooleanField(label="En retard seulement", required=False)
    depuis = forms.DateField(
        label="Déposés à partir du",
        required=False,
        error_messages=_DATE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    jusqua = forms.DateField(
        label="Déposés jusqu’au",
        required=False,
        error_messages=_DATE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    tri = forms.ChoiceField(
        label="Classer", required=False, choices=[(name, label) for name, (label, _) in ORDERS.items()]
    )

    def __init__(self, data: Mapping[str, Any], *, desk: Desk) -> None:
        super().__init__(data, auto_id="filtre_%s")
        self.desk = desk
        self._choose("territoire", "Tout votre périmètre", places(desk))
        self._choose("epci", "Toutes", self._epcis())
        types = DossierType.objects.filter(current_version__isnull=False).order_by("title", "pk")
        self._choose("type", "Tous les types", types.values_list("code", "title"))
        people = [(str(each.pk), str(each)) for each in desk.colleagues if each.pk != desk.user.pk]
        self._choose("confie", "Qui que ce soit", [(ME, "Moi"), (NOBODY, "Personne"), *people])
        several = len(desk.services) > 1
        self._choose(
            "etiquette",
            "Toutes",
            [(str(each.pk), f"{each.name} ({each.territory})" if several else each.name) for each in desk.labels],
        )
        for each in self.fields.values():
            each.error_messages |= {"invalid_choice": "Ce choix n’existe pas, ou plus."}

    def _choose(self, name: str, every: str, choices: Any) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    def _epcis(self) -> list[tuple[str, str]]:
        """Those of the département that is chosen, else of the desk where it is not too wide. At most one query."""
        chosen = _chosen_place(self.desk, str(self.data.get("territoire") or ""))
        around = [chosen] if chosen is not None and chosen.level != Level.NATION else list(self.desk.services)
        if len(around) > MOST_DEPARTEMENTS + 1:
            return []
        inside = TerritoryLink.objects.filter(ancestor__in=[each.pk for each in around]).values("descendant")
        epcis = Territory.objects.current().filter(level=Level.EPCI, pk__in=inside)
        return [(each.key, each.name) for each in epcis.order_by("search_name", "code")]

    def filters(self) -> dict[str, str]:
        """What is understood, as texts: what saved views and exports keep."""
        self.is_valid()
        found = {}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if value:
                found[name] = value.isoformat() if isinstance(value, dt.date) else "1" if value is True else str(value)
        return found

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields that stand folded; a choice of nothing is not offered."""
        names = ("territoire", "epci", "type", "confie", "etiquette", "depuis", "jusqua", "retard")
        chosen = [self[name] for name in names]
        return [each for each in chosen if each.data or len(getattr(each.field, "choices", "  ")) > 1]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters().keys() - {"tri"})

    def apply(self, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
        """``dossiers``, narrowed by what is understood, and in order."""
        self.is_valid()
        said = self.cleaned_data
        if words := fold(said.get("q") or "").split()[:MOST_WORDS]:
            for word in words:
                dossiers = dossiers.filter(search_text__contains=word)
        elif said.get("q"):
            dossiers = dossiers.none()  # Signs alone are found nowhere.
        state = said.get("etat")
        if state:
            wanted = {"ouverts": OPEN, "clos": CLOSED}.get(state)
            dossiers = dossiers.filter(state__in=wanted) if wanted else dossiers.filter(state=state)
        for name in ("territoire", "epci"):
            if said.get(name):
                level, code = said[name].split("-", 1)
                inside = TerritoryLink.objects.filter(ancestor__level=level, ancestor__code=code)
                dossiers = dossiers.filter(territory__in=inside.values("descendant"))
        if said.get("type"):
            dossiers = dossiers.filter(type__code=said["type"])
        if said.get("confie"):
            keys = {ME: self.desk.user.pk, NOBODY: None}
            who = said["confie"]
            dossiers = dossiers.filter(assignee=keys[who] if who in keys else int(who))
        if said.get("etiquette"):
            dossiers = dossiers.filter(labels=int(said["etiquette"]))
        if said.get("retard"):
            dossiers = dossiers.filter(state__in=WAITING, due_at__lt=timezone.now())
        if said.get("depuis"):
            dossiers = dossiers.filter(deposited_at__gte=_midnight(said["depuis"]))
        if said.get("jusqua"):
            dossiers = dossiers.filter(deposited_at__lt=_midnight(said["jusqua"]) + dt.timedelta(days=1))
        return dossiers.order_by(*ORDERS[said.get("tri") or ""][1])


def filtered(user: User, filters: Mapping[str, str]) -> QuerySet[Dossier]:
    """The dossiers that ``user`` instructs now, narrowed by ``filters`` (:meth:`ListFilter.filters`), in order.

    Raises Http404 for who instructs nowhere. Filters that no longer mean anything to them give nothing.
    """
    form = ListFilter(filters, desk=desk_of(user))
    found = form.apply(form.desk.dossiers())
    return found if form.is_valid() else found.none()


def places(desk: Desk) -> list[Any]:
    """The régions and départements of a desk to choose from, in groups where there are both."""
    regions = [(each.key, each.name) for each in desk.services if each.level == Level.REGION]
    departements = [
        (each.key, f"{each.name} ({each.code})") for each in desk.services if each.level == Level.DEPARTEMENT
    ]
    if regions and departements:
        return [("Régions", regions), ("Départements", departements)]
    return [*regions, *departements]


def _chosen_place(desk: Desk, key: str) -> Territory | None:
    return next((each for each in desk.services if each.key == key), None)


def _midnight(day: dt.date) -> dt.datetime:
    """When ``day`` begins, within what every database takes."""
    day = min(max(day, dt.date(1900, 1, 1)), dt.date(2200, 1, 1))
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))

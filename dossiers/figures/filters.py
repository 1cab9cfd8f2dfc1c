"""The filters of the figures, read from an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.http import urlencode

from portal.accounts.forms import DsfrFormMixin
from portal.territories.enums import Level
from portal.territories.models import Territory
from portal.territories.selectors import contained, containing, territory_by_key

from ..instruction.filters import places
from ..instruction.selectors import Desk
from ..models import DossierType
from .scope import MOMENTS, Scope, root_of

LEVELS = {Level.REGION: "Par région", Level.DEPARTEMENT: "Par département", Level.EPCI: "Par intercommunalité"}
_DATE = {"invalid": "Saisissez une date, par exemple 15/09/2026."}


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, error_messages=_DATE, widget=widget)


class FiguresFilter(DsfrFormMixin, forms.Form):
    """All fields are optional; what is not understood is said beside its field and left out.

    ``territoire`` is any territory: what is counted stays what the desk instructs. A constant number of queries.
    """

    territoire = forms.ChoiceField(label="Territoire", required=False)
    type = forms.ChoiceField(label="Type de dossier", required=False)
    sur = forms.ChoiceField(
        label="La période est celle de",
        required=False,
        choices=[(name, words.capitalize()) for name, (words, _) in MOMENTS.items()],
    )
    depuis = _day("Du")
    jusqua = _day("Au")
    echelon = forms.ChoiceField(label="Détail", required=False)

    def __init__(self, data: Mapping[str, Any], *, desk: Desk) -> None:
        super().__init__(data, auto_id="chiffres_%s")
        self.desk = desk
        self.root = root_of(desk)
        self.types = list(
            DossierType.objects.filter(current_version__isnull=False).defer("form").order_by("title", "pk")
        )
        self.place = self._place(str(data.get("territoire") or ""))
        self._choose("territoire", self._territories())
        self._choose("type", [("", "Tous les types"), *((each.code, each.title) for each in self.types)])
        levels = Scope(desk, place=self.place).levels
        self._choose("echelon", [("", "Selon le territoire"), *((each, LEVELS[Level(each)]) for each in levels)])
        for each in self.fields.values():
            each.error_messages |= {"invalid_choice": "Ce choix n’existe pas, ou plus."}

    def _place(self, key: str) -> Territory | None:
        """The territory that is asked for; None for the desk's own whole. At most one query."""
        if not key or (self.root is not None and key == self.root.key):
            return None
        found = territory_by_key(key)
        return found if found is not None and found.level in LEVELS else None

    def _territories(self) -> list[Any]:
        """Régions and départements of the desk, the intercommunalités of the one that is looked at. One query."""
        whole = self.root.label if self.root is not None else "Tout votre périmètre"
        choices: list[Any] = [("", whole)]
        known = [each for each in places(self.desk) if each[0] != (self.root.key if self.root is not None else "")]
        choices += known
        around = self.place or self.root
        if around is not None and around.level == Level.EPCI:
            around = around.departement
        if around is not None and around.level == Level.DEPARTEMENT:
            epcis = [(each.key, each.name) for each in contained(around, Level.EPCI)]
            choices.append((f"Intercommunalités : {around.name}", epcis))
        if self.place is not None and self.place.key not in _keys(choices):
            choices.append((self.place.key, self.place.label))
        return choices

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        since, until = said.get("depuis"), said.get("jusqua")
        if since and until and until < since:
            self.add_error("jusqua", "La fin de la période vient après son début.")
        return said

    def scope(self) -> Scope:
        """What is understood of it."""
        self.is_valid()
        said = self.cleaned_data
        return Scope(
            desk=self.desk,
            type=next((each for each in self.types if each.code == said.get("type")), None),
            place=self.place if said.get("territoire") else None,
            since=said.get("depuis"),
            until=said.get("jusqua"),
            moment=said.get("sur") or next(iter(MOMENTS)),
        )

    def level(self) -> str:
        """The level that is counted by, "" where there is none beneath."""
        levels = self.scope().levels
        wanted = self.cleaned_data.get("echelon")
        if wanted in levels:
            return str(wanted)
        return levels[0] if levels else ""

    def query(self, **instead: str) -> str:
        """What is understood as an address's query, ``instead`` in its place; a level follows its territory."""
        self.is_valid()
        said = {name: self.cleaned_data.get(name) for name in self.fields}
        texts = {
            name: value.isoformat() if isinstance(value, dt.date) else str(value)
            for name, value in said.items()
            if value
        }
        if "territoire" in instead:
            texts.pop("echelon", None)
        return urlencode({name: value for name, value in (texts | instead).items() if value})

    def trail(self) -> list[tuple[str, str]]:
        """(label, query) of what contains the territory that is looked at, the widest first, the desk's whole before.
        Empty for the whole itself. At most one query."""
        if self.place is None:
            return []
        found = [(self.root.name if self.root is not None else "Tout votre périmètre", self.query(territoire=""))]
        principals = {self.place.region_id, self.place.departement_id}
        around = [each for each in containing(self.place) if each.pk in principals and each.pk in self.desk.service_ids]
        for each in reversed(around):
            if self.root is None or each.pk != self.root.pk:
                found.append((each.name, self.query(territoire=each.key)))
        return found


def _keys(choices: list[Any]) -> set[str]:
    """The values of choices, in groups or not."""
    found = set()
    for value, label in choices:
        found |= {key for key, _ in label} if isinstance(label, list) else {value}
    return found

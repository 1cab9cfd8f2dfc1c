"""The forms of « Dates »: which dates, what is done to them, with what."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput
from wagtail.snippets.widgets import AdminSnippetChooser

from ..enums import Mode
from ..models import EventDate, EventPage, Occurrence, Venue
from ..models.details import MOST_SEATS
from .changes import Change
from .enums import Action, Scope
from .errors import EditingError
from .pasted import parse_dates
from .services import check_wall

UNCHANGED = "Vide : inchangé."


def _seats(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_SEATS, help_text=UNCHANGED)


class ChangeForm(forms.Form):
    """A change; its fields are those of its action. ``date``: the date chosen, when it is one."""

    def __init__(self, action: Action, chosen: list[Occurrence], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.action, self.one = action, chosen[0] if len(chosen) == 1 else None
        scopes = list(Scope.choices) if self.one else [Scope.choices[0], Scope.choices[2]]
        if action == Action.DETACH:
            scopes = scopes[:1]
        if len(scopes) > 1:
            self.fields["scope"] = forms.ChoiceField(
                label="Quelles dates ?", choices=scopes, initial=Scope.ONE, widget=forms.RadioSelect
            )
        getattr(self, f"_add_{action.name.lower()}", lambda: None)()

    def _add_cancel(self) -> None:
        self._add_note("Raison", "Montrée à côté de la date, et écrite aux personnes inscrites.")

    def _add_postpone(self) -> None:
        self._add_note("Raison", "Montrée à côté de la date.")

    def _add_note(self, label: str = "Note", help_text: str = "Montrée à côté de la date. Vide : aucune.") -> None:
        self.fields["note"] = forms.CharField(label=label, required=False, max_length=200, help_text=help_text)

    def _add_move(self) -> None:
        if self.one:
            self.fields["start_date"] = forms.DateField(
                label="Nouveau jour",
                widget=AdminDateInput,
                initial=self.one.start_date,
                help_text="Les autres dates, s’il y en a, sont décalées d’autant.",
            )
        self.fields["start_time"] = forms.TimeField(
            label="De", required=False, widget=AdminTimeInput, help_text=UNCHANGED
        )
        self.fields["end_time"] = forms.TimeField(label="À", required=False, widget=AdminTimeInput, help_text=UNCHANGED)
        self._add_venue()

    def _add_venue(self) -> None:
        self.fields["venue"] = forms.ModelChoiceField(
            Venue.objects.order_by("pk"),
            label="Lieu",
            required=False,
            widget=AdminSnippetChooser(Venue),
            help_text=UNCHANGED,
        )
        self.fields["venue_note"] = forms.CharField(
            label="Précision de lieu", required=False, max_length=150, help_text=UNCHANGED
        )

    def _add_details(self) -> None:
        self.fields["title"] = forms.CharField(label="Titre", required=False, max_length=255, help_text=UNCHANGED)
        self.fields["mode"] = forms.ChoiceField(label="Mode", required=False, choices=[("", "Inchangé"), *Mode.choices])
        self._add_venue()
        self.fields["join_url"] = forms.URLField(
            label="Lien de connexion",
            required=False,
            max_length=500,
            assume_scheme="https",
            help_text=f"Gardé pour les personnes inscrites. {UNCHANGED}",
        )
        self.fields["capacity"] = _seats("Places sur place")
        self.fields["capacity_online"] = _seats("Places en ligne")

    @property
    def scope(self) -> Scope:
        return Scope(self.cleaned_data.get("scope") or Scope.ONE)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [name for name in self.fields if name not in ("scope", "start_date")]
        moved = self.one is not None and data.get("start_date") not in (None, self.one.start_date)
        asks = self.action in (Action.MOVE, Action.DETAILS)
        if asks and not self.errors and not moved and all(data.get(name) in (None, "") for name in names):
            raise forms.ValidationError("Vous n’avez rien changé.")
        day = data.get("start_date")
        if day and not date(2000, 1, 1) <= day <= date(2100, 12, 31):
            self.add_error("start_date", "Choisissez une date entre 2000 et 2100.")
        return data

    def change(self) -> Change:
        data = self.cleaned_data
        values = {name: data[name] for name in data if name not in ("scope", "start_date")}
        if self.action not in (Action.CANCEL, Action.POSTPONE, Action.NOTE):
            values = {name: value for name, value in values.items() if value not in (None, "")}
        if self.one is not None and data.get("start_date"):
            values["days"] = (data["start_date"] - self.one.start_date).days
        return Change(self.action, values)

    def say(self, error: EditingError) -> None:
        """An error of the service, beside the field it is about where the form has it."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class PastedDatesForm(forms.Form):
    """Dates pasted one a line."""

    dates = forms.CharField(
        label="Dates",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=200_000,
        error_messages={"required": "Collez au moins une date."},
        help_text="Une par ligne : « 24/12/2026 », « 24/12/2026 14:00-16:00 », « 24/12/2026 - 26/12/2026 ».",
    )
    start_time = forms.TimeField(
        label="De", required=False, widget=AdminTimeInput, help_text="Pour les lignes sans heure."
    )
    end_time = forms.TimeField(label="À", required=False, widget=AdminTimeInput)

    def __init__(self, page: EventPage, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.page = page
        self.rows: list[EventDate] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start_time"), data.get("end_time")
        if (start is None) != (end is None):
            self.add_error("start_time" if start is None else "end_time", "Indiquez les deux heures, ou aucune.")
        elif "dates" in data:
            self._read(data["dates"], start, end)
        return data

    def _read(self, text: str, start: time | None, end: time | None) -> None:
        self.rows, errors = parse_dates(text, start_time=start, end_time=end)
        for row in self.rows:
            try:
                check_wall(row, self.page.zone)
            except EditingError as error:
                errors.append(str(error))
        if not self.rows and not errors:
            errors.append("Collez au moins une date.")
        for error in errors[:25]:
            self.add_error("dates", error)

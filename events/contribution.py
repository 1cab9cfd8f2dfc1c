"""Proposing an event: its date, its place, who organises it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from portal.accounts.fields import TerritoryField
from portal.core.contribution.forms import ContributionForm
from portal.core.enums import Echelon
from portal.core.filters import ManyField
from portal.core.pages import ContentPage
from portal.territories.enums import Level
from portal.territories.text import fold

from . import rules
from .enums import Format, Mode, OrganiserKind, Zone
from .models import EventDate, EventPage, Venue
from .vocabulary import all_audiences


def _day(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _hour(label: str, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs
    )


class EventContributionForm(ContributionForm):
    """An event at one date; its editors may add others."""

    start_date = _day("Date de début")
    start_time = _hour("Heure de début", help_text="Vide : toute la journée.")
    end_date = _day("Date de fin", required=False, help_text="Vide : le même jour.")
    end_time = _hour("Heure de fin", help_text="Même approximative, dès qu’il y a une heure de début.")
    mode = forms.ChoiceField(label="Mode", choices=Mode.choices, initial=Mode.SUR_PLACE)
    venue_name = forms.CharField(label="Lieu", required=False, max_length=150, help_text="Son nom : « Médiathèque »…")
    venue_address = forms.CharField(label="Adresse du lieu", required=False, max_length=200)
    venue_commune = TerritoryField(
        label="Commune du lieu", required=False, levels=(Level.COMMUNE,), help_text="Son nom ou son code."
    )
    venue_note = forms.CharField(
        label="Précision de lieu", required=False, max_length=150, help_text="Salle, étage, bâtiment…"
    )
    join_url = forms.URLField(
        label="Lien de connexion",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Gardé pour les personnes inscrites : il n’est jamais publié.",
    )
    registration_url = forms.URLField(label="Lien d’inscription", required=False, max_length=500, assume_scheme="https")
    format = forms.ChoiceField(label="Format", choices=Format.choices, initial=Format.RENCONTRE)
    organiser = forms.CharField(label="Organisateur", max_length=200)
    organiser_kind = forms.ChoiceField(
        label="Nature de l’organisateur", choices=OrganiserKind.choices, initial=OrganiserKind.STRUCTURE
    )
    audiences = ManyField(
        label="Publics",
        choices=lambda: [(slug, str(each)) for slug, each in all_audiences().items()],
        required=False,
    )
    echelon = forms.ChoiceField(label="Échelon", choices=Echelon.choices, initial=Echelon.LOCAL)

    page_fields = (
        *ContributionForm.page_fields,
        *("mode", "venue_note", "join_url", "registration_url", "format", "organiser", "organiser_kind", "echelon"),
    )
    aliases = ContributionForm.aliases | {"venue": "venue_name"}
    groups: ClassVar[list[tuple[str, list[str]]]] = [
        *ContributionForm.groups[:1],
        ("Quand", ["start_date", "start_time", "end_date", "end_time"]),
        (
            "Où",
            ["mode", "venue_name", "venue_address", "venue_commune", "venue_note", "join_url", "registration_url"],
        ),
        ("Organisation", ["organiser", "organiser_kind"]),
        *ContributionForm.groups[1:2],
        ("Classement", ["format", "echelon", "audiences", "themes"]),
    ]

    def page_class(self) -> type[EventPage]:
        return EventPage

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("venue_name") and not data.get("venue_commune") and "venue_commune" not in self.errors:
            self.add_error("venue_commune", "Indiquez la commune du lieu.")
        if data.get("venue_name") and not fold(data["venue_name"]):
            self.add_error("venue_name", "Donnez un nom avec des lettres ou des chiffres.")
        if data.get("start_date"):
            self._check_hours(data)
        return data

    def _check_hours(self, data: dict[str, Any]) -> None:
        """The hours exist on the clocks of the place."""
        commune = data.get("venue_commune") if data.get("mode") != Mode.EN_LIGNE else None
        zone = commune.time_zone if commune and commune.time_zone in Zone.values else Zone.PARIS
        wall = (data["start_date"], data.get("start_time"), data.get("end_date"), data.get("end_time"))
        for field, message in rules.wall_errors(*wall, zone).items():
            if field not in self.errors:
                self.add_error(field, message)

    def _say(self, error: ValidationError) -> None:
        """A venue that is named in the form is made at submission: the page cannot know it yet."""
        found = error.error_dict if hasattr(error, "error_dict") else None
        if found is not None and self.cleaned_data.get("venue_name") and self.cleaned_data.get("mode") != Mode.EN_LIGNE:
            found.pop("venue", None)
            if not found:
                return
        super()._say(error)

    def apply(self, page: ContentPage, names: Any = None) -> None:
        super().apply(page, names)
        assert isinstance(page, EventPage)
        data = self.cleaned_data
        if names is None or "audiences" in names:
            known = all_audiences()
            page.audiences = [known[slug] for slug in data.get("audiences") or []]
        dated = ("start_date", "start_time", "end_date", "end_time")
        if data.get("start_date") and (names is None or any(name in names for name in dated)):
            dates = list(page.dates.all())
            first = dates[0] if dates else EventDate(sort_order=0)
            for name in dated:
                setattr(first, name, data.get(name))
            page.dates = [first, *dates[1:]]
        if names is None or any(name in names for name in ("mode", "venue_name", "venue_address", "venue_commune")):
            page.venue = self._known_venue()

    def _known_venue(self) -> Venue | None:
        data = self.cleaned_data
        if data.get("mode") == Mode.EN_LIGNE or not data.get("venue_name") or not data.get("venue_commune"):
            return None
        return Venue.objects.filter(commune=data["venue_commune"], search_name=fold(data["venue_name"])[:150]).first()

    def save_related(self, page: ContentPage) -> None:
        """The venue, made where the directory has none of that name in that commune."""
        assert isinstance(page, EventPage)
        data = self.cleaned_data
        if page.venue is not None or data.get("mode") == Mode.EN_LIGNE or not data.get("venue_name"):
            return
        page.venue, _ = Venue.objects.get_or_create(
            commune=data["venue_commune"],
            search_name=fold(data["venue_name"])[:150],
            defaults={"name": data["venue_name"], "address": data.get("venue_address") or ""},
        )

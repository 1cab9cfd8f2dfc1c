"""Forms of the screens of sendings. What they may not do is refused by the services, under the same names."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from portal.territories.models import Territory

from ..models import Campaign, MailingList
from ..rules import CampaignRefused
from . import selectors

#: The zones of the territories (docs/territories.md), the metropole's first.
ZONES: Final = (
    ("Europe/Paris", "Paris"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("America/St_Barthelemy", "Saint-Barthélemy"),
    ("America/Marigot", "Saint-Martin"),
    ("Indian/Kerguelen", "Terres australes"),
    ("Pacific/Wallis", "Wallis-et-Futuna"),
    ("Pacific/Tahiti", "Polynésie française"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
)
MOST_A_MINUTE: Final = 1_000_000
_TIME: Final = {"type": "time", "step": "60"}


class CampaignForm(forms.Form):
    """To whom, and how fast. The lists and segments are those of the person, within the letter's territory."""

    lists = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        label="Listes",
        required=False,
        error_messages={"invalid_choice": "Une des listes choisies n’est pas ou plus à votre portée."},
    )
    segments = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        label="Segments",
        required=False,
        error_messages={"invalid_choice": "Un des segments choisis n’est pas ou plus à votre portée."},
    )
    time_zone = forms.ChoiceField(label="Heure de", choices=ZONES)
    window_start = forms.TimeField(label="Pas avant", required=False, widget=forms.TimeInput(attrs=_TIME))
    window_end = forms.TimeField(label="Pas après", required=False, widget=forms.TimeInput(attrs=_TIME))
    weekdays_only = forms.BooleanField(label="Du lundi au vendredi seulement", required=False)
    per_minute = forms.IntegerField(label="Messages par minute", required=False, min_value=1, max_value=MOST_A_MINUTE)
    per_hour = forms.IntegerField(label="Messages par heure", required=False, min_value=1, max_value=MOST_A_MINUTE)
    per_day = forms.IntegerField(label="Messages par jour", required=False, min_value=1, max_value=MOST_A_MINUTE)
    error_percent = forms.IntegerField(
        label="Pause automatique",
        min_value=1,
        max_value=100,
        help_text="Part d’adresses refusées ou revenues, en pour cent, à partir de laquelle l’envoi se met en pause.",
    )

    def __init__(self, *args: Any, user: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: Any = self.fields["lists"]
        lists.queryset = selectors.offered_lists(user, territory)
        segments: Any = self.fields["segments"]
        segments.queryset = selectors.offered_segments(user, territory)
        zone = self.initial.get("time_zone", "")
        if zone and zone not in dict(ZONES):
            self.fields["time_zone"].choices = [*ZONES, (zone, zone)]  # type: ignore[attr-defined]

    @property
    def options(self) -> dict[str, Any]:
        """The options of the services, from a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("lists", "segments")}

    @property
    def chosen(self) -> dict[str, set[str]]:
        """What is checked, valid or not, as texts: to draw the boxes again."""
        found = {}
        for name in ("lists", "segments"):
            if self.is_bound:
                found[name] = {str(value) for value in self.data.getlist(self.add_prefix(name))}  # type: ignore[attr-defined]
            else:
                found[name] = {str(value) for value in self.initial.get(name, ())}
        return found

    @property
    def settings(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("lists", "segments")]

    def refuse(self, refusal: CampaignRefused) -> None:
        """Show a refusal of the services beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """What the form of an existing campaign shows. Two queries."""
    options = {name: getattr(campaign, name) for name in CampaignForm.base_fields if name not in ("lists", "segments")}
    keys = {name: getattr(campaign, name).order_by().values_list("pk", flat=True) for name in ("lists", "segments")}
    return options | {name: list(found) for name, found in keys.items()}


class TypedMoment(forms.DateTimeField):
    """A day and an hour as they were typed, without a zone: Django would read them in the portal's."""

    def to_python(self, value: Any) -> dt.datetime | None:
        with timezone.override(dt.UTC):
            read: dt.datetime | None = super().to_python(value)
        return read.replace(tzinfo=None) if read else None


class SendForm(forms.Form):
    """When it leaves. ``at`` is typed in the campaign's zone."""

    when = forms.ChoiceField(
        label="Départ",
        choices=[("now", "Tout de suite"), ("at", "À une date choisie")],
        widget=forms.RadioSelect,
        initial="now",
        error_messages={"required": "Choisissez quand la lettre part."},
    )
    at = TypedMoment(
        label="Date et heure",
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": "Écrivez une date et une heure, par exemple 24/11/2026 09:00."},
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        self.zone = ZoneInfo(campaign.time_zone)
        super().__init__(*args, **kwargs)
        place = dict(ZONES).get(campaign.time_zone, campaign.time_zone)
        self.fields["at"].help_text = f"Heure de {place}."

    def clean_at(self) -> dt.datetime | None:
        """The moment in the campaign's zone; an hour that a change of clocks leaves out does not exist."""
        typed: dt.datetime | None = self.cleaned_data["at"]
        if typed is None:
            return None
        moment = typed.replace(tzinfo=self.zone)
        if moment.astimezone(dt.UTC).astimezone(self.zone).replace(tzinfo=None) != typed:
            raise forms.ValidationError("Cette heure n’existe pas : les horloges changent cette nuit-là.")
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == "at" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", "Donnez la date et l’heure du départ.")
        return cleaned

    @property
    def moment(self) -> dt.datetime | None:
        """When it leaves; None at once. Of a valid form."""
        return self.cleaned_data["at"] if self.cleaned_data["when"] == "at" else None

    def refuse(self, refusal: CampaignRefused) -> None:
        self.add_error("at" if refusal.field == "scheduled_at" and self.moment else None, refusal.message)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Raison",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : votre équipe le lira."},
    )


class UnknownForm(forms.Form):
    """What became of the copies that are checked."""

    DECISIONS = (
        ("sent", "Elles sont parties"),
        ("not_sent", "Elles ne sont pas parties"),
        ("resend", "Les envoyer de nouveau"),
    )
    copies = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": "Cochez au moins une adresse."})
    decision = forms.ChoiceField(
        label="Ce qu’elles sont devenues",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qu’elles sont devenues."},
    )
    twice = forms.BooleanField(
        label="Je sais que ces personnes recevront la lettre deux fois si la première était partie", required=False
    )

    def __init__(self, *args: Any, keys: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copies"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
        self.fields["copies"].error_messages["invalid_choice"] = "Le sort d’une de ces copies est connu entre-temps."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == "resend" and not cleaned.get("twice"):
            self.add_error("twice", "Cochez cette case pour envoyer de nouveau.")
        return cleaned

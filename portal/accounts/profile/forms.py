"""The steps of a profile. Nothing is obligatory but one's name: what is left empty is empty."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms

from portal.territories.models import Territory

from ..enums import Contribution, Function, Interest, MeetingFrequency, Need, Shown
from ..fields import TerritoryField, find_organisations
from ..forms import DsfrFormMixin
from ..models import Profile, User

_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")


class ManyField(forms.MultipleChoiceField):
    """Several boxes; its cleaned value is a list in the order of the choices."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        offered: Any = self.choices
        return [str(key) for key, _ in offered if key in chosen]


def _choice(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", "Sans réponse"), *choices], required=False, **kwargs)


class StepForm(DsfrFormMixin, forms.Form):
    """One step: ``initial`` from the profile and its person; ``data()`` is what the service saves."""

    person_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        self.profile = profile
        kwargs["initial"] = {name: self._start(name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def _start(self, name: str) -> Any:
        return getattr(self.profile.user if name in self.person_fields else self.profile, name)

    def data_to_save(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class IdentityForm(StepForm):
    person_fields = ("first_name", "last_name")
    texts = {
        "first_name": ("Prénom", ""),
        "last_name": ("Nom", ""),
        "function": ("Fonction dans le réseau (facultatif)", ""),
        "position": ("Intitulé de poste (facultatif)", ""),
        "organisation": (
            "Organisation (facultatif)",
            "Son nom, tel qu’on la connaît. Si elle ne figure pas encore dans le réseau, elle sera confirmée par "
            "l’équipe de votre territoire.",
        ),
        "siret": ("SIRET de l’organisation (facultatif)", "14 chiffres. Il évite les confusions."),
        "phone": ("Téléphone (facultatif)", "Montré à personne, sauf si vous le choisissez dans l’annuaire."),
    }

    first_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    function = _choice(Function.choices)
    position = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization-title"})
    )
    organisation = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    siret = forms.CharField(max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    phone = forms.CharField(
        max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
    )

    def _start(self, name: str) -> Any:
        if name == "organisation":
            return self.profile.organisation_label
        if name == "siret":
            held = self.profile.organisation
            return held.siret if held is not None else self.profile.organisation_siret
        return super()._start(name)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        number = re.sub(r"[\s.\-()\u00a0\u202f]", "", typed)
        if number and not _PHONE.fullmatch(number):
            raise forms.ValidationError("Saisissez un numéro de téléphone, par exemple 05 58 00 00 00.")
        return number

    def clean_siret(self) -> str:
        siret = re.sub(r"[\s\u00a0\u202f]", "", self.cleaned_data["siret"])
        if siret and not re.fullmatch(r"[0-9]{14}", siret):
            raise forms.ValidationError("Un SIRET a 14 chiffres.")
        return siret

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        name, siret = data["organisation"].strip(), data["siret"]
        self.found: dict[str, Any] = {"organisation": None, "organisation_name": "", "organisation_siret": ""}
        if siret and (known := find_organisations(siret)):
            self.found["organisation"] = known[0]
        elif siret and not name:
            self.add_error("organisation", "Aucune organisation du réseau n’a ce SIRET : indiquez son nom.")
        elif name and not siret:
            self._by_name(name)
        elif name:
            self.found |= {"organisation_name": name, "organisation_siret": siret}
        return data

    def _by_name(self, name: str) -> None:
        """The one of that name (or « n° 12 »); the person's own where several bear it; a new one where none does."""
        matches = [
            found
            for found in find_organisations(name)
            if found.name.casefold() == name.casefold() or name.lower().startswith("n°")
        ]
        own = [found for found in matches if found.pk == self.profile.organisation_id]
        matches = own or matches
        if len(matches) > 1:
            names = " ; ".join(f"{found.name} ({found.territory.label}) : n° {found.pk}" for found in matches)
            self.add_error("organisation", f"Plusieurs organisations portent ce nom. Indiquez le numéro : {names}.")
        elif matches:
            self.found["organisation"] = matches[0]
        else:
            self.found["organisation_name"] = name

    def data_to_save(self) -> dict[str, Any]:
        names = ("first_name", "last_name", "function", "position", "phone")
        return {name: self.cleaned_data[name] for name in names} | self.found


class TerritoryForm(StepForm):
    person_fields = ("territory",)
    texts = {
        "territory": (
            "Mon territoire (facultatif)",
            "Commune, code postal, intercommunalité, département ou région : « Dax », « 40100 », « Landes ».",
        ),
    }

    territory = TerritoryField(required=False)

    def _start(self, name: str) -> Any:
        return self.profile.user.territory

    def clean_territory(self) -> Territory | None:
        territory: Territory | None = self.cleaned_data["territory"]
        if territory is None and self.profile.is_listed:
            raise forms.ValidationError("Vous figurez dans l’annuaire de votre territoire : indiquez-le.")
        return territory


class NetworkForm(StepForm):
    texts = {
        "needs": ("Ce que j’attends du réseau", ""),
        "contributions": ("Ce que je peux apporter", ""),
        "meeting_frequency": ("Fréquence souhaitée des rencontres", ""),
        "interest_newsletter": ("Intérêt pour une lettre d’information", ""),
        "interest_forum": ("Intérêt pour un forum", ""),
        "interest_extranet": ("Intérêt pour un extranet", ""),
        "interest_dashboard": ("Intérêt pour un tableau de bord", ""),
        "would_animate": ("Je contribuerais à l’animation du réseau", ""),
        "remarks": ("Précisions (facultatif)", "Par exemple ce que recouvre « Autre »."),
    }

    needs = ManyField(choices=Need.choices, required=False)
    contributions = ManyField(choices=Contribution.choices, required=False)
    meeting_frequency = _choice(MeetingFrequency.choices)
    interest_newsletter = _choice(Interest.choices)
    interest_forum = _choice(Interest.choices)
    interest_extranet = _choice(Interest.choices)
    interest_dashboard = _choice(Interest.choices)
    would_animate = _choice([("oui", "Oui"), ("non", "Non")])
    remarks = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def _start(self, name: str) -> Any:
        value = super()._start(name)
        return {True: "oui", False: "non", None: ""}[value] if name == "would_animate" else value

    def clean_would_animate(self) -> bool | None:
        return {"oui": True, "non": False}.get(self.cleaned_data["would_animate"])


class DirectoryForm(StepForm):
    """What the directory shows, field by field. Nothing, until chosen."""

    texts = {
        "show_name": ("Mon nom", "Sans lui, vous ne figurez pas dans l’annuaire."),
        "show_function": ("Ma fonction", ""),
        "show_organisation": ("Mon organisation", ""),
        "show_territory": ("Mon territoire", ""),
        "show_email": ("Mon adresse e-mail", ""),
        "show_phone": ("Mon téléphone", ""),
    }

    show_name = forms.ChoiceField(choices=Shown.choices)
    show_function = forms.ChoiceField(choices=Shown.choices)
    show_organisation = forms.ChoiceField(choices=Shown.choices)
    show_territory = forms.ChoiceField(choices=Shown.choices)
    show_email = forms.ChoiceField(choices=Shown.choices)
    show_phone = forms.ChoiceField(choices=Shown.choices)

    def clean_show_name(self) -> str:
        chosen: str = self.cleaned_data["show_name"]
        if chosen != Shown.NOBODY and User.objects.filter(pk=self.profile.user_id, territory=None).exists():
            raise forms.ValidationError("Indiquez d’abord votre territoire : l’annuaire est celui d’un territoire.")
        return chosen


FORMS: Final[dict[str, type[StepForm]]] = {
    "identite": IdentityForm,
    "territoire": TerritoryForm,
    "reseau": NetworkForm,
    "annuaire": DirectoryForm,
}
TITLES: Final = {
    "identite": "Qui je suis",
    "territoire": "Mon territoire",
    "reseau": "Mes attentes pour le réseau",
    "annuaire": "Ma fiche dans l’annuaire",
}

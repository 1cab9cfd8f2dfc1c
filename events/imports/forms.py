"""A source: what it is, where it is, what becomes of its events."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from .enums import Outcome, SourceKind
from .fetch import MAX_BYTES, FetchError, checked_url, fetch
from .models import ImportSource
from .selectors import spaces_of
from .tabular import FIELDS

KINDS = {".ics": SourceKind.ICS, ".json": SourceKind.OPENAGENDA, ".csv": SourceKind.CSV}
#: Somebody waits before their screen.
FETCH_SECONDS = 15.0
LABELS = {
    "uid": "Identifiant", "title": "Titre", "start": "Début (date et heure)", "end": "Fin (date et heure)",
    "start_date": "Date de début", "start_time": "Heure de début", "end_date": "Date de fin",
    "end_time": "Heure de fin", "time_zone": "Fuseau horaire", "text": "Description", "location": "Lieu",
    "address": "Adresse", "postal_code": "Code postal", "city": "Commune", "insee": "Code Insee",
    "latitude": "Latitude", "longitude": "Longitude", "geo": "Coordonnées", "url": "Page de l’événement",
    "join_url": "Lien de connexion (gardé secret)", "registration_url": "Lien d’inscription",
    "categories": "Thèmes", "organiser": "Organisateur", "status": "État", "mode": "Mode", "image": "Image",
    "all_day": "Toute la journée", "modified": "Modifié le",
}  # fmt: skip


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """``data`` holds the bytes that were sent or fetched, None when neither was asked for."""

    file = forms.FileField(label="Fichier", required=False, help_text="Un fichier .ics, .json (OpenAgenda) ou .csv.")
    data_read: bytes | None = None

    class Meta:
        model = ImportSource
        fields: ClassVar[list[str]] = [
            *("space", "name", "url", "kind", "default_zone", "default_format", "default_theme", "publish", "nightly"),
        ]
        help_texts: ClassVar[dict[str, str]] = {
            "url": "Celle d’un agenda : https://, http:// ou webcal://.",
            "default_zone": "Pour les heures dont la source ne dit pas de quel fuseau elles sont.",
            "publish": "Sinon les événements arrivent en brouillon. Ceux auxquels il manque un lieu le restent.",
            "nightly": "L’adresse est relue chaque nuit ; vous êtes prévenu de ce qui change.",
        }

    field_order = ("space", "name", "url", "file", "kind")

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        space: Any = self.fields["space"]
        space.queryset = spaces_of(user)
        space.error_messages["invalid_choice"] = "Cet espace n’est pas de votre ressort."
        self.fields["url"].required = False
        if self.instance.pk:
            del self.fields["space"]
        elif len(own := list(space.queryset[:2])) == 1:
            # Most people have one space.
            space.initial, space.empty_label = own[0].pk, None

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url:
            try:
                checked_url(url)
            except FetchError as error:
                raise forms.ValidationError(str(error)) from None
        return url

    def clean_file(self) -> UploadedFile | None:
        sent: UploadedFile | None = self.cleaned_data["file"]
        if sent is None:
            return None
        if PurePath(sent.name or "").suffix.lower() not in KINDS:
            raise forms.ValidationError("Choisissez un fichier .ics, .json ou .csv.")
        if (sent.size or 0) > MAX_BYTES:
            raise forms.ValidationError(f"Ce fichier dépasse {MAX_BYTES // 1024 // 1024} Mo.")
        return sent

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent, url = data.get("file"), data.get("url")
        if "file" in self.errors or "url" in self.errors:
            return data
        if sent is not None and url:
            self.add_error("file", "Donnez une adresse ou un fichier, pas les deux.")
        elif sent is None and not url and not self.instance.pk:
            self.add_error("url", "Donnez une adresse, ou choisissez un fichier.")
        if data.get("nightly") and not url:
            self.add_error("nightly", "Seule une adresse peut être relue chaque nuit.")
        name = data.get("name")
        space = data.get("space") or (self.instance.space if self.instance.pk else None)
        if name and space:
            twins = ImportSource.objects.filter(space=space, name=name).exclude(pk=self.instance.pk)
            if twins.exists():
                self.add_error("name", "Cet espace a déjà une source de ce nom.")
        if not self.errors:
            self._read(data, sent, url or "")
        return data

    def _read(self, data: dict[str, Any], sent: UploadedFile | None, url: str) -> None:
        """The bytes: those of the file, or of the address where it is new."""
        if sent is not None:
            self.data_read = sent.read()
            data["kind"] = KINDS[PurePath(sent.name or "").suffix.lower()]
        elif url and ("url" in self.changed_data or "kind" in self.changed_data or not self.instance.pk):
            try:
                self.data_read = fetch(url, total_seconds=FETCH_SECONDS).data
            except FetchError as error:
                self.add_error("url", str(error))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "kind" in self.cleaned_data:
            self.instance.kind = self.cleaned_data["kind"]


class ColumnsForm(forms.Form):
    """Which column holds what."""

    def __init__(self, headers: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "— aucune —"), *((header, header) for header in dict.fromkeys(headers) if header)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(label=LABELS[name], choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("title"):
            self.add_error("title", "Choisissez la colonne du titre.")
        if not (data.get("start") or data.get("start_date")):
            self.add_error("start_date", "Choisissez la colonne de la date de début.")
        return data

    @property
    def mapping(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class OutcomeFilter(forms.Form):
    resultat = forms.ChoiceField(
        label="Résultat", required=False, choices=[("", "Tous"), *((one.value, one.label) for one in Outcome)]
    )

"""Forms of the thread, the notes and avis. Complements follow the dossier's own form (``dossiers.fields.forms``)."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms

from portal.accounts.forms import DsfrFormMixin
from portal.accounts.models import User
from portal.files.kept import StoredFilesField, StoredFilesInput

from ..enums import OpinionView
from ..fields.schema import Schema
from ..rules import DossierRefused
from .attachments import MOST_FILES, PURPOSE
from .opinions import LONGEST_QUESTION
from .writing import LONGEST

LONGEST_ITEM = 2_000  # characters


def files_field(label: str) -> StoredFilesField:
    """Several files, kept with the form when it comes back."""
    widget = StoredFilesInput(attrs={"class": "fr-upload"}, several=True)
    return StoredFilesField(label=label, max_files=MOST_FILES, required=False, widget=widget)


class KeyedForm(DsfrFormMixin, forms.Form):
    """A form that acts once: ``key`` is its own from when it was first shown. ``back`` says where it was shown."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    back = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args: Any, actor: User, name: str, back: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{name}_%s")
        kwargs["initial"] = {"key": uuid.uuid4().hex, "back": back} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            if isinstance(each, StoredFilesField):
                each.belong_to(actor=actor, purpose=PURPOSE)

    def refuse(self, refusal: DossierRefused) -> None:
        """Say why the service refused, beside the field at fault. What was typed stays."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    @property
    def about(self) -> dict[str, Any]:
        """What was typed, without what the form carries for itself."""
        names = {"attached": "files"}
        return {names.get(name, name): value for name, value in self.cleaned_data.items() if name != "back"}


class MessageForm(KeyedForm):
    body = forms.CharField(
        label="Votre message (facultatif si vous joignez un fichier)",
        help_text="Texte simple ; les adresses de sites deviennent des liens. N’y mettez ni mot de passe, ni donnée de "
        "santé.",
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    attached = files_field("Fichiers joints (facultatif)")


class NoteForm(KeyedForm):
    body = forms.CharField(
        label="Votre note (facultatif si vous joignez un fichier)",
        help_text="Lue par les instructeurs de ce dossier seulement : ni l’organisation, ni les personnes consultées.",
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attached = files_field("Fichiers joints (facultatif)")


class AskForm(KeyedForm):
    emails = forms.CharField(
        label="Adresses e-mail",
        help_text="Une par ligne, vingt au plus. Une personne sans compte en crée un pour répondre : elle ne verra que "
        "ce dossier.",
        max_length=6_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    question = forms.CharField(
        label="Votre question",
        max_length=LONGEST_QUESTION,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    due_on = forms.DateField(
        label="Réponse attendue au plus tard le",
        error_messages={"invalid": "Saisissez une date, par exemple 15/09/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    confidential = forms.BooleanField(
        label="Avis confidentiel",
        help_text="Lu par les instructeurs seulement. Sinon, les autres personnes consultées le lisent une fois rendu. "
        "L’organisation n’en lit aucun.",
        required=False,
        initial=True,
    )

    def clean_emails(self) -> list[str]:
        return [each for each in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if each]


class RequestForm(KeyedForm):
    """What is asked of the organisation: a question beside each field that is to be completed, none beside the others.

    ``asked``: the questions, as ``services.transitions`` takes them.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    message = forms.CharField(
        label="Message à l’organisation (facultatif)",
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_on = forms.DateField(
        label="Réponse attendue au plus tard le",
        help_text="Jusqu’à 23 h 59 ce jour-là, à l’heure du territoire.",
        error_messages={"invalid": "Saisissez une date, par exemple 15/09/2026."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, schema: Schema, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asking = [each for each in schema if each.holds]
        for each in self.asking:
            self.fields[f"q-{each.key}"] = forms.CharField(
                label="Votre demande",
                help_text="Laissez vide pour ne rien demander ici.",
                max_length=LONGEST_ITEM,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "class": "fr-input"}),
            )
            self.fields[f"m-{each.key}"] = forms.BooleanField(label="Réponse obligatoire", required=False, initial=True)

    @property
    def asked(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            {"field": each.key, "question": data[f"q-{each.key}"], "mandatory": data[f"m-{each.key}"]}
            for each in self.asking
            if data.get(f"q-{each.key}")
        ]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The fields with their two inputs, for the template; those in use are open."""
        lines = []
        for each in self.asking:
            question, mandatory = self[f"q-{each.key}"], self[f"m-{each.key}"]
            used = bool(question.value() or question.errors)
            lines.append({"field": each, "question": question, "mandatory": mandatory, "open": used})
        return lines

    def refuse(self, refusal: DossierRefused) -> None:
        for key, messages in refusal.errors.items():
            if f"q-{key}" in self.fields:
                for message in messages:
                    self.add_error(f"q-{key}", message)
        super().refuse(refusal)


class GiveForm(KeyedForm):
    view = forms.ChoiceField(label="Sens de votre avis", choices=[("", "Choisissez"), *OpinionView.choices])
    text = forms.CharField(
        label="Votre avis", max_length=LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    attached = files_field("Fichiers joints (facultatif)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["view"].error_messages |= {"required": "Choisissez le sens de votre avis."}

"""What people fill in to register, with the organiser's questions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from ..enums import QuestionKind
from ..models import Occurrence, Registration, RegistrationQuestion
from . import rules

LONGEST = 2000
_REQUIRED = {"required": "Renseignez ce champ."}


class _Dsfr:
    """Widgets as the design system draws them, errors told to screen readers beside their field."""

    fields: dict[str, forms.Field]

    def dress(self) -> None:
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
                widget.attrs["class"] = "fr-select"
            elif not isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
                widget.attrs["class"] = "fr-input"


class DetailsForm(_Dsfr, forms.Form):
    """What a person may say and change: who they are, how they take part, what they need, answers to the questions.

    Fields of the questions are named ``question-<key>``. ``answers`` gives them by key, empty ones left out.
    """

    name = forms.CharField(
        label="Nom et prénom",
        max_length=150,
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label="Structure (facultatif)",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    attending = forms.ChoiceField(
        label="Vous participez", widget=forms.RadioSelect, error_messages={"required": "Choisissez."}
    )
    needs = forms.CharField(
        label="Besoin particulier (facultatif)",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Accessibilité, langue des signes, régime alimentaire… Seuls les organisateurs le lisent.",
    )

    def __init__(self, *args: Any, occurrence: Occurrence, questions: Iterable[RegistrationQuestion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.occurrence, self.questions = occurrence, list(questions)
        offered = rules.ways(occurrence)
        if len(offered) == 1:
            del self.fields["attending"]
        else:
            self.fields["attending"].choices = [(way.value, way.label) for way in offered]  # type: ignore[attr-defined]
        for question in self.questions:
            self.fields[f"question-{question.key}"] = field_of(question)
        self.dress()

    @property
    def way(self) -> str:
        """How the person takes part: as chosen, or the only way there is."""
        return str(self.cleaned_data.get("attending") or rules.ways(self.occurrence)[0])

    @property
    def answers(self) -> dict[str, Any]:
        said = {str(each.key): self.cleaned_data.get(f"question-{each.key}") for each in self.questions}
        return {key: value for key, value in said.items() if value not in (None, "", [], False)}

    @classmethod
    def initial_of(cls, registration: Registration) -> dict[str, Any]:
        said = {name: getattr(registration, name) for name in ("name", "organisation", "attending", "needs")}
        return said | {f"question-{key}": value for key, value in registration.answers.items()}

    def refuse(self, refusal: rules.RegistrationRefused) -> None:
        """Tell what the service refused beside its field, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class RegisterForm(DetailsForm):
    """``telephone`` is a trap for robots: people do not see it. ``form_key`` tells one form sent twice from two."""

    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        error_messages=_REQUIRED | {"invalid": "Saisissez une adresse e-mail complète : prenom.nom@exemple.fr"},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="La confirmation et le lien pour changer d’avis y sont envoyés.",
    )
    telephone = forms.CharField(label="Ne remplissez pas ce champ", required=False)
    form_key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    field_order = ["name", "email", "organisation", "attending", "needs"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["telephone"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("telephone"))

    def clean(self) -> dict[str, Any]:
        # Nobody typed it: damaged, it is as if there were none.
        self.errors.pop("form_key", None)
        self.cleaned_data.setdefault("form_key", None)
        return self.cleaned_data


class ResendForm(_Dsfr, forms.Form):
    """Somebody lost the link: it is sent again to their address."""

    email = RegisterForm.base_fields["email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "Celle avec laquelle vous vous êtes inscrit."
        self.dress()


def field_of(question: RegistrationQuestion) -> forms.Field:
    """The form field of a question. Choices are checked against those of the question."""
    common: dict[str, Any] = {
        "label": question.label if question.required else f"{question.label} (facultatif)",
        "required": question.required,
        "help_text": question.help_text,
        "error_messages": _REQUIRED,
    }
    options = [(option, option) for option in question.options]
    if question.kind == QuestionKind.LONG:
        return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **common)
    if question.kind == QuestionKind.CHOICE:
        return forms.ChoiceField(choices=[("", "Choisir…"), *options], **common)
    if question.kind == QuestionKind.SEVERAL:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
    if question.kind == QuestionKind.YES_NO:
        return forms.BooleanField(**common | {"label": question.label})
    return forms.CharField(max_length=300, **common)


def answers_in_words(registration: Registration, questions: Iterable[RegistrationQuestion]) -> list[tuple[str, str]]:
    """(question, answer) as people read them, in the order they were asked."""
    said = []
    for question in questions:
        value = registration.answers.get(str(question.key))
        if value in (None, "", [], False):
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else "oui" if value is True else str(value)
        said.append((question.label, text))
    return said

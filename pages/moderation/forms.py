"""The forms of the queue."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.accounts.models import User
from portal.core.enums import ContentKind

from ..enums import ReviewOrigin, ReviewState
from ..models import ReviewItem
from .selectors import may_be_given_to, queue, spaces_of

SCOPES = [("mine", "Ce qui m’attend"), ("all", "Tout mon ressort")]
ASSIGNEES = [("", "Peu importe"), ("me", "À moi"), ("nobody", "À personne")]
ORDERS = [("old", "Les plus anciennes d’abord"), ("new", "Les plus récentes d’abord")]
MOST_TEXT = 2000


class QueueFilter(forms.Form):
    """What of the queue is shown. A value that is none is told beside its field, and filters nothing."""

    portee = forms.ChoiceField(choices=SCOPES, required=False, label="Portée")
    etat = forms.ChoiceField(choices=[*ReviewState.choices, ("tous", "Tous")], required=False, label="État")
    espace: Any = forms.ModelChoiceField(None, required=False, label="Espace", empty_label="Tous mes espaces")
    nature = forms.ChoiceField(choices=[("", "Toutes"), *ContentKind.choices], required=False, label="Nature")
    origine = forms.ChoiceField(choices=[("", "Toutes"), *ReviewOrigin.choices], required=False, label="Origine")
    confiee = forms.ChoiceField(choices=ASSIGNEES, required=False, label="Confiée")
    q = forms.CharField(required=False, max_length=100, label="Titre ou personne")
    ordre = forms.ChoiceField(choices=ORDERS, required=False, label="Ordre")
    retard = forms.BooleanField(required=False, label="En retard seulement")

    def __init__(self, user: Any, data: Any) -> None:
        super().__init__(data or None)
        self.user = user
        field: Any = self.fields["espace"]
        field.queryset = spaces_of(user)
        field.error_messages["invalid_choice"] = "Cet espace n’est pas de votre ressort."

    def items(self) -> Any:
        """The queryset asked for; what is wrong in the form is left out."""
        self.is_valid()
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        state = asked.get("etat") or ReviewState.WAITING
        return queue(
            self.user,
            scope=asked.get("portee") or "mine",
            state="" if state == "tous" else state,
            space=asked.get("espace"),
            kind=asked.get("nature") or "",
            origin=asked.get("origine") or "",
            assignee=asked.get("confiee") or "",
            late=bool(asked.get("retard")),
            text=(asked.get("q") or "").strip(),
            newest=asked.get("ordre") == "new",
        )


class ReasonForm(forms.Form):
    """Why it is refused."""

    motif = forms.CharField(
        label="Motif du refus",
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Son auteur le lira.",
        error_messages={"required": "Donnez le motif du refus : son auteur le lira."},
    )


class AssignForm(forms.Form):
    """Whom it is given to: those who may decide in its space."""

    personne: Any = forms.ModelChoiceField(
        None, required=False, label="Confier à", empty_label="Toute l’équipe (personne en particulier)"
    )

    def __init__(self, item: ReviewItem, data: Any = None) -> None:
        super().__init__(data)
        people = may_be_given_to(item)
        field: Any = self.fields["personne"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.error_messages["invalid_choice"] = "Cette personne ne relit pas dans cet espace."
        self.initial["personne"] = item.assignee_id


class CommentsForm(forms.Form):
    """What is to change, field by field; ``choices`` are (field name, label) of the page."""

    def __init__(self, choices: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        area = {"rows": 2}
        self.fields["tout"] = forms.CharField(
            label="Sur l’ensemble", required=False, max_length=MOST_TEXT, widget=forms.Textarea(attrs=area)
        )
        for name, label in choices:
            self.fields[f"champ-{name}"] = forms.CharField(
                label=f"À changer dans « {label} »",
                required=False,
                max_length=MOST_TEXT,
                widget=forms.Textarea(attrs=area),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(str(text).strip() for text in cleaned.values()):
            raise forms.ValidationError("Dites ce qui est à changer, dans un champ au moins.")
        return cleaned

    @property
    def comments(self) -> list[tuple[str, str]]:
        """(field name, text), an empty name for the whole."""
        return [
            (name.removeprefix("champ-") if name != "tout" else "", text)
            for name, text in self.cleaned_data.items()
            if text.strip()
        ]


class SeveralForm(forms.Form):
    """What is done to several, and its text."""

    texte = forms.CharField(required=False, max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    personne: Any = forms.ModelChoiceField(None, required=False, label="Confier à", empty_label="Toute l’équipe")

    def __init__(self, action: str, items: list[ReviewItem], data: Any = None) -> None:
        super().__init__(data)
        self.action = action
        label = {"approve": "Commentaire", "changes": "Ce qui est à changer", "refuse": "Motif du refus"}
        if action == "reassign":
            del self.fields["texte"]
            people: dict[int, User] = {}
            seen: set[int] = set()
            for item in items:
                if item.space_id not in seen:
                    seen.add(item.space_id)
                    people.update({person.pk: person for person in may_be_given_to(item)})
            field: Any = self.fields["personne"]
            field.queryset = User.objects.filter(pk__in=people)
        else:
            del self.fields["personne"]
            self.fields["texte"].label = label.get(action, "Texte")
            self.fields["texte"].required = action in ("changes", "refuse")

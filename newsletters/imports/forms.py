"""Forms of imports and exports of subscribers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.core.spreadsheets import TYPES

from ..enums import SubscriptionState
from ..models import MailingList
from .enums import Basis, Column, Outcome, Typos
from .models import SubscriberImport
from .refusal import TableRefused
from .selectors import open_lists
from .services import SHORTEST_EVIDENCE, look_at
from .tables import MAX_BYTES


class ListChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.territory})"


class ImportForm(forms.Form):
    """A file, the list it goes to, and why these people are written to."""

    mailing_list = ListChoice(
        label="Liste", queryset=MailingList.objects.none(), empty_label="Choisissez une liste",
        error_messages={"required": "Choisissez une liste.", "invalid_choice": "Vous ne gérez pas cette liste."},
    )  # fmt: skip
    file = forms.FileField(
        label="Fichier",
        help_text=f"CSV ou XLSX, {MAX_BYTES // 1024 // 1024} Mo au plus. Une adresse par ligne.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"empty": "Ce fichier est vide.", "required": "Choisissez un fichier."},
    )
    basis = forms.ChoiceField(
        label="Pourquoi ces personnes reçoivent cette lettre",
        choices=[("", "Choisissez un fondement"), *Basis.choices],
        error_messages={"required": "Dites sur quel fondement ces personnes reçoivent la lettre."},
    )
    evidence = forms.CharField(
        label="Preuve",
        min_length=SHORTEST_EVIDENCE,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Où et quand ces personnes l’ont demandé ou en ont été informées, et où se trouve la preuve. "
        "Ce texte est gardé avec chaque consentement.",
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = self.fields["mailing_list"]
        assert isinstance(lists, forms.ModelChoiceField)
        lists.queryset = open_lists(user)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            look_at(upload)
        except TableRefused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        return upload


class ColumnsForm(forms.Form):
    """Which column holds what."""

    def __init__(self, item: SubscriberImport, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(str(at), f"{at + 1}. {title}") for at, title in enumerate(item.headers)]
        for what in Column:
            empty = ("", "— choisissez —" if what == Column.ADDRESS else "— aucune —")
            self.fields[what.value] = forms.ChoiceField(
                label=what.label,
                choices=[empty, *columns],
                required=what == Column.ADDRESS,
                initial=str(item.mapping.get(what.value, "")),
                error_messages={"required": "Choisissez la colonne des adresses e-mail."},
            )
        self.fields["has_header"] = forms.BooleanField(
            label="La première ligne donne les titres des colonnes", required=False, initial=item.has_header
        )
        self.fields["typos"] = forms.ChoiceField(
            label="Adresses dont le domaine semble mal écrit (« gmial.com », « orage.fr »)",
            choices=Typos.choices,
            initial=item.typos,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for what in Column:
            at = data.get(what.value)
            if at and at in taken:
                self.add_error(what.value, f"Cette colonne est déjà celle de « {Column(taken[at]).label} ».")
            elif at:
                taken[at] = what.value
        return data

    @property
    def mapping(self) -> dict[str, int]:
        return {what.value: int(at) for what in Column if (at := self.cleaned_data.get(what.value))}


class OutcomeFilter(forms.Form):
    resultat = forms.ChoiceField(
        label="Résultat",
        required=False,
        choices=[("", "Tous"), *Outcome.choices, ("role", "Adresses de fonction")],
    )


class ExportForm(forms.Form):
    """What is exported, under which form, and what for: the journal keeps it."""

    CURRENT, ALL = "current", "all"

    purpose = forms.CharField(
        label="À quoi servira ce fichier",
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Gardé dans le journal avec votre nom, la date et le nombre d’adresses.",
    )
    states = forms.ChoiceField(
        label="Qui",
        choices=[(CURRENT, "Les abonnés"), (ALL, "Les abonnés, ceux qui n’ont pas confirmé et ceux qui sont partis")],
        initial=CURRENT,
    )
    kind = forms.ChoiceField(label="Format", choices=[(kind, kind.upper()) for kind in TYPES], initial="csv")

    @property
    def wanted(self) -> list[str]:
        everybody = self.cleaned_data["states"] == self.ALL
        return list(SubscriptionState.values) if everybody else [SubscriptionState.ACTIVE.value]

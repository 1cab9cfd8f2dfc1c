"""The forms of the administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks.base import BlockField

from portal.accounts.enums import OrganisationKind
from portal.accounts.fields import TerritoryField
from portal.territories.enums import Level
from portal.territories.models import Territory

from ..enums import State
from ..exchange.kinds import MAIL_TEXTS
from ..models import DossierType, Envelope, NationalAxis, TerritoryRule
from ..money import euros

OUTCOMES = [(State.REFUSED.value, "Refus"), (State.DROPPED.value, "Classement sans suite")]


def _reasons() -> blocks.ListBlock:
    reason = blocks.StructBlock(
        [
            ("label", blocks.CharBlock(max_length=120, label="intitulé")),
            (
                "code",
                blocks.RegexBlock(
                    r"^[a-z0-9-]+\Z",
                    required=False,
                    max_length=60,
                    label="identifiant",
                    help_text="Vide pour un nouveau motif. Les décisions prises s’y réfèrent : ne le changez pas.",
                    error_messages={"invalid": "Minuscules sans accent, chiffres et traits d’union."},
                ),
            ),
            (
                "for",
                blocks.MultipleChoiceBlock(
                    choices=OUTCOMES, widget=forms.CheckboxSelectMultiple, label="pour quelles décisions"
                ),
            ),
            ("text", blocks.TextBlock(required=False, max_length=3_000, rows=3, label="texte de la décision")),
        ],
        label="motif",
        label_format="{label}",
    )
    return blocks.ListBlock(reason, default=[], label="motifs")


def _mail_texts() -> blocks.StructBlock:
    return blocks.StructBlock(
        [
            (key, blocks.TextBlock(required=False, max_length=2_000, rows=3, label=label))
            for key, label in MAIL_TEXTS.items()
        ],
        label="textes",
    )


REASONS, TEXTS = _reasons(), _mail_texts()


def _boxes(label: str, choices: list[tuple[str, str]], help_text: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


class TypeForm(WagtailAdminModelForm):
    organisation_kinds = _boxes(
        "Natures d’organisations admises", list(OrganisationKind.choices), "Aucune cochée : toutes peuvent déposer."
    )
    carrier_kinds = _boxes("Natures qui peuvent porter", list(OrganisationKind.choices), "Aucune cochée : toutes.")
    territory_levels = _boxes("Échelons admis", list(Level.choices), "Aucun coché : tous.")
    reasons = BlockField(block=REASONS, label="Motifs de décision", required=False)
    mail_texts = BlockField(
        block=TEXTS,
        label="Textes des e-mails",
        required=False,
        help_text="Ajoutés au message que le portail envoie de lui-même. Vide : rien n’est ajouté.",
    )

    class Meta:
        model = DossierType
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["reasons"] = REASONS.to_python(self.instance.reasons or [])
        self.initial["mail_texts"] = TEXTS.to_python(self.instance.mail_texts or {})
        if self.instance.current_version_id is not None:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = "Le type a été publié : son identifiant ne change plus."

    def clean_reasons(self) -> list[dict[str, Any]]:
        rows = [dict(each) for each in self.cleaned_data["reasons"]]
        taken = [each["code"] for each in rows if each["code"]]
        if len(set(taken)) != len(taken):
            raise forms.ValidationError("Deux motifs ont le même identifiant.")
        for each in rows:
            each["for"] = [str(value) for value in each["for"]]
            if not each["code"]:
                base = code = slugify(each["label"])[:50] or "motif"
                number = 2
                while code in taken:
                    code, number = f"{base}-{number}", number + 1
                taken.append(code)
                each["code"] = code
        return [{name: each[name] for name in ("code", "label", "text", "for")} for each in rows]

    def clean_mail_texts(self) -> dict[str, str]:
        return {key: text.strip() for key, text in self.cleaned_data["mail_texts"].items() if (text or "").strip()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "La clôture vient après l’ouverture.")
        if data.get("uses_envelopes") and not data.get("has_amount"):
            self.add_error("uses_envelopes", "Une enveloppe suppose que la décision porte un montant.")
        return data


class EnvelopeForm(WagtailAdminModelForm):
    territory = TerritoryField(label="Territoire", help_text="Région ou département : « Landes », « departement-40 ».")

    class Meta:
        model = Envelope
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Decisions are counted on it: only its ceiling changes.
            self.initial["territory"] = self.instance.territory.key
            for name in ("type", "territory", "year"):
                self.fields[name].disabled = True

    def clean_territory(self) -> Territory:
        if self.instance.pk:
            return self.instance.territory
        territory: Territory = self.cleaned_data["territory"]
        if territory.level not in (Level.NATION, Level.REGION, Level.DEPARTEMENT):
            raise forms.ValidationError("Une enveloppe est celle d’un département, d’une région ou de la France.")
        return territory

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not self.instance.pk and not 2020 <= year <= 2100:
            raise forms.ValidationError("Une année, de 2020 à 2100.")
        return year

    def clean_ceiling(self) -> Any:
        ceiling = self.cleaned_data["ceiling"]
        if ceiling is not None and ceiling < self.instance.committed:
            raise forms.ValidationError(below(self.instance))
        return ceiling


def below(envelope: Envelope) -> str:
    """Why a ceiling is too low."""
    return f"{euros(envelope.committed)} sont déjà accordés : le plafond ne peut pas être plus bas."


class RuleForm(WagtailAdminModelForm):
    territory = TerritoryField(label="Département")

    class Meta:
        model = TerritoryRule
        fields: list[str] = []

    def clean_territory(self) -> Territory:
        territory: Territory = self.cleaned_data["territory"]
        if territory.level != Level.DEPARTEMENT:
            raise forms.ValidationError("Choisissez un département.")
        return territory


class AxisForm(WagtailAdminModelForm):
    class Meta:
        model = NationalAxis
        fields: list[str] = []

"""Proposing a resource: what it is, for whom, under which licence, where it is found."""

from __future__ import annotations

import builtins
from typing import Any, ClassVar

from django import forms

from portal.core.contribution.forms import ContributionForm
from portal.core.pages import ContentPage

from . import enums
from .models import Beneficiary, ResourceLink, ResourcePage


class ResourceContributionForm(ContributionForm):
    """A resource: files, or a link to where it stands."""

    type = forms.ChoiceField(label="Type", choices=[("", "Choisissez"), *enums.ResourceType.choices])
    category = forms.ChoiceField(
        label="Catégorie de formation",
        choices=[("", "Ne forme pas"), *enums.TrainingCategory.choices],
        required=False,
    )
    level = forms.ChoiceField(
        label="Niveau", choices=[("", "Non précisé"), *enums.ResourceLevel.choices], required=False
    )
    duration = forms.IntegerField(
        label="Durée (minutes)", required=False, min_value=1, max_value=30_000, help_text="150 pour 2 h 30."
    )
    beneficiaries = forms.MultipleChoiceField(
        label="Bénéficiaires",
        choices=enums.BeneficiaryCode.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    author_name = forms.CharField(
        label="Auteur", required=False, max_length=200, help_text="La structure, de préférence."
    )
    licence = forms.ChoiceField(label="Licence", choices=enums.Licence.choices, initial=enums.Licence.OUVERTE)
    link_url = forms.URLField(label="Lien", required=False, max_length=500, assume_scheme="https")
    link_label = forms.CharField(label="Nom du lien", required=False, max_length=150)

    page_fields = (
        *ContributionForm.page_fields,
        *("type", "category", "level", "duration", "author_name", "licence"),
    )
    groups: ClassVar[list[tuple[str, list[str]]]] = [
        *ContributionForm.groups[:1],
        ("La ressource", ["type", "category", "level", "duration", "author_name", "licence", "link_url", "link_label"]),
        *ContributionForm.groups[1:2],
        ("Classement", ["beneficiaries", "themes"]),
    ]

    def page_class(self) -> builtins.type[ResourcePage]:
        return ResourcePage

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("link_url") and not data.get("link_label"):
            self.add_error("link_label", "Donnez au lien un nom qui dit où il mène.")
        return data

    def apply(self, page: ContentPage, names: Any = None) -> None:
        super().apply(page, names)
        assert isinstance(page, ResourcePage)
        data = self.cleaned_data
        if names is None or "duration" in names:
            page.duration = data.get("duration")
        if names is None or "beneficiaries" in names:
            page.beneficiaries = list(Beneficiary.objects.filter(code__in=data.get("beneficiaries") or []))
        if names is None or "link_url" in names or "link_label" in names:
            links = list(page.links.all())
            if data.get("link_url") and data.get("link_label"):
                first = links[0] if links else ResourceLink(sort_order=0)
                first.url, first.label = data["link_url"], data["link_label"]
                page.links = [first, *links[1:]]

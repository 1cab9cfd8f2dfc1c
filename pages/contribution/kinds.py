"""The forms of the kinds that are pages of this app: news and initiatives."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from portal.core.contribution.forms import ContributionForm
from portal.core.enums import Echelon

from ..models import InitiativePage, NewsPage


class NewsContributionForm(ContributionForm):
    """A news item."""

    echelon = forms.ChoiceField(label="Échelon", choices=Echelon.choices, initial=Echelon.LOCAL)
    source = forms.CharField(
        label="Source", required=False, max_length=200, help_text="Le journal ou l’organisme d’un article repris."
    )
    source_url = forms.URLField(label="Lien de l’article", required=False, max_length=500, assume_scheme="https")

    page_fields = (*ContributionForm.page_fields, "echelon", "source", "source_url")
    groups: ClassVar[list[tuple[str, list[str]]]] = [
        *ContributionForm.groups[:2],
        ("Article de presse", ["source", "source_url"]),
        ("Classement", ["echelon", "themes"]),
    ]

    def page_class(self) -> type[NewsPage]:
        return NewsPage


def _part(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class InitiativeContributionForm(ContributionForm):
    """A « retour d'expérience »."""

    bearers = _part("Porteurs", "Un par ligne.")
    partners = _part("Partenaires associés", "Un par ligne.")
    impacts = _part("Impacts")
    levers = _part("Leviers")
    means = _part("Moyens humains et financiers")
    bodies = _part("Instances mobilisées", "Une par ligne.")
    success_factors = _part("Facteurs de succès")
    vigilance = _part("Points de vigilance")
    replay_url = forms.URLField(label="Replay", required=False, max_length=500, assume_scheme="https")

    page_fields = (*ContributionForm.page_fields, *InitiativePage.SECTIONS, "replay_url")
    groups: ClassVar[list[tuple[str, list[str]]]] = [
        *ContributionForm.groups[:1],
        ("Retour d’expérience", [*InitiativePage.SECTIONS]),
        ("Image et documents", [*ContributionForm.groups[1][1], "replay_url"]),
        ("Classement", ["themes"]),
    ]

    def page_class(self) -> type[InitiativePage]:
        return InitiativePage

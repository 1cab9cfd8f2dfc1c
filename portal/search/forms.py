"""The search form: what is typed, and the filters. Bad values are dropped and told, never an error."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.core.enums import ContentKind
from portal.core.filters import TerritoryKeyField
from portal.core.models import Theme

from .engine import DATE, RELEVANCE, Query

MAX_QUERY = 200
SORTS = [(RELEVANCE, "Pertinence"), (DATE, "Date, du plus récent au plus ancien")]


class SearchForm(forms.Form):
    """Bound to the query string."""

    q = forms.CharField(
        label="Rechercher",
        max_length=MAX_QUERY,
        required=False,
        error_messages={"max_length": f"Votre recherche est trop longue : {MAX_QUERY} caractères au plus."},
    )
    type = forms.MultipleChoiceField(label="Type de contenu", choices=ContentKind.choices, required=False)
    territoire = TerritoryKeyField(label="Territoire")
    theme = forms.ModelMultipleChoiceField(
        label="Thèmes", queryset=Theme.objects.all(), to_field_name="slug", required=False
    )
    tri = forms.ChoiceField(label="Trier par", choices=SORTS, required=False)

    @property
    def notices(self) -> list[str]:
        """Sentences about filters that were not understood and were left out."""
        return [
            f"Le filtre « {self.fields[name].label} » a été ignoré : {' '.join(map(str, errors))}"
            for name, errors in self.errors.items()
            if name != "q" and name in self.fields
        ]

    @property
    def words(self) -> str:
        """What was typed; "" where it cannot be searched."""
        self.full_clean() if not hasattr(self, "cleaned_data") else None
        return str(self.cleaned_data.get("q", ""))

    def query(self, **extra: Any) -> Query:
        """The query of a form that was cleaned."""
        data = self.cleaned_data
        territory = data.get("territoire")
        return Query(
            words=self.words,
            kinds=tuple(data.get("type") or ()),
            territory=territory.pk if territory is not None and territory.level != "nation" else None,
            themes=tuple(theme.pk for theme in data.get("theme") or ()),
            sort=data.get("tri") or RELEVANCE,
            **extra,
        )

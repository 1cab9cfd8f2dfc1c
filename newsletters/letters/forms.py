"""Forms of the screens of letters: criteria of a selection, what becomes of it, the trial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from portal.accounts.models import User
from portal.core.models import Theme
from portal.territories.models import Space

from ..models import MailingList
from . import variables
from .blocks import KINDS, Scope
from .selection import DAYS, HORIZON, Criteria, Proposal
from .tree import one_line, typed

MOST_CHOSEN: Final = 60
MOST_ADDRESSES: Final = 5
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CriteriaForm(forms.Form):
    """What to look for, from the address. Without anything asked for: the last two weeks of the first space."""

    espace = forms.ModelChoiceField(Space.objects.none(), label="Espace", empty_label=None)
    du = forms.DateField(label="Publié du", widget=_DAY)
    au = forms.DateField(label="au", widget=_DAY)
    portee = forms.ChoiceField(label="Territoire", choices=Scope.CHOICES)
    jours = forms.IntegerField(
        label="Rendez-vous des prochains jours",
        min_value=1,
        max_value=366,
        help_text="Nombre de jours après la fin de la période.",
    )
    genre = forms.MultipleChoiceField(
        label="Genres", choices=KINDS, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Cochez-en un."}
    )
    theme = forms.ModelMultipleChoiceField(
        Theme.objects.none(),
        label="Thèmes",
        required=False,
        to_field_name="slug",
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Aucun : tous. Les initiatives sans thème n’en font alors pas partie.",
    )

    def __init__(self, data: QueryDict, spaces: QuerySet[Space], *, fixed: Space | None = None) -> None:
        first = fixed or spaces.first()
        super().__init__(data if "du" in data else self.defaults(first, data, spaces))
        field: Any = self.fields["espace"]
        field.queryset = spaces
        field.error_messages["invalid_choice"] = "Cet espace n’est pas de votre ressort."
        themes: Any = self.fields["theme"]
        themes.queryset = Theme.objects.order_by("family", "order", "name")
        if fixed is not None:
            self.fields.pop("espace")
        self.fixed = fixed

    @staticmethod
    def defaults(space: Space | None, data: QueryDict, spaces: QuerySet[Space]) -> dict[str, Any]:
        zone = ZoneInfo(space.territory.time_zone) if space else None
        today = timezone.localdate(timezone=zone)
        return {
            "espace": data.get("espace", space.pk if space else ""),
            "du": today - timedelta(days=DAYS - 1),
            "au": today,
            "portee": Scope.INSIDE,
            "jours": HORIZON,
            "genre": [kind for kind, _ in KINDS],
            "theme": [],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("du"), cleaned.get("au")
        if since and until and until < since:
            self.add_error("au", "La fin de la période précède son début.")
        elif since and until and (until - since).days > 731:
            self.add_error("au", "La période dépasse deux ans.")
        return cleaned

    @property
    def space(self) -> Space:
        found: Space = self.fixed or self.cleaned_data["espace"]
        return found

    @property
    def criteria(self) -> Criteria:
        """Of a valid form."""
        asked = self.cleaned_data
        return Criteria(
            territory=self.space.territory,
            since=asked["du"],
            until=asked["au"],
            scope=asked["portee"],
            kinds=tuple(asked["genre"]),
            themes=tuple(theme.slug for theme in asked["theme"]),
            horizon=asked["jours"],
        )


class Choice:
    """A proposal with what was asked of it: kept or not, and at which place."""

    def __init__(self, proposal: Proposal, place: str, kept: bool, error: str = "") -> None:
        self.proposal, self.place, self.kept, self.error = proposal, place, kept, error


class ChosenPages:
    """Which of the proposals were kept, in which order: ``page`` (several) and ``place-<page>`` (a number each).

    Numbers need not follow each other; equal ones keep the order of the list; one that is no number is an error.
    """

    def __init__(self, proposals: Sequence[Proposal], data: QueryDict | None = None) -> None:
        self.errors: list[str] = []
        asked = set(data.getlist("page")[:MOST_CHOSEN]) if data is not None else set()
        self.choices = [
            Choice(
                proposal,
                data.get(f"place-{proposal.pk}", "")[:4] if data is not None else str(number),
                str(proposal.pk) in asked if data is not None else True,
            )
            for number, proposal in enumerate(proposals, 1)
        ]
        if data is None:
            return
        if asked - {str(proposal.pk) for proposal in proposals}:
            self.errors.append("Une page cochée n’est plus proposée : elle n’est plus publique ou hors des critères.")
        for choice in self.choices:
            if choice.kept and choice.place.strip() and not _is_number(choice.place):
                choice.error = "La place est un nombre."
                self.errors.append(f"« {choice.proposal.page.title} » : la place est un nombre.")

    @property
    def ordered(self) -> list[Proposal]:
        kept = [choice for choice in self.choices if choice.kept]
        last = len(self.choices) + 1
        return [
            choice.proposal
            for choice in sorted(kept, key=lambda each: int(each.place) if _is_number(each.place) else last)
        ]


def _is_number(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdigit()


class NewLetterForm(forms.Form):
    """A letter's own words."""

    titre = forms.CharField(label="Titre de la lettre", max_length=150)
    objet = forms.CharField(
        label="Objet du courriel", max_length=150, required=False, help_text="Vide : le titre. " + variables.HELP
    )
    apercu = forms.CharField(
        label="Texte d’aperçu",
        max_length=150,
        required=False,
        help_text="Ce que la boîte aux lettres montre après l’objet.",
    )
    liste = forms.ModelChoiceField(MailingList.objects.none(), label="Liste", required=False, empty_label="Aucune")
    introduction = forms.CharField(
        label="Introduction",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=variables.HELP,
    )

    def __init__(self, space: Space, data: QueryDict | None = None) -> None:
        lists = MailingList.objects.current().of_territory(space.territory).order_by("-is_default", "name", "pk")
        super().__init__(data, initial={"liste": lists.first()})
        field: Any = self.fields["liste"]
        field.queryset = lists

    def _line(self, name: str) -> str:
        value = one_line(self.cleaned_data[name])
        variables.check(value)
        return value

    def clean_titre(self) -> str:
        title = one_line(self.cleaned_data["titre"])
        if not title:
            raise forms.ValidationError("Donnez un titre.")
        return title

    def clean_objet(self) -> str:
        return self._line("objet")

    def clean_apercu(self) -> str:
        return self._line("apercu")

    def clean_introduction(self) -> str:
        value = typed(self.cleaned_data["introduction"])
        variables.check(value)
        return value


class TrialForm(forms.Form):
    """To whom a trial goes: oneself, and people of the team."""

    moi = forms.BooleanField(label="À moi", required=False, initial=True)
    equipe = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Aussi à", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, actor: User, team: QuerySet[User], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.actor = actor
        self.fields["moi"].label = f"À moi ({actor.email})"
        field: Any = self.fields["equipe"]
        field.queryset = team
        field.label_from_instance = lambda user: user.get_full_name() or user.email
        field.help_text = f"{MOST_ADDRESSES} personnes au plus."
        if not team:
            self.fields.pop("equipe")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = cleaned.get("equipe") or []
        if len(others) > MOST_ADDRESSES:
            self.add_error("equipe", f"Choisissez {MOST_ADDRESSES} personnes au plus.")
        elif not cleaned.get("moi") and not others and not self.errors:
            self.add_error(None, "Choisissez au moins une personne.")
        return cleaned

    @property
    def addresses(self) -> list[str]:
        own = [self.actor.email] if self.cleaned_data.get("moi") else []
        return list(dict.fromkeys([*own, *(user.email for user in self.cleaned_data.get("equipe") or [])]))

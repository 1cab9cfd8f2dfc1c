"""The form of a segment: one field a condition, lists of its territory only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from portal.accounts.enums import OrganisationKind
from portal.accounts.fields import TerritoryField
from portal.core.models import Audience
from portal.territories.models import Territory

from .. import access
from ..models import MailingList, Segment
from .conditions import MAX_DAYS, BadConditionsError, Conditions, Reach
from .queries import lists_within

MOST_LISTS = 300


def _gone(message: str) -> dict[str, str]:
    return {"invalid_choice": message, "invalid_pk_value": message}


_FOREIGN = _gone("Une des listes choisies n’est pas de ce territoire, ou n’existe plus.")


def offered_lists(user: Any, territory: Territory) -> QuerySet[MailingList]:
    """The lists a segment of ``territory`` may speak of, in use, that ``user`` sees; the territory's own first."""
    return (
        access.visible_lists(user)
        .filter(pk__in=lists_within(territory).order_by().values("pk"), archived_at=None)
        .select_related("territory")
        .order_by(Case(When(territory=territory, then=Value(0)), default=Value(1)), "territory__name", "name", "pk")
    )


class SegmentForm(forms.Form):
    """``conditions`` are what a valid form holds; a form without a name may be counted (:attr:`can_be_counted`)."""

    conditions: Conditions

    nom = forms.CharField(label="Nom", max_length=150, error_messages={"required": "Donnez un nom au segment."})
    listes = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        label="Abonnés de ces listes",
        widget=forms.CheckboxSelectMultiple,
        error_messages=_FOREIGN | {"required": "Choisissez au moins une liste."},
    )
    territoire = TerritoryField(
        label="Territoire de la personne",
        required=False,
        help_text="Nom, code ou identifiant : « Landes », « 40 ». Vide : tous, même inconnu.",
    )
    portee = forms.ChoiceField(
        label="Ce territoire",
        choices=[
            (Reach.INSIDE, "et ce qu’il contient"),
            (Reach.ABOVE, "et ceux qui le contiennent"),
        ],
        required=False,
    )
    roles = forms.ModelMultipleChoiceField(
        Audience.objects.none(),
        label="Rôles (l’un d’eux)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=_gone("Un des rôles choisis n’existe plus."),
    )
    organisations = forms.MultipleChoiceField(
        label="Types d’organisation (l’un d’eux)",
        choices=OrganisationKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    aussi = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        label="Aussi abonnés à l’une de ces listes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=_FOREIGN,
    )
    sauf = forms.ModelMultipleChoiceField(
        MailingList.objects.none(),
        label="Abonnés à aucune de ces listes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=_FOREIGN,
    )
    clic = forms.IntegerField(
        label="A suivi un lien depuis (jours)",
        required=False,
        min_value=1,
        max_value=MAX_DAYS,
        help_text="Parmi les personnes qui acceptent la mesure seulement : des autres, on ne sait rien, et « n’a "
        "jamais cliqué » ne peut donc pas être demandé.",
    )
    depuis = forms.DateField(
        label="Abonnés depuis le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    def __init__(self, *args: Any, user: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_lists(user, territory)
        fields: Any = self.fields
        for name in ("listes", "aussi", "sauf"):
            fields[name].queryset = offered
            fields[name].label_from_instance = lambda one: f"{one.name} ({one.territory})"
        fields["roles"].queryset = Audience.objects.order_by("order", "name", "pk")

    def clean_depuis(self) -> Any:
        day = self.cleaned_data["depuis"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Ce jour est à venir.")
        return day

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            self.conditions = Conditions.read(self._raw(said))
        except BadConditionsError:
            self.add_error(None, "Choisissez moins de valeurs dans une même condition.")
        return said

    @staticmethod
    def _raw(said: dict[str, Any]) -> dict[str, Any]:
        place = said.get("territoire")
        return {
            "territory": place.pk if place else None,
            "reach": said.get("portee") or None,
            "audiences": [one.pk for one in said.get("roles") or ()],
            "organisation_kinds": list(said.get("organisations") or ()),
            "in_lists": [one.pk for one in said.get("aussi") or ()],
            "not_in_lists": [one.pk for one in said.get("sauf") or ()],
            "clicked_within": said.get("clic"),
            "subscribed_since": said["depuis"].isoformat() if said.get("depuis") else None,
        }

    @property
    def can_be_counted(self) -> bool:
        """Whether lists and conditions are good; the name does not matter."""
        return self.is_bound and not set(self.errors) - {"nom"}


def initial_of(segment: Segment) -> dict[str, Any]:
    """What the form shows of a segment; nothing of conditions that are not understood."""
    try:
        held = Conditions.read(segment.conditions)
    except BadConditionsError:
        held = Conditions()
    return {
        "nom": segment.name,
        "listes": list(segment.lists.order_by("pk").values_list("pk", flat=True)),
        "territoire": held.territory,
        "portee": held.reach,
        "roles": held.audiences,
        "organisations": held.organisation_kinds,
        "aussi": held.in_lists,
        "sauf": held.not_in_lists,
        "clic": held.clicked_within,
        "depuis": held.subscribed_since,
    }

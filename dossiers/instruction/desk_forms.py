"""Forms of the desk: who is in charge, where a dossier goes, labels, absences, saved views, several at once."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from portal.accounts.forms import DsfrFormMixin
from portal.accounts.models import User
from portal.territories.models import Territory

from ..models import Dossier, Label
from ..rules import DossierRefused
from ..services.desk import COLOURS, labels_for, services_to_choose
from .forms import ActForm
from .selectors import Desk, people_of

_DATE = {"invalid": "Saisissez une date, par exemple 15/09/2026."}
_UNKNOWN = {"invalid_choice": "Ce choix n’existe pas, ou plus."}


class AssignForm(ActForm):
    """Who is in charge: somebody who instructs it, or nobody."""

    assignee = forms.ChoiceField(label="Confier à", required=False, error_messages=_UNKNOWN)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        dossier: Dossier = kwargs["dossier"]
        kwargs["initial"] = {"assignee": str(dossier.assignee_id or "")}
        super().__init__(*args, **kwargs)
        routed_to = dossier.routed_to
        people = {user.pk: user} | {each.pk: each for each in people_of([routed_to] if routed_to is not None else [])}
        if dossier.assignee is not None:
            people.setdefault(dossier.assignee.pk, dossier.assignee)
        self.people = {str(pk): person for pk, person in people.items()}
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]
            ("", "Personne"),
            *[(key, f"Moi ({person})" if person.pk == user.pk else str(person)) for key, person in self.people.items()],
        ]

    @property
    def about(self) -> dict[str, Any]:
        return {"assignee": self.people.get(self.cleaned_data["assignee"])}


class ReassignForm(ActForm):
    """Another service, and why."""

    service = forms.ChoiceField(label="Service instructeur", error_messages=_UNKNOWN)
    reason = forms.CharField(
        label="Motif",
        help_text="Lu par le service qui reçoit le dossier, et gardé dans l’historique.",
        max_length=2000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [each for each in services_to_choose(user) if each.pk != self.dossier.routed_to_id]
        self.services: dict[str, Territory] = {each.key: each for each in found}
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            *[(key, each.label) for key, each in self.services.items()],
        ]

    @property
    def about(self) -> dict[str, Any]:
        return {"service": self.services[self.cleaned_data["service"]], "reason": self.cleaned_data["reason"]}


class LabelsForm(ActForm):
    """The labels of one dossier."""

    labels = forms.MultipleChoiceField(
        label="Étiquettes", required=False, widget=forms.CheckboxSelectMultiple, error_messages=_UNKNOWN
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        dossier: Dossier = kwargs["dossier"]
        now = list(dossier.labels.order_by("name", "pk"))
        kwargs["initial"] = {"labels": [str(each.pk) for each in now]}
        super().__init__(*args, **kwargs)
        self.known = {str(each.pk): each for each in [*labels_for(dossier), *now]}
        self.fields["labels"].choices = [(key, each.name) for key, each in self.known.items()]  # type: ignore[attr-defined]

    @property
    def about(self) -> dict[str, Any]:
        return {"labels": [self.known[key] for key in self.cleaned_data["labels"]]}


class _PlainForm(DsfrFormMixin, forms.Form):
    def refuse(self, refusal: DossierRefused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class LabelForm(_PlainForm):
    """A label of a service."""

    territory = forms.ChoiceField(label="Service", error_messages=_UNKNOWN)
    name = forms.CharField(label="Nom", max_length=40)
    colour = forms.ChoiceField(label="Couleur", choices=list(COLOURS.items()), error_messages=_UNKNOWN)

    def __init__(self, *args: Any, desk: Desk, label: Label | None = None, **kwargs: Any) -> None:
        if label is not None:
            kwargs["initial"] = {"name": label.name, "colour": label.colour}
        super().__init__(*args, **kwargs)
        self.services = {each.key: each for each in desk.services}
        if label is not None or len(self.services) == 1:
            del self.fields["territory"]
        else:
            choices = [(key, each.label) for key, each in self.services.items()]
            self.fields["territory"].choices = [("", "Choisissez"), *choices]  # type: ignore[attr-defined]

    def about(self, label: Label | None = None) -> dict[str, Any]:
        said = self.cleaned_data
        if label is not None:
            service = label.territory
        elif "territory" in self.fields:
            service = self.services[said["territory"]]
        else:
            service = next(iter(self.services.values()))
        return {"territory": service, "name": said["name"], "colour": said["colour"], "label": label}


class AbsenceForm(_PlainForm):
    """One's own absence."""

    starts_on = forms.DateField(
        label="Du", error_messages=_DATE, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Au (compris)", error_messages=_DATE, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    substitute = forms.ChoiceField(label="Votre relais", error_messages=_UNKNOWN)
    hand_over = forms.BooleanField(
        label="Lui confier dès maintenant mes dossiers ouverts",
        help_text="Sinon, seul ce qui arrive pendant votre absence lui est confié, et lui seul est prévenu.",
        required=False,
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in desk.colleagues if each.pk != desk.user.pk}
        self.fields["substitute"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            *[(key, str(each)) for key, each in self.people.items()],
        ]

    @property
    def about(self) -> dict[str, Any]:
        return self.cleaned_data | {"substitute": self.people[self.cleaned_data["substitute"]]}


class ViewForm(_PlainForm):
    """The name of a view, and the filters it keeps (an address' query)."""

    name = forms.CharField(label="Nom de la vue", max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class BatchForm(_PlainForm):
    """What is done to several dossiers; only the fields of its act are asked."""

    dossiers = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    assignee = forms.ChoiceField(label="Confier à", required=False, error_messages=_UNKNOWN)
    label = forms.ChoiceField(label="Étiquette", error_messages=_UNKNOWN)
    reason = forms.CharField(
        label="Motivation",
        help_text="La même pour chacun de ces dossiers. Lue par les organisations, et reprise dans les décisions.",
        max_length=10_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    #: Which fields each act asks for.
    ASKED = {
        "prendre": (),
        "confier": ("assignee",),
        "etiqueter": ("label",),
        "retirer-etiquette": ("label",),
        "accepter": ("reason",),
        "refuser": ("reason",),
        "classer": ("reason",),
    }

    def __init__(self, *args: Any, desk: Desk, act: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4().hex} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        asked = self.ASKED[act]
        for name in ("assignee", "label", "reason"):
            if name not in asked:
                del self.fields[name]
        if "assignee" in asked:
            people = [(str(each.pk), str(each)) for each in desk.colleagues if each.pk != desk.user.pk]
            self.fields["assignee"].choices = [  # type: ignore[attr-defined]
                ("", "Personne"),
                (str(desk.user.pk), f"Moi ({desk.user})"),
                *people,
            ]
        if "label" in asked:
            several = len(desk.services) > 1
            labels = [(str(each.pk), f"{each} ({each.territory})" if several else each.name) for each in desk.labels]
            self.fields["label"].choices = [("", "Choisissez"), *labels]  # type: ignore[attr-defined]
        if act == "accepter":
            self.fields["reason"].required = False
            self.fields["reason"].label = "Motivation (facultative)"

    @property
    def payload(self) -> dict[str, Any]:
        names = [name for name in ("assignee", "label", "reason") if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}

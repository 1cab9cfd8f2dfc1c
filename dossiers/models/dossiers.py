"""A dossier, and its form as it was sent."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.accounts.abilities import get_abilities
from portal.accounts.models import Organisation
from portal.accounts.rules import Ability
from portal.territories.models import Territory

from ..enums import (
    CLOSED,
    DEPOSITOR_LABELS,
    DEPOSITOR_NEXT,
    INSTRUCTOR_NEXT,
    OPEN,
    OpinionState,
    Side,
    State,
)
from .types import DossierType, DossierTypeVersion


def without_due_date() -> models.ExpressionWrapper:
    """Whether instruction has no day to be over by."""
    return models.ExpressionWrapper(Q(due_at=None), output_field=models.BooleanField())


#: The soonest due first, those without a day last: as an expression, which one index serves on every engine (SQLite
#: answers no NULLS LAST from an index).
SOONEST_DUE = (without_due_date().asc(), "due_at", "pk")


class DossierQuerySet(models.QuerySet["Dossier"]):
    def kept(self) -> Self:
        """Not in the bin."""
        return self.filter(binned_at=None)

    def deposited(self) -> Self:
        """All but drafts."""
        return self.exclude(state=State.DRAFT)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def of_organisations_of(self, user: Any) -> Self:
        """Dossiers of the organisations where ``user`` deposits or reads."""
        return self.filter(organisation__in=get_abilities(user).organisation_ids(Ability.READ_DOSSIERS))

    def shared_with(self, user: Any) -> Self:
        """Dossiers on which ``user`` was invited, and still is."""
        from .sharing import DossierInvitation

        return self.filter(pk__in=DossierInvitation.objects.valid().filter(user_id=user.pk).values("dossier"))

    def for_depositor(self, user: Any) -> Self:
        """What ``user`` reads from the organisation's side, drafts included."""
        from .sharing import DossierInvitation

        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = get_abilities(user).organisation_ids(Ability.READ_DOSSIERS)
        shared = DossierInvitation.objects.valid().filter(user_id=user.pk).values("dossier")
        return self.kept().filter(Q(organisation__in=own) | Q(pk__in=shared))

    def for_instructor(self, user: Any) -> Self:
        """What ``user`` instructs: deposited dossiers routed to one of their territories."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        abilities = get_abilities(user)
        if not abilities.anywhere(Ability.INSTRUCT):
            return self.none()
        return self.kept().deposited().filter(routed_to__in=abilities.territories(Ability.INSTRUCT))

    def for_advisor(self, user: Any) -> Self:
        """Dossiers on which ``user`` is asked for an avis, or gave one."""
        from .exchange import Opinion

        if not user.is_authenticated or not user.is_active:
            return self.none()
        asked = Opinion.objects.exclude(state=OpinionState.REVOKED).filter(advisor_id=user.pk)
        return self.kept().deposited().filter(pk__in=asked.values("dossier"))

    def visible_to(self, user: Any) -> Self:
        """All that ``user`` may open, from whichever side. What is not in it is 404."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        every = type(self)(self.model)
        anyone = Q()
        for side in (every.for_depositor(user), every.for_instructor(user), every.for_advisor(user)):
            anyone |= Q(pk__in=side.order_by().values("pk"))
        return self.filter(anyone)


class Dossier(models.Model):
    """What an organisation deposits about a territory, following one frozen form.

    ``values`` holds what was typed, by the key of the field (docs/dossier-fields.md); files are in :class:`Piece`.
    ``version`` grows with every change of state or form: who acts says which one they saw. Only
    ``dossiers.services`` writes here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("numéro", max_length=30, unique=True, null=True, editable=False)
    type = models.ForeignKey(DossierType, models.PROTECT, related_name="dossiers", verbose_name="type")
    type_version = models.ForeignKey(
        DossierTypeVersion, models.PROTECT, related_name="dossiers", verbose_name="version"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="dossiers", verbose_name="organisation")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="territoire")
    title = models.CharField("intitulé", max_length=200, blank=True)
    state = models.CharField("état", max_length=20, choices=State.choices, default=State.DRAFT)
    previous_state = models.CharField(max_length=20, choices=State.choices, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=dict, blank=True)
    #: Folded words of the number, title, organisation, territory and values, for the lists' search.
    search_text = models.TextField(blank=True, default="", editable=False)
    #: The territory whose service instructs; None for a draft.
    routed_to = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="+", verbose_name="instruit par")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="confié à"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="commencé par"
    )
    created_at = models.DateTimeField("commencé le", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("modifié le", default=timezone.now, editable=False)
    deposited_at = models.DateTimeField("déposé le", null=True, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    #: When instruction should be over; moved by the time spent waiting for complements.
    due_at = models.DateTimeField("à instruire avant le", null=True, editable=False)
    complement_due_at = models.DateTimeField("compléments attendus avant le", null=True, editable=False)
    closed_at = models.DateTimeField("clos le", null=True, editable=False)
    amount_requested = models.DecimalField("montant demandé", max_digits=14, decimal_places=2, null=True)
    amount_granted = models.DecimalField("montant accordé", max_digits=14, decimal_places=2, null=True)
    labels: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "Label", blank=True, related_name="dossiers", verbose_name="étiquettes"
    )
    published_page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name="page publiée")
    binned_at = models.DateTimeField(null=True, editable=False)
    retention_notice_at = models.DateTimeField(null=True, editable=False)
    #: Taken out of the bin by who instructs: it stays until then at least.
    kept_until = models.DateTimeField(null=True, editable=False)
    #: Head of the chain of events.
    last_event_number = models.PositiveIntegerField(default=0)
    last_event_hash = models.CharField(max_length=64, blank=True, default="")

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        ordering = ["-updated_at", "pk"]
        indexes = [
            models.Index(fields=["routed_to", "state", "-deposited_at"], name="dossier_routed_state"),
            models.Index(fields=["organisation", "-updated_at"], name="dossier_organisation"),
            models.Index(fields=["assignee", "state"], name="dossier_assignee"),
            models.Index(fields=["type", "territory", "state"], name="dossier_type_territory"),
            models.Index(
                fields=["complement_due_at"], name="dossier_complement_due", condition=Q(state=State.INCOMPLETE)
            ),
            # All that the counters of a desk read, so that they read nothing else.
            models.Index(
                fields=["routed_to", "state", "due_at", "assignee"],
                name="dossier_desk_counters",
                condition=Q(binned_at=None),
            ),
            # The same for those who instruct everywhere: already grouped by state.
            models.Index(
                fields=["state", "due_at", "assignee", "routed_to"],
                name="dossier_desk_states",
                condition=Q(binned_at=None),
            ),
            models.Index(fields=["-deposited_at", "-id"], name="dossier_desk_recent"),
            models.Index(
                fields=["routed_to", "-deposited_at", "-id"], name="dossier_desk_routed", condition=Q(binned_at=None)
            ),
            # In the order of SOONEST_DUE.
            models.Index(without_due_date(), "due_at", "id", name="dossier_desk_due", condition=Q(binned_at=None)),
            models.Index(fields=["closed_at"], name="dossier_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["updated_at"], name="dossier_drafts", condition=Q(state=State.DRAFT)),
            models.Index(fields=["binned_at"], name="dossier_binned", condition=Q(binned_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="dossier_state"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, number=None, deposited_at=None, routed_to=None)
                | (
                    ~Q(state=State.DRAFT) & Q(number__isnull=False, deposited_at__isnull=False, routed_to__isnull=False)
                ),
                name="dossier_number_once_deposited",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.INCOMPLETE,
                    previous_state__in=[State.DEPOSITED, State.INSTRUCTION],
                    complement_due_at__isnull=False,
                )
                | (~Q(state=State.INCOMPLETE) & Q(previous_state="", complement_due_at=None)),
                name="dossier_incomplete_goes_back",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_at__isnull=False) | (~Q(state__in=CLOSED) & Q(closed_at=None)),
                name="dossier_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(amount_granted=None) | Q(state=State.ACCEPTED, amount_granted__gte=0),
                name="dossier_granted_once_accepted",
            ),
            models.CheckConstraint(
                condition=Q(amount_requested=None) | Q(amount_requested__gte=0), name="dossier_requested_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'Brouillon'} · {self.title or self.type}"

    def get_absolute_url(self) -> str:
        """Where the organisation's side reads it; instruction's is ``instruction:detail``."""
        return reverse("dossiers:detail", args=[self.pk])

    @property
    def label(self) -> str:
        """How people call it: its title, else its type's."""
        return self.title or self.type.title

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def is_late(self) -> bool:
        """Whether instruction should be over. Waiting for the organisation does not count."""
        waits = self.state in (State.DEPOSITED, State.INSTRUCTION)
        return waits and self.due_at is not None and self.due_at < timezone.now()

    def state_label(self, side: str) -> str:
        """The state in the words of ``side`` (:class:`~dossiers.enums.Side`)."""
        return DEPOSITOR_LABELS[State(self.state)] if side == Side.ORGANISATION else State(self.state).label

    def what_next(self, side: str) -> str:
        """« Et maintenant ? », for ``side``."""
        return (DEPOSITOR_NEXT if side == Side.ORGANISATION else INSTRUCTOR_NEXT)[State(self.state)]


class DossierRevision(models.Model):
    """The form as it stood when it was sent: at deposit (1), then with each answer. What diffs compare."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    #: {field's key: [[piece version's id, name, sha256], …]}
    pieces = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["dossier", "number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="dossier_revision_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.number}"

"""« Lettres récurrentes » in Wagtail's admin: seen by who writes letters there, changed by who manages the lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from portal.accounts.models import Membership, User
from portal.accounts.rules import Ability, roles_with
from portal.territories.models import Territory

from .. import access
from ..admin.base import RowButtons
from ..admin.lists import ListHelper, ManagedAdmin
from ..admin_forms import TerritoryOwnedForm
from ..models import Digest, MailingList
from . import services


class DigestForm(TerritoryOwnedForm):
    stopped = forms.BooleanField(label="Arrêtée : ne plus préparer de brouillon", required=False)

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, for_user=for_user, **kwargs)
        self.person = for_user
        managed = access.managed_territories(for_user) if for_user else Territory.objects.none()
        lists: Any = self.fields["list"]
        lists.queryset = MailingList.objects.filter(
            Q(territory__in=managed, archived_at=None) | Q(pk=self.instance.list_id)
        )
        # Oneself, who it is already, and who writes the letters of these territories: no other name is read here.
        writers = Membership.objects.valid().filter(role__in=roles_with(Ability.COMPOSE_LETTER), territory__in=managed)
        known = {getattr(for_user, "pk", None), self.instance.owner_id} - {None}
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(Q(pk__in=known) | Q(pk__in=writers.values("user"))).order_by("email")
        self.fields["stopped"].initial = self.instance.stopped_at is not None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        one, territory = data.get("list"), data.get("territory")
        if one and territory and one.territory_id != territory.pk:
            self.add_error("list", "Cette liste est d’un autre territoire.")
        owner = data.get("owner")
        if owner and territory and not access.may_compose(owner, territory):
            self.add_error("owner", "Cette personne n’écrit pas les lettres de ce territoire.")
        return data

    def save(self, commit: bool = True) -> Any:
        digest = super().save(commit=False)
        if commit:
            services.save_digest(actor=self.person, digest=digest, stopped=self.cleaned_data["stopped"])
        return digest


class DigestHelper(ListHelper):
    def visible(self, user: Any) -> QuerySet[Digest]:  # type: ignore[override]
        return access.visible_digests(user)


class DigestAdmin(ManagedAdmin):
    model = Digest
    menu_icon = "calendar-alt"
    permission_helper_class = DigestHelper
    button_helper_class = RowButtons
    inspect_view_enabled = False
    list_display = ("name", "territory", "list", "rhythm", "next_at", "last_at", "stopped_at")
    list_select_related = ("territory", "list")
    search_fields = ("name", "territory__name")
    edit_handler = ObjectList(
        [
            FieldPanel("territory", widget=forms.Select),
            FieldPanel("list", widget=forms.Select),
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("rhythm"), FieldPanel("weekday"), FieldPanel("month_day"), FieldPanel("hour")]),
            FieldPanel("introduction"),
            FieldPanel("owner", widget=forms.Select),
            FieldPanel("stopped"),
        ],
        base_form_class=DigestForm,
    )

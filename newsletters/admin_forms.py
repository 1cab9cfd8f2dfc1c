"""Forms of what belongs to a territory, in the administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from wagtail.admin.forms import WagtailAdminModelForm

from portal.territories.models import Territory


class TerritoryOwnedForm(WagtailAdminModelForm):
    """Offers the open spaces of the territories whose lists the person manages; another by a forged POST is refused."""

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        # Access reads the models, which name this form.
        from . import access

        super().__init__(*args, for_user=for_user, **kwargs)
        field = self.fields.get("territory")
        if isinstance(field, forms.ModelChoiceField):
            managed = access.managed_territories(for_user) if for_user else Territory.objects.none()
            spaces = Q(space__isnull=False, space__closed_at=None) | Q(pk=self.instance.territory_id)
            field.queryset = managed.filter(spaces).order_by("name", "level", "code")
            field.error_messages["invalid_choice"] = "Vous ne gérez pas les listes de ce territoire."

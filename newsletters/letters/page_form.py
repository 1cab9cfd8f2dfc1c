"""The form of a letter: what is typed is checked beside its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from wagtail.models import Page

from portal.core.page_forms import PortalPageForm

from . import variables
from .tree import one_line


class LetterPageForm(PortalPageForm):
    """The list is one of the space's; variables exist; nothing typed holds a mark or breaks a header's line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (subject := self.fields.get("subject")) is not None:
            subject.help_text = f"{subject.help_text} {variables.HELP}"
        field: Any = self.fields.get("list")
        if field is not None:
            field.queryset = self._lists(field.queryset)
            field.empty_label = "Aucune"

    def _lists(self, lists: Any) -> Any:
        above: Page | None = self.parent_page
        space = getattr(above.specific, "space", None) if above is not None else None
        own = Q(territory=space.territory_id, archived_at=None) if space is not None else Q(pk__in=[])
        return lists.filter(own | Q(pk=self.instance.list_id)).order_by("name", "pk")

    def _line(self, name: str) -> str:
        value = one_line(self.cleaned_data.get(name))
        if found := variables.mistakes(value):
            raise forms.ValidationError(found)
        return value

    def clean_subject(self) -> str:
        return self._line("subject")

    def clean_preheader(self) -> str:
        return self._line("preheader")

"""The editor's form of an event: what only the page and its dates together can tell."""

from __future__ import annotations

from typing import Any

from portal.core.page_forms import PortalPageForm

from . import rules


class EventPageForm(PortalPageForm):
    """Checks each date's hours on the clocks of the event's zone; errors stand beside the date's own fields."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        dates = self.formsets.get("dates")
        if dates is None:
            return data
        if not (self._has_rows(dates) or self._has_rows(self.formsets.get("rules"))):
            self.add_error(None, "Indiquez au moins une date, ou une répétition.")
        zone = self._zone(data)
        seen: set[tuple[Any, ...]] = set()
        for form in dates.forms:
            if not form.is_valid() or form in dates.deleted_forms or not form.cleaned_data.get("start_date"):
                continue
            entered = form.cleaned_data
            wall = (
                entered["start_date"],
                entered.get("start_time"),
                entered.get("end_date"),
                entered.get("end_time"),
            )
            for field, message in rules.wall_errors(*wall, zone).items():
                form.add_error(field, message)
            if wall in seen:
                form.add_error("start_date", "Cette date est déjà dans la liste.")
            seen.add(wall)
        return data

    @staticmethod
    def _has_rows(formset: Any) -> bool:
        """Whether something is entered in the formset, right or wrong."""
        return formset is not None and any(
            (form.has_changed() or form.instance.pk) and not form.data.get(form.add_prefix("DELETE"))
            for form in formset.forms
        )

    def _zone(self, data: dict[str, Any]) -> str:
        """The zone the submitted values give."""
        page = self.instance
        for name in ("time_zone", "mode", "venue"):
            if name in data:
                setattr(page, name, data[name])
        return str(page.zone)

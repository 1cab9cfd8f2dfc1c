"""What the page editor shows of series: days as checkboxes, and the dates that result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from wagtail.admin.panels import Panel

from ..enums import Weekday

SHOWN = 60


class WeekdaysWidget(forms.CheckboxSelectMultiple):
    """Days of the week as checkboxes, for a text of values of :class:`Weekday` separated by commas."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, choices=Weekday.choices)

    def format_value(self, value: Any) -> list[str]:
        parts = value.split(",") if isinstance(value, str) else value or []
        return [str(part) for part in parts]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        given = super().value_from_datadict(data, files, name) or []
        chosen = {part for each in given for part in str(each).split(",")}
        return ",".join(day for day in Weekday.values if day in chosen)


class PlannedDatesPanel(Panel):
    """The dates that the page gives, as it was last saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "events/admin/planned_dates.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            from .. import series
            from ..planning import planned

            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            wrong = self.form is not None and self.form.is_bound and not self.form.is_valid()
            dates = planned(page) if page.pk and not wrong else []
            coming = [each for each in dates if not each.is_past]
            return context | {
                "page": page,
                "rules": series.all_in_words(page.rules.all(), page.mode) if dates else [],
                "coming": coming[:SHOWN],
                "more": max(0, len(coming) - SHOWN),
                "gone": len(dates) - len(coming),
            }

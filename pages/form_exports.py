"""The answers of a form page, exported so that no spreadsheet runs what people wrote in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.contrib.forms.views import SubmissionsListView

from portal.core.spreadsheets import BOM, neutral


class NeutralSubmissionsView(SubmissionsListView):
    """The answers of a form; exported as text whatever people wrote in them."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        if isinstance(value, list | tuple):
            value = ", ".join(str(each) for each in value)
        return neutral(super().preprocess_field_value(field, value, export_format))

    def get_heading(self, queryset: Any, field: str) -> str:
        return str(neutral(super().get_heading(queryset, field)))

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        yield BOM.encode()
        yield from super().stream_csv(queryset)

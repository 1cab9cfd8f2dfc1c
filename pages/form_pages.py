"""What a form page adds to Wagtail's forms: bounded fields, a trap for robots."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

#: The name of the trap: attractive to robots, hidden from people, who are told to leave it empty.
HONEYPOT: Final = "site_web_societe"
MAX_TEXT: Final = 5_000
#: The DSFR's class of a widget, where it is not that of an input.
WIDGET_CLASSES: Final[dict[type, str]] = {forms.Select: "fr-select", forms.CheckboxInput: "", forms.HiddenInput: ""}


class PortalForm(BaseForm):
    """A public form; each field tells assistive technologies of its help and its error."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "question-%s"
        for name, field in self.fields.items():
            described = [f"question-{name}-erreur"] if name in self.errors else []
            described += [f"question-{name}-aide"] if field.help_text else []
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)
            if name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"

    @property
    def is_trapped(self) -> bool:
        """Whether the hidden field was filled in, which only a robot does."""
        return bool(self.data.get(HONEYPOT))


class PortalFormBuilder(FormBuilder):
    """Wagtail's builder with bounded texts and the DSFR's classes."""

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        options["max_length"] = MAX_TEXT
        options["widget"] = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(**options)

    def create_number_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.DecimalField(max_digits=15, decimal_places=4, **options)

    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)

    def create_datetime_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=widget, **options)

    def create_hidden_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=255, widget=forms.HiddenInput(), **options)

    def get_form_class(self) -> type[forms.Form]:
        fields = self.formfields
        for field in fields.values():
            kind = WIDGET_CLASSES.get(type(field.widget), "fr-input")
            if kind and not isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = kind
        return type("PageForm", (PortalForm,), dict(fields))

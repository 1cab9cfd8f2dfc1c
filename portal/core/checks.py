"""Project rules as system checks."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from wagtail.fields import StreamField as WagtailStreamField

from .fields import StreamField

OURS = ("core", "pages", "events", "newsletters", "resources", "dossiers")


@register
def stream_fields_stay_out_of_migrations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every StreamField of the project is :class:`portal.core.fields.StreamField`."""
    return [
        Error(
            f"{model.__name__}.{field.name} uses Wagtail's StreamField.",
            hint="Use portal.core.fields.",
            id="portal.E001",
        )
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.local_fields
        if isinstance(field, WagtailStreamField) and not isinstance(field, StreamField)
    ]

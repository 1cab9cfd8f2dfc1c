"""A StreamField whose block definitions stay out of migrations (docs/streamfield.md)."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):
    """Wagtail's StreamField, deconstructed without its blocks: changing a block is no change of schema.

    A data migration that must read old block values converts the raw JSON instead.
    """

    def __init__(self, block_types: Any = (), block_lookup: Any = None, **kwargs: Any) -> None:
        super().__init__(block_types or [], block_lookup=block_lookup, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs

"""How the addresses of the portal are filled: with what was planted (tests/security/world.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from tests.surfaces import Address, addresses

#: Where whoever adds an address says where it leads.
PLANTED = "tests/security/planting/ (for visitors: tests/security/world.py)"


@dataclass
class World:
    """What was planted (``build_world``); :meth:`paths` fills an address with it."""

    values: dict[str, Any]
    #: (beginning of the route, values instead of the common ones), the last that fits wins.
    routes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    queries: dict[str, str] = field(default_factory=dict)
    #: What is posted to an address that breaks on an empty form (Wagtail's own editor is never sent one).
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Objects of this territory by model, for the addresses of wagtail-modeladmin and of snippets.
    objects: dict[Any, Any] = field(default_factory=dict)

    def __add__(self, other: World) -> World:
        """Both: of two that name the same, ``other`` wins."""
        return World(
            self.values | other.values,
            [*self.routes, *other.routes],
            self.queries | other.queries,
            self.bodies | other.bodies,
            self.objects | other.objects,
        )

    def paths(self, address: Address) -> list[str]:
        """The paths of ``address``. Raises ``LookupError`` for a parameter that nothing is known of."""
        known = dict(self.values)
        for start, values in self.routes:
            if address.route.startswith(start):
                known |= values
        if model := _model_of(address.route):
            first = self.objects.get(model) or model._default_manager.order_by("pk").first()
            if first is None:
                raise LookupError(f"{address.name} ({address.route}): the world has no {model._meta.label}")
            known |= {"instance_pk": [first.pk], "pk": [first.pk]}
        for part in address.parts:
            for name in re.findall(r"<(?:\w+:)?(\w+)>", part):
                if name not in known:
                    raise LookupError(f"{address.name} ({address.route}): say what « {name} » is in {PLANTED}")
        if "(" in address.route and "?P<" not in address.route and address.name not in self.queries:
            known.setdefault("", [""])
        query = self.queries.get(address.name, "")
        return [path + query for path in address.fill(_lists(known))]

    def walk(self) -> Iterator[tuple[Address, str]]:
        """Every address of the project with every path it is asked by."""
        for address in addresses():
            for path in self.paths(address):
                yield address, path


def _lists(values: dict[str, Any]) -> dict[str, Iterable[Any]]:
    return {name: value if isinstance(value, list) else [value] for name, value in values.items()}


def _model_of(route: str) -> Any:
    """The model of an address of wagtail-modeladmin or of snippets that names an object; None elsewhere."""
    found = re.match(r"admin/\^(\w+)/(\w+)/\w+/\(|admin/snippets/(?:choose/)?(\w+)/(\w+)/.*<\w+:pk>", route)
    if not found:
        return None
    label, name = (found[1], found[2]) if found[1] else (found[3], found[4])
    return apps.get_model(label, name)

"""The choices of filters as HTML: a listing shows two hundred of them, too many to go through templates one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.territories.enums import Kind, Level
from portal.territories.models import Territory

from .filters import cached_choices, main_territories


@dataclass(frozen=True)
class Choice:
    """A value that a filter proposes; ``id`` is its input's."""

    id: str
    value: str
    label: str
    selected: bool


@lru_cache(maxsize=2000)
def choice_input(choice: Choice, name: str, *, single: bool) -> SafeString:
    """A DSFR checkbox (a radio button where one value at most is chosen) with its label. The same are asked on every
    page: they are written once a process.
    """
    kind = "radio" if single else "checkbox"
    return format_html(
        '<div class="fr-{0}-group fr-{0}-group--sm"><input type="{0}" id="{1}" name="{2}" value="{3}"{4}>'
        '<label class="fr-label" for="{1}">{5}</label></div>',
        kind,
        choice.id,
        name,
        choice.value,
        mark_safe(" checked") if choice.selected else "",
        choice.label,
    )


def choice_inputs(choices: Iterable[Choice], name: str, *, single: bool, element: bool = False) -> SafeString:
    """The inputs of ``choices`` one after the other, each in an element of a DSFR fieldset with ``element``."""
    inputs = (choice_input(choice, name, single=single) for choice in choices)
    if not element:
        return SafeString("".join(inputs))
    return SafeString("".join(f'<div class="fr-fieldset__element">{each}</div>' for each in inputs))


def territory_options(inside: Territory | None, chosen: Territory | None) -> SafeString:
    """The options of a territory filter, ``chosen`` selected (any territory: links may name what is not proposed).

    ``inside``: the territory of the listing's space. Empty where there is nothing to choose.
    """
    within = None if inside is None or inside.level == Level.NATION else inside.pk
    # As text, so that the 127 options of the whole country are written once; they change with the territories alone.
    proposed = cached_choices(f"territory-options:{within or ''}", lambda: _proposed(within))
    if chosen is None:
        return _EVERYWHERE_SELECTED + proposed if proposed else SafeString("")
    option = _option(chosen.key, chosen.name)
    if option in proposed:
        return _EVERYWHERE + mark_safe(proposed.replace(option, _option(chosen.key, chosen.name, " selected")))  # noqa: S308
    return _EVERYWHERE + _option(chosen.key, chosen.label, " selected") + proposed


def _option(value: str, label: str, selected: str = "") -> SafeString:
    return format_html('<option value="{}"{}>{}</option>', value, selected, label)


_EVERYWHERE = _option("", "Tous les territoires")
_EVERYWHERE_SELECTED = _option("", "Tous les territoires", " selected")


def _proposed(within: int | None) -> SafeString:
    """Régions and départements of the country, or the départements of the région of that id, in their groups."""
    known: Iterable[Territory] = main_territories()
    if within is not None:
        known = [each for each in known if each.level == Level.DEPARTEMENT and each.region_id == within]
    groups: dict[str, list[Territory]] = {"Régions": [], "Départements": [], "Collectivités d’outre-mer": []}
    for each in known:
        if each.kind != Kind.COM:
            groups["Régions" if each.level == Level.REGION else "Départements"].append(each)
        elif each.level == Level.DEPARTEMENT:
            groups["Collectivités d’outre-mer"].append(each)
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (label, format_html_join("", "{}", ((_option(each.key, each.name),) for each in members)))
            for label, members in groups.items()
            if members
        ),
    )

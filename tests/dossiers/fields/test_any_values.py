"""Values may be anything: a draft moved to another version of its form holds what that version does not expect."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.fields import answers, display, roles
from dossiers.fields.conditions import visible
from dossiers.fields.forms import make_form, missing

from .schemas import every_kind, posted

SCHEMA = every_kind()
KEYS = [each.key for each in SCHEMA]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "level", "poste", "cout", "intitule", "axe", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)
any_values = st.dictionaries(st.sampled_from([*KEYS, "_raw", "inconnu"]), json_values, max_size=8)
NOWHERE: dict[str, Any] = {}


@given(any_values, any_values)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_stored_is_shown_and_judged(before, after):
    told = missing(SCHEMA, before, {})
    assert set(told) <= set(KEYS)
    assert all(text and isinstance(text, str) for messages in told.values() for text in messages)
    rows = display.rows(SCHEMA, before, names=NOWHERE)
    assert all(isinstance(row.text, str) for row in rows)
    assert {type(cell).__name__ for cell in display.flat(SCHEMA, before, names=NOWHERE).values()} <= {
        "str",
        "int",
        "Decimal",
        "date",
    }
    assert display.diff(SCHEMA, before, before, names=NOWHERE) == []
    assert {change.field.key for change in display.diff(SCHEMA, before, after, names=NOWHERE)} <= set(KEYS)
    roles.title_of(SCHEMA, before)
    roles.amount_of(SCHEMA, before)
    roles.axes_of(SCHEMA, before)
    assert visible(SCHEMA, before) <= set(KEYS)


names = st.sampled_from(
    [
        *(key for key in KEYS if key not in ("lieu", "perimetre")),
        *(f"{key}__{part}" for key in ("statut", "publics", "budget", "axes") for part in ("autre", "cases", "lignes")),
        *("budget__n1__poste", "budget__n1__cout", "budget__x__cout", "axes__n1__niveau", "axes__n1__intitule"),
        *("_ajouter-budget", "_retirer-budget", "_monter-axes", "_descendre-axes", "_raw", "inconnu", "budget__n1__"),
    ]
)
texts = st.one_of(
    st.text(max_size=30), st.sampled_from(["n1", "n1,x", "x,n1,x", "axe", "action:n1", "oui", "autre", "a"])
)


@given(st.dictionaries(names, texts | st.lists(texts, max_size=3), max_size=12), any_values)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_posted_is_kept_or_refused_in_words(data, values):
    form = make_form(SCHEMA, data=posted(data), values=values)
    kept = form.values_to_keep()
    form.is_valid()
    # What every database takes; what was typed and is not valid is there.
    json.dumps({key: kept[key] for key in form.parsed if key in kept}, ensure_ascii=False, allow_nan=False).encode()
    assert set(kept) <= set(values) | set(KEYS) | {"_raw"}
    for key in set(values) - set(form.parsed) - {"_raw"}:
        assert key not in kept or kept[key] is values[key]
    for key, read in form.parsed.items():
        if read.errors and read.raw is not None:
            assert kept["_raw"][key] == read.raw
            assert missing(SCHEMA, kept, {}).get(key) or key not in form.visible
    # The same form sent again as it is shown changes nothing.
    for line in form.lines:
        if line.field.key in form.parsed and line.field.kind not in ("tableau", "territoire", "perimetre"):
            again = answers.parse(line.field, line.typed)
            assert again.value == form.parsed[line.field.key].value

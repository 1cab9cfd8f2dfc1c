"""The form of a dossier: what is asked, what is typed, what is kept of it.

Nothing is required here: a draft is kept as it is, valid or not, and :func:`missing` says what a deposit lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict

from ..enums import FieldKind
from . import answers, posted
from .answers import RAW, Parsed
from .completeness import missing
from .conditions import visible
from .lines import Line, Part
from .places import Place
from .schema import Field, Schema

__all__ = ["DossierForm", "make_form", "missing"]


class DossierForm(forms.Form):
    """The fields of a schema. Made by :func:`make_form`.

    Its screen includes ``dossiers/fields/_summary.html`` and ``dossiers/fields/_lines.html`` (within the form), and in
    its head and scripts ``dossiers/fields/_head.html`` and ``dossiers/fields/_scripts.html``.

    ``is_valid`` tells whether what was typed is valid; what is typed is kept in both cases (:meth:`values_to_keep`).
    What is posted for a key that is not of the form, or not in ``only``, is ignored.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        data: Any = None,
        files: Any = None,
        values: Mapping[str, Any] | None = None,
        only: Collection[str] | None = None,
        dossier: Any = None,
        prefix: str = "",
    ) -> None:
        super().__init__(data, files, prefix=prefix or None)
        self.schema = schema
        self.before: dict[str, Any] = dict(values or {})
        self.only = only
        self.place = Place(dossier)
        self.told: dict[str, list[str]] = {}
        self.parsed: dict[str, Parsed] = {}
        if self.is_bound:
            self._read()
        for each in self.asked:
            self.fields[each.key] = forms.Field(required=False, label=each.label, help_text=each.help)

    # --- Reading ---
    def name_of(self, each: Field) -> str:
        """The name of the field's inputs."""
        return self.add_prefix(each.key)

    def _is_editable(self, each: Field) -> bool:
        return each.holds and (self.only is None or each.key in self.only)

    def _read(self) -> None:
        for each in self.schema:
            if each.kind == FieldKind.PIECE or not self._is_editable(each):
                continue
            typed = posted.read(each, self.data, self.name_of(each))
            if typed is not None:
                self.parsed[each.key] = answers.parse(each, typed, self.place)

    @cached_property
    def kept(self) -> dict[str, Any]:
        raw = dict(answers.raw_of(self.before))
        kept = {key: value for key, value in self.before.items() if key != RAW}
        for key, read in self.parsed.items():
            kept.pop(key, None)
            raw.pop(key, None)
            if read.value is not None:
                kept[key] = read.value
            if read.raw is not None:
                raw[key] = read.raw
        return kept | ({RAW: raw} if raw else {})

    def values_to_keep(self) -> dict[str, Any]:
        """The whole new ``Dossier.values``: what was valid, and what was typed and is not in ``_raw``. The values of
        fields that were not posted, and of keys that the form does not know, are as they were."""
        return dict(self.kept)

    @cached_property
    def visible(self) -> set[str]:
        """Keys of the fields that are asked, with what was just typed."""
        return visible(self.schema, self.kept)

    @property
    def asked(self) -> list[Field]:
        """The fields that are asked and may be answered here, pieces included."""
        return [each for each in self.schema if self._is_editable(each) and each.key in self.visible]

    @property
    def action(self) -> str:
        """The key of the field whose button was pressed (a row added, moved, taken away; a search); else empty: the
        screen is shown again, at :meth:`anchor`."""
        if self.is_bound:
            for each in self.asked:
                if posted.pressed(self.data, self.name_of(each))[0]:
                    return each.key
        return ""

    @property
    def anchor(self) -> str:
        """Where the screen is to be shown again after :attr:`action`: « champ-… », or empty."""
        each = self.schema.field(self.action) if self.action else None
        return f"champ-{self.name_of(each)}" if each is not None else ""

    def uploads(self) -> dict[str, list[UploadedFile]]:
        """The files posted for each field of pieces that is asked."""
        found = {}
        for each in self.asked:
            if each.kind == FieldKind.PIECE and self.files:
                name = self.name_of(each)
                given = self.files.getlist(name) if hasattr(self.files, "getlist") else self.files.get(name, [])
                sent = given if isinstance(given, list) else [given]
                if sent:
                    found[each.key] = sent
        return found

    # --- Messages ---
    def full_clean(self) -> None:
        """Errors of what is asked; the values of what is valid, as they are kept."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        if not self.is_bound:
            return
        for each in self.asked:
            read = self.parsed.get(each.key)
            for message in read.errors if read is not None else ():
                self.add_error(each.key, message)
            if read is not None and not read.errors:
                self.cleaned_data[each.key] = read.value

    def tell(self, told: Mapping[str, Iterable[str]]) -> None:
        """Show messages beside fields: those of :func:`missing`, of pieces, of the rules of territories."""
        for key, messages in told.items():
            self.told.setdefault(key, []).extend(messages)

    def messages_of(self, each: Field) -> Parsed:
        """What was just read; else, where something that is not valid was kept, what it reads as."""
        read = self.parsed.get(each.key)
        if read is None and each.key in answers.raw_of(self.kept):
            read = answers.parse(each, answers.typed_in(each, self.kept), self.place)
        return read or Parsed()

    # --- Showing ---
    @cached_property
    def lines(self) -> list[Line]:
        """Every field of the form (or of ``only``), those that are not asked hidden: the page's script shows them when
        an answer asks for them."""
        shown = [each for each in self.schema if self.only is None or each.key in self.only]
        return [self._line(each) for each in shown]

    def _line(self, each: Field) -> Line:
        read = self.messages_of(each)
        name = self.name_of(each)
        hidden = each.key not in self.visible
        messages = [] if hidden else list(dict.fromkeys([*read.errors, *self.told.get(each.key, ())]))
        search = self.data.get(f"{name}__recherche", "") if self.is_bound else ""
        return Line(
            each,
            name,
            answers.typed_in(each, self.kept),
            messages,
            hidden,
            place=self.place,
            search=search[:100] if isinstance(search, str) else "",
            cells=read.cells,
            pressed=self._pressed(each, name),
        )

    def _pressed(self, each: Field, name: str) -> tuple[str, str]:
        """The button that was pressed for the field, and the row that it moved or made."""
        action, row = posted.pressed(self.data, name) if self.is_bound else ("", "")
        if action == "ajouter" and each.kind == FieldKind.TABLE:
            known = str(self.data.get(f"{name}__lignes", "")).split(",")
            kept = self.kept.get(each.key)
            # What is stored may be of another kind of field, from another version of the form.
            rows = [made for made in kept if isinstance(made, dict)] if isinstance(kept, list) else []
            row = next((made["id"] for made in rows if answers.is_blank_row(made) and made["id"] not in known), "")
        return action, row

    @property
    def parts(self) -> list[Part]:
        """The lines, by the headings of the form."""
        parts: list[Part] = []
        for line in self.lines:
            if line.field.kind == FieldKind.HEADING:
                parts.append(Part(line.field, []))
            else:
                if not parts:
                    parts.append(Part(None, []))
                parts[-1].lines.append(line)
        return [part for part in parts if part.lines]

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """(anchor, label, message) of every message, in the form's order: the summary above the form."""
        return [(line.id, line.label, message) for line in self.lines for message in line.errors]


def make_form(
    schema: Schema,
    *,
    data: Any = None,
    files: Any = None,
    values: Mapping[str, Any] | None = None,
    only: Collection[str] | None = None,
    dossier: Any = None,
    prefix: str = "",
) -> DossierForm:
    """A form of ``schema`` filled with ``values``, or with what is posted (``data``, ``files``).

    ``only``: keys that may be answered (complements); the others are neither shown nor changed. ``dossier``: its
    territory bounds perimeters. ``prefix`` tells several forms of a page apart.
    """
    return DossierForm(schema, data=data, files=files, values=values, only=only, dossier=dossier, prefix=prefix)

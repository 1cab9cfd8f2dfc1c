"""What a reader may correct in a published page: its parts as named texts, read from it and written back to it.

A part is a field of the page ("lead"), of one of its children ("dates-1-start_date", counted from 1), or a text of its
body ("texte-<id of the block>").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Page

from portal.core.contribution import contribution_kind
from portal.core.contribution.text import MAX_TEXT, rich_text_of
from portal.core.enums import ContentKind

from ..models import Proposal

COMMON = ("title", "lead")
#: What the form does not let one say; read by moderators, written nowhere.
REMARK = "remarque"
MOST_CHILDREN = 20
MOST_TEXTS = 20


#: A link to a page or a document of the portal, in stored rich text and in the form.
_STORED_LINK = re.compile(r'<a\b(?=[^>]*\slinktype="(page|document)")(?=[^>]*\sid="(\d+)")[^>]*>')
_FORM_LINK = re.compile(r'<a href="/lien-interne/(page|document)/(\d+)">(.*?)</a>', re.DOTALL)


def without_internal_links(source: str) -> str:
    """Stored rich text with its links to pages and documents as addresses, which a form gives back."""
    return _STORED_LINK.sub(r'<a href="/lien-interne/\1/\2">', source)


def with_internal_links(html: str, source: str) -> str:
    """The links of the form that stand in ``source``, as they are stored; any other loses its address: a reader makes
    no link to what they could not see.
    """
    known = set(_STORED_LINK.findall(source))

    def stored(found: re.Match[str]) -> str:
        kind, number, text = found.groups()
        return f'<a linktype="{kind}" id="{number}">{text}</a>' if (kind, number) in known else text

    return _FORM_LINK.sub(stored, html)


@dataclass(frozen=True)
class Part:
    """One part of a page: ``target`` is the object and ``field`` its model field; for a text, ``block`` its id."""

    name: str
    label: str
    target: Any
    field: models.Field[Any, Any] | None = None
    block: str = ""

    @property
    def text(self) -> str:
        """Its value as the form shows it; dates and hours as ISO 8601."""
        if self.block:
            return rich_text_of(without_internal_links(self.source))
        assert self.field is not None
        value = getattr(self.target, self.field.attname)
        if value is None:
            return ""
        if isinstance(self.field, models.TimeField):
            return str(value.strftime("%H:%M"))
        return str(value.isoformat() if isinstance(self.field, models.DateField) else value)

    @property
    def source(self) -> str:
        """The rich text of a text block as it is stored."""
        return next((child.value.source or "" for child in self.target.body if child.id == self.block), "")

    def form_field(self) -> forms.Field:
        """The field of the form, with the model's own rules."""
        if self.block:
            area = forms.Textarea(attrs={"rows": 8, "data-rich-text": "", "class": "fr-input"})
            return forms.CharField(label=self.label, required=False, max_length=MAX_TEXT, widget=area)
        assert self.field is not None
        options: dict[str, Any] = {"assume_scheme": "https"} if isinstance(self.field, models.URLField) else {}
        field = self.field.formfield(**options)
        assert field is not None
        field.label = self.label
        field.help_text = ""
        field.error_messages["required"] = "Renseignez ce champ."
        kinds: dict[type, str] = {forms.DateField: "date", forms.TimeField: "time", forms.URLField: "url"}
        if isinstance(field, forms.CharField) and isinstance(self.field, models.TextField):
            field.widget = forms.Textarea(attrs={"rows": 3})
        elif type(field) in kinds:
            field.widget.attrs["type"] = kinds[type(field)]
            field.widget.input_type = kinds[type(field)]  # type: ignore[attr-defined]
        field.widget.attrs["class"] = "fr-input"
        return field

    def write(self, text: str) -> None:
        """Put ``text`` in the page, which is not saved. Raises ``ValidationError`` where the field does not take it."""
        if self.block:
            html = with_internal_links(rich_text_of(text), self.source)
            data = list(self.target.body.raw_data)
            for child in data:
                if child["id"] == self.block:
                    child["value"] = html
            self.target.body = self.target.body.stream_block.to_python(data)
            return
        assert self.field is not None
        setattr(self.target, self.field.attname, self.form_field().clean(text))


def parts_of(page: Any) -> list[Part]:
    """What may be corrected in ``page``, as it is given (the published one, or a draft). Empty for other kinds."""
    kind = contribution_kind(page.fact_kind)
    if kind is None:
        return []
    return list(_parts(page, (*COMMON, *kind.correctable)))


def _parts(page: Any, names: tuple[str, ...]) -> Iterator[Part]:
    for name in names:
        relation, _, child_field = name.partition(".")
        if not child_field:
            field = page._meta.get_field(name)
            yield Part(name, _label(field), page, field)
    for number, child in enumerate((each for each in page.body if each.block_type == "text"), start=1):
        if number <= MOST_TEXTS and child.id:
            yield Part(f"texte-{child.id}", "Texte" if number == 1 else f"Texte ({number})", page, block=str(child.id))
    for relation in dict.fromkeys(name.partition(".")[0] for name in names if "." in name):
        children = list(getattr(page, relation).all())[:MOST_CHILDREN]
        for number, child in enumerate(children, start=1):
            for name in names:
                if name.startswith(f"{relation}."):
                    field = child._meta.get_field(name.partition(".")[2])
                    label = f"{child._meta.verbose_name} {number} : {field.verbose_name}"
                    yield Part(f"{relation}-{number}-{field.name}", label[:1].upper() + label[1:], child, field)


def _label(field: Any) -> str:
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


@dataclass(frozen=True)
class Change:
    """What a correction proposes for one part: ``before`` is what its author read, ``now`` what the page says today."""

    name: str
    label: str
    before: str
    now: str
    after: str

    @property
    def conflicts(self) -> bool:
        """Whether the page changed there since."""
        return self.now not in (self.before, self.after)


def proposed_changes(proposal: Proposal, page: Page | None = None) -> list[Change]:
    """What a correction proposes, part by part, beside the page as it is published now; parts that are gone are left
    out.
    """
    page = page or (proposal.page.specific if proposal.page is not None else None)
    if page is None:
        return []
    found = []
    for part in parts_of(page):
        if part.name in proposal.data:
            before = str(proposal.submitted_data.get(part.name, ""))
            found.append(Change(part.name, part.label, before, part.text, str(proposal.data[part.name])))
    if remark := proposal.data.get(REMARK):
        found.append(Change(REMARK, "Remarque de son auteur", "", "", str(remark)))
    return found


class CorrectionForm(forms.Form):
    """Every part of a page with what it says today; those that are changed are the correction.

    ``site_web`` is a trap for robots. ``nom`` and ``adresse`` are for readers without an account.
    """

    def __init__(self, data: Any = None, *, page: Any, anonymous: bool) -> None:
        super().__init__(data, label_suffix="", auto_id="champ-%s")
        self.page = page
        self.parts = parts_of(page)
        for part in self.parts:
            self.fields[part.name] = field = part.form_field()
            field.initial = part.text
        area = forms.Textarea(attrs={"rows": 4, "class": "fr-input"})
        self.fields[REMARK] = forms.CharField(label="Remarque", required=False, max_length=2000, widget=area)
        if anonymous:
            text = forms.TextInput(attrs={"class": "fr-input", "autocomplete": "name"})
            self.fields["nom"] = forms.CharField(label="Votre nom", required=False, max_length=120, widget=text)
            mail = forms.EmailInput(attrs={"class": "fr-input", "autocomplete": "email"})
            self.fields["adresse"] = forms.EmailField(
                label="Votre adresse e-mail",
                required=False,
                widget=mail,
                error_messages={"invalid": "Saisissez une adresse e-mail valide, par exemple nom@domaine.fr."},
            )
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"champ-{name}-messages"

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("site_web"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            if not self.changed_parts() and not cleaned.get(REMARK):
                raise ValidationError("Vous n’avez rien changé : corrigez un champ, ou écrivez une remarque.")
            self._ask_the_page()
        return cleaned

    def changed_parts(self) -> dict[str, tuple[str, str]]:
        """{name: (what it says, what it should say)} of the parts that were changed."""
        found = {}
        for part in self.parts:
            before, after = part.text, self._typed(part)
            if _plain(before) != _plain(after):
                found[part.name] = (before, after)
        return found

    def _typed(self, part: Part) -> str:
        typed = str(self.data.get(part.name, part.text)).replace("\x00", "").replace("\r\n", "\n")
        return rich_text_of(typed) if part.block else typed.strip()

    def _ask_the_page(self) -> None:
        """What the corrected page would say of itself, beside the fields it is about."""
        # Afresh: where nothing is unpublished Wagtail gives the page itself, which would then be compared with itself.
        draft = type(self.page).objects.get(pk=self.page.pk).get_latest_revision_as_object()
        try:
            write_parts(draft, {name: after for name, (_, after) in self.changed_parts().items()})
        except ValidationError as error:
            told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, texts in told.items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, text)

    def lines(self) -> list[Any]:
        return [self[name] for name in self.fields]


def write_parts(page: Any, texts: dict[str, str]) -> None:
    """Write ``texts`` by part on ``page``, not saved. Raises ``ValidationError`` by field where the page refuses."""
    errors: dict[str, list[str]] = {}
    for relation in {name.partition("-")[0] for name in texts if re.fullmatch(r"[a-z]+-\d+-\w+", name)}:
        # In memory: what is written to a child read from its table would stay there.
        setattr(page, relation, list(getattr(page, relation).all()))
    parts = {part.name: part for part in parts_of(page)}
    for name, text in texts.items():
        if name not in parts:
            continue
        try:
            parts[name].write(text)
        except ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise ValidationError(errors)
    page.clean()
    for part in parts.values():
        if part.name in texts and part.target is not page:
            part.target.clean()


def _plain(text: str) -> str:
    return " ".join(text.split())


CORRECTABLE = (ContentKind.NEWS, ContentKind.EVENT, ContentKind.RESOURCE, ContentKind.INITIATIVE)

"""The form of a proposal. The page's own rules are asked, so that each stands once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from wagtail.models import Page
from wagtail.rich_text import RichText

from portal.accounts.abilities import Abilities
from portal.accounts.fields import TerritoryField
from portal.accounts.rules import Ability
from portal.files.forms import CheckedFileField, CheckedFilesField, SeveralFilesInput
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink
from portal.territories.selectors import territory_by_key

from ..filters import ThemeField
from ..pages import ContentPage
from .text import MAX_TEXT, rich_text_of

MAX_DOCUMENTS = 5
_CLASSES: dict[type, str] = {forms.Select: "fr-select", forms.FileInput: "fr-upload", SeveralFilesInput: "fr-upload"}
FILE_FIELDS = ("image_file", "document_files")


class OfferedTerritoryField(forms.ChoiceField):
    """One of the territories where a person may propose, by its key; the list names the main ones, a link any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.abilities = Abilities()

    def offer(self, abilities: Abilities) -> None:
        """Fill the list. One query."""
        self.abilities = abilities
        self.choices = [("", "Choisissez"), *((each.key, each.label) for each in offered_territories(abilities))]

    def valid_value(self, value: Any) -> bool:
        return True

    def clean(self, value: Any) -> Territory | None:  # type: ignore[override]
        key = super().clean(value)
        if not key:
            return None
        territory = territory_by_key(key)
        if territory is None:
            raise ValidationError("Ce territoire n’existe pas.", code="unknown")
        if not self.abilities.can(Ability.PROPOSE, territory):
            raise ValidationError("Vous ne contribuez pas sur ce territoire.", code="out_of_scope")
        return territory


def offered_territories(abilities: Abilities) -> list[Territory]:
    """The territories of the list: those held themselves, and the régions, départements and EPCI inside. One query.

    For who may propose everywhere the EPCI are left out: a proposal is placed there by naming its commune.
    """
    held = [each.territory_id for each in abilities.memberships if each.territory_id]
    found = (
        abilities.territories(Ability.PROPOSE)
        .filter(ended_on=None)
        .filter(Q(level__in=[Level.NATION, Level.REGION, Level.DEPARTEMENT, Level.EPCI]) | Q(pk__in=held))
        .order_by("search_name", "pk")
    )
    shown = list(found)
    if any(each.level == Level.NATION for each in shown):
        shown = [each for each in shown if each.level != Level.EPCI]
    return sorted(shown, key=lambda each: Level(each.level).rank)


class ContributionForm(forms.Form):
    """Fields common to every kind. One that is the page's bears its name, and what the page says of it stands there.

    ``groups`` are (legend, names of fields) of the screen; ``aliases`` name the form's field for one of the page's.
    """

    title = forms.CharField(label="Titre", max_length=255)
    territory = OfferedTerritoryField(
        label="Territoire", help_text="Votre proposition sera relue par l’équipe de l’espace qui le couvre."
    )
    commune = TerritoryField(
        label="Commune",
        required=False,
        levels=(Level.COMMUNE,),
        help_text="Facultatif, pour préciser : son nom ou son code.",
    )
    lead = forms.CharField(
        label="Chapô",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Deux ou trois phrases, reprises dans les listes.",
    )
    text = forms.CharField(
        label="Texte",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "data-rich-text": ""}),
        help_text="Une ligne vide sépare les paragraphes ; un tiret en début de ligne fait une liste.",
    )
    themes = ThemeField()
    image_file = CheckedFileField(label="Image", required=False, accept=("png", "jpg", "jpeg"))
    image_alt = forms.CharField(
        label="Texte de remplacement de l’image",
        required=False,
        max_length=200,
        help_text="Ce que l’image montre, pour qui ne la voit pas.",
    )
    image_decorative = forms.BooleanField(
        label="L’image est décorative : elle n’apporte pas d’information", required=False
    )
    document_files = CheckedFilesField(
        label="Documents", required=False, max_files=MAX_DOCUMENTS, accept=("pdf", "odt", "ods", "docx", "xlsx", "csv")
    )

    #: Fields of the page that the form sets as they are.
    page_fields: ClassVar[tuple[str, ...]] = ("lead", "image_alt", "image_decorative")
    aliases: ClassVar[dict[str, str]] = {"body": "text", "image": "image_file"}
    groups: ClassVar[list[tuple[str, list[str]]]] = [
        ("L’essentiel", ["title", "territory", "commune", "lead", "text"]),
        ("Image et documents", ["image_file", "image_alt", "image_decorative", "document_files"]),
        ("Classement", ["themes"]),
    ]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        abilities: Abilities,
        parent: Page | None = None,
        has_image: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, label_suffix="", auto_id="champ-%s", **kwargs)
        self.parent, self.has_image = parent, has_image
        territory = self.fields["territory"]
        assert isinstance(territory, OfferedTerritoryField)
        territory.offer(abilities)
        for name, field in self.fields.items():
            field.error_messages["required"] = "Renseignez ce champ."
            attrs = field.widget.attrs
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                attrs["class"] = _CLASSES.get(type(field.widget), "fr-input")
            attrs["aria-describedby"] = f"champ-{name}-aide champ-{name}-messages"

    # --- What is kept of a draft ------------------------------------------------------------------------------------
    @classmethod
    def typed(cls, post: Any) -> dict[str, list[str]]:
        """What a person typed, by field: kept whatever is wrong in it. NUL and lone surrogates, which databases refuse,
        go; a value is cut at 100,000 characters.
        """
        names = [name for name in cls.base_fields if name not in FILE_FIELDS]
        return {name: [_storable(value) for value in post.getlist(name)[:100]] for name in names if post.getlist(name)}

    @classmethod
    def bound_to(cls, kept: Mapping[str, Sequence[str]], **kwargs: Any) -> ContributionForm:
        """The form, bound to what was kept of a draft."""
        return cls(MultiValueDict({name: list(values) for name, values in kept.items()}), MultiValueDict(), **kwargs)

    @classmethod
    def begun_from(cls, kept: Mapping[str, Sequence[str]], **kwargs: Any) -> ContributionForm:
        """The form, unbound, that shows what was kept: no error is said before one asks to submit."""
        form = cls(**kwargs)
        for name, values in kept.items():
            if name in form.fields and values:
                many = isinstance(form.fields[name], forms.MultipleChoiceField)
                form.initial[name] = list(values) if many else values[-1]
        return form

    # --- Validation -------------------------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        territory, commune = data.get("territory"), data.get("commune")
        if territory and commune and not _lies_in(commune, territory):
            self.add_error("commune", f"{commune.label} n’est pas dans le territoire choisi.")
        if (
            (self.has_image or data.get("image_file"))
            and not data.get("image_alt")
            and not data.get("image_decorative")
        ):
            self.add_error("image_alt", "Décrivez l’image, ou cochez « décorative ».")
        if self.parent is not None and not self.errors.get("title"):
            self._ask_the_page()
        return data

    def _ask_the_page(self) -> None:
        """What the page that this would make says of itself, beside the fields it is about."""
        page = self.make_page()
        if self.parent is not None:
            page.path, page.depth = f"{self.parent.path}0000", self.parent.depth + 1
        for check in (self._check_body, page.clean):
            try:
                check(page) if check == self._check_body else check()  # type: ignore[call-arg]
            except ValidationError as error:
                self._say(error)

    def _check_body(self, page: ContentPage) -> None:
        page.body.stream_block.clean(page.body)

    def _say(self, error: ValidationError) -> None:
        by_field = error.message_dict if hasattr(error, "error_dict") else {"body": error.messages}
        for name, texts in by_field.items():
            field: str | None = self.aliases.get(name, name)
            if field not in self.fields:
                field = None
            for text in texts:
                if field is None or text not in self.errors.get(field, []):
                    self.add_error(field, text)

    # --- The page ---------------------------------------------------------------------------------------------------
    @property
    def place(self) -> Territory | None:
        """The precise territory: the commune where one was given."""
        found: Territory | None = self.cleaned_data.get("commune") or self.cleaned_data.get("territory")
        return found

    def make_page(self) -> ContentPage:
        """A page of the kind with what the form says, not saved."""
        page = self.page_class()()
        self.apply(page)
        return page

    def page_class(self) -> type[ContentPage]:
        raise NotImplementedError

    def apply(self, page: ContentPage, names: Sequence[str] | None = None) -> None:
        """Write the form's values on ``page`` (not saved); with ``names`` those of these fields of the form alone."""
        data = self.cleaned_data

        def wanted(*fields: str) -> bool:
            return names is None or any(name in names for name in fields)

        if wanted("title"):
            page.title = data.get("title") or page.title
        for name in self.page_fields:
            if wanted(name) and data.get(name) is not None:
                setattr(page, name, data[name])
        if wanted("territory", "commune"):
            place, parent = self.place, self.parent
            space = getattr(parent.specific, "space", None) if parent is not None else None
            page.territory = None if space is not None and place == space.territory else place
        if wanted("text"):
            html = rich_text_of(data.get("text") or "")
            page.body = [("text", RichText(html))] if html else []  # type: ignore[assignment]
        if wanted("themes") and hasattr(page, "themes"):
            page.themes = data.get("themes") or []

    def save_related(self, page: ContentPage) -> None:
        """Make what the page refers to and which has rows of its own (a venue), in the submission's transaction."""


def _lies_in(territory: Territory, above: Territory) -> bool:
    return TerritoryLink.objects.filter(ancestor=above, descendant=territory).exists()


def _storable(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()[:100_000]

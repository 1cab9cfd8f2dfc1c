"""What a letter is made of. Each block has one node in :mod:`newsletters.letters.tree`, which gives HTML and text.

The previews on the web (``blocks/…``) show the same blocks through the web template of the letter.
"""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import RichText

from portal.core.blocks import CleanRichTextBlock, DescribedImageBlock, LinkBlock
from portal.core.blocks.pages import VisiblePageChooserBlock
from portal.core.blocks.text import QuoteBlock
from portal.core.enums import ContentKind
from portal.core.models import Theme

from ..sending import marks
from . import variables

INTRO_FEATURES: Final = ["bold", "italic", "ol", "ul", "link"]
TEXT_FEATURES: Final = ["h2", "h3", *INTRO_FEATURES]
#: What a letter selects, in the order it shows them.
KINDS: Final = [
    (ContentKind.NEWS.value, "Actualités"),
    (ContentKind.EVENT.value, "Rendez-vous"),
    (ContentKind.RESOURCE.value, "Ressources"),
    (ContentKind.INITIATIVE.value, "Initiatives"),
]
MAX_ITEMS: Final = 20


class Scope:
    """Where pages of a selection come from, seen from the letter's territory."""

    INSIDE, ABOVE, BOTH = "inside", "above", "both"
    CHOICES: Final = [
        (INSIDE, "Le territoire et ce qui s’y trouve"),
        (BOTH, "Le territoire, ce qui s’y trouve et ce qui vient d’au-dessus"),
        (ABOVE, "Ce qui vient d’au-dessus"),
    ]


class LetterTextBlock(CleanRichTextBlock):
    """Rich text in which variables may stand. Unknown ones are refused at save."""

    def __init__(self, *args: Any, headings: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES if headings else INTRO_FEATURES)
        super().__init__(*args, headings=headings, **kwargs)

    def sanitise(self, source: str) -> str:
        return marks.strip_marks(super().sanitise(marks.strip_marks(source)))

    def clean(self, value: RichText) -> RichText:
        cleaned = super().clean(value)
        variables.check(cleaned.source or "")
        return cleaned


class IntroBlock(LetterTextBlock):
    class Meta:
        label = "Introduction"
        icon = "openquote"
        group = "Texte"
        description = "Quelques lignes d’accueil. " + variables.HELP


class LetterBodyTextBlock(LetterTextBlock):
    class Meta:
        label = "Texte"
        icon = "pilcrow"
        group = "Texte"
        description = "Un texte libre, avec intertitres. " + variables.HELP


class PageItemBlock(blocks.StructBlock):
    """One page of the portal, under its own title and lead or others."""

    page = VisiblePageChooserBlock(label="Page")
    title = blocks.CharBlock(label="Autre titre", max_length=150, required=False, help_text="Vide : celui de la page.")
    lead = blocks.TextBlock(
        label="Autre chapô", max_length=500, rows=2, required=False, help_text="Vide : celui de la page."
    )

    class Meta:
        label = "Page"
        icon = "doc-full"
        label_format = "{page}"


class HeadlineBlock(PageItemBlock):
    class Meta:
        label = "À la une"
        icon = "pick"
        group = "Contenus du portail"
        label_format = "À la une : {page}"
        description = "Une page du portail, en grand, avec son image."


def _once(items: Any) -> None:
    ids = [item["page"].pk for item in items if item.get("page")]
    if len(ids) != len(set(ids)):
        raise StructBlockValidationError(block_errors={"pages": ValidationError("La même page est choisie deux fois.")})


class PagesBlock(blocks.StructBlock):
    """Pages that the editor chose one by one."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    with_images = blocks.BooleanBlock(label="Montrer les images", required=False)
    pages = blocks.ListBlock(PageItemBlock(), label="Pages", min_num=1, max_num=MAX_ITEMS)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        _once(cleaned["pages"])
        return cleaned

    class Meta:
        label = "Pages choisies"
        icon = "doc-full-inverse"
        group = "Contenus du portail"
        label_format = "Pages : {title}"
        description = "Des actualités, rendez-vous, ressources ou initiatives choisis un par un."


class PeriodBlock(blocks.StructBlock):
    """A period of days."""

    since = blocks.DateBlock(label="Du", required=False)
    until = blocks.DateBlock(label="Au", required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            raise StructBlockValidationError(block_errors={"until": ValidationError("La fin précède le début.")})
        return cleaned


def _themes() -> list[tuple[str, str]]:
    return list(Theme.objects.order_by("family", "order", "name").values_list("slug", "name"))


class SelectionBlock(PeriodBlock):
    """Pages found by territory, period, theme and kind, then ordered and edited by a person.

    The criteria say how the list came about; what is sent is the list.
    """

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    scope = blocks.ChoiceBlock(
        label="Territoire", choices=Scope.CHOICES, default=Scope.INSIDE, search_index=False, required=False
    )
    kinds = blocks.MultipleChoiceBlock(label="Genres", choices=KINDS, required=False, search_index=False)
    themes = blocks.MultipleChoiceBlock(
        label="Thèmes",
        choices=_themes,
        required=False,
        search_index=False,
        help_text="D’où vient la liste ; la changer ne change pas les pages retenues.",
    )
    with_images = blocks.BooleanBlock(label="Montrer les images", required=False)
    pages = blocks.ListBlock(PageItemBlock(), label="Pages retenues", min_num=0, max_num=MAX_ITEMS)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        _once(cleaned["pages"])
        return cleaned

    class Meta:
        label = "Sélection automatique"
        icon = "search"
        group = "Contenus du portail"
        label_format = "Sélection : {title}"
        description = "Le résultat de « Proposer des contenus » : réordonnez, retirez, réécrivez."


class AgendaBlock(PeriodBlock):
    """The events of a period: those chosen, else all that the portal has of the period when the letter is written."""

    title = blocks.CharBlock(label="Titre", max_length=120, default="L’agenda", required=False)
    scope = blocks.ChoiceBlock(
        label="Territoire", choices=Scope.CHOICES, default=Scope.INSIDE, search_index=False, required=False
    )
    limit = blocks.IntegerBlock(label="Au plus", min_value=1, max_value=MAX_ITEMS, default=8, search_index=False)
    pages = blocks.ListBlock(
        PageItemBlock(),
        label="Rendez-vous choisis",
        default=[],
        min_num=0,
        max_num=MAX_ITEMS,
        help_text="Aucun : ceux de la période quand la lettre part (sans dates, les trente prochains jours).",
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        _once(cleaned["pages"])
        return cleaned

    class Meta:
        label = "Agenda"
        icon = "date"
        group = "Contenus du portail"
        label_format = "Agenda : {title}"
        description = "Les rendez-vous à venir d’une période, avec leur date."


class LetterImageBlock(blocks.StructBlock):
    image = DescribedImageBlock(label="Image")
    caption = blocks.CharBlock(label="Légende et crédit", max_length=250, required=False)

    class Meta:
        label = "Image"
        icon = "image"
        group = "Mise en page"
        label_format = "Image : {caption}"
        description = "Une image décrite, ou dite décorative."


class LetterButtonBlock(LinkBlock):
    label = blocks.CharBlock(label="Intitulé", max_length=80, help_text="Un verbe : « S’inscrire », « Consulter ».")

    class Meta:
        label = "Bouton"
        icon = "resubmit"
        group = "Mise en page"
        label_format = "Bouton : {label}"
        description = "Un lien en évidence, vers une page du portail ou un autre site."


class ContributeBlock(LinkBlock):
    """« Contribuez » : a call with its button."""

    title = blocks.CharBlock(label="Titre", max_length=120, default="Et chez vous ?")
    text = LetterTextBlock(label="Texte", max_length=1500)
    label = blocks.CharBlock(label="Intitulé du bouton", max_length=80, default="Proposer un contenu")

    class Meta:
        label = "Appel à contribution"
        icon = "pin"
        group = "Mise en page"
        label_format = "Appel : {title}"
        description = "Un encadré qui invite à proposer un contenu, avec son bouton."


class SeparatorBlock(blocks.StaticBlock):
    class Meta:
        label = "Séparateur"
        icon = "horizontalrule"
        group = "Mise en page"
        admin_text = "Un trait horizontal."


class FooterBlock(blocks.StructBlock):
    """What the foot says beyond what it always says: why one receives the letter, and who sends it."""

    why = LetterTextBlock(
        label="Pourquoi vous recevez cette lettre",
        max_length=1000,
        required=False,
        help_text="Vide : « Vous recevez cette lettre parce que vous êtes abonné à la liste… ».",
    )
    sender = blocks.TextBlock(
        label="Mentions de l’expéditeur",
        max_length=300,
        rows=3,
        required=False,
        help_text="Vide : celles des réglages d’envoi du territoire.",
    )

    class Meta:
        label = "Pied de lettre"
        icon = "arrow-down-big"
        group = "Mise en page"
        description = "Pour écrire autrement la fin de la lettre. Les liens de désabonnement y sont toujours."


class LetterBodyBlock(blocks.StreamBlock):
    """The body of a letter."""

    intro = IntroBlock()
    headline = HeadlineBlock()
    pages = PagesBlock()
    selection = SelectionBlock()
    agenda = AgendaBlock()
    text = LetterBodyTextBlock(headings=True)
    image = LetterImageBlock()
    button = LetterButtonBlock()
    quote = QuoteBlock()
    contribute = ContributeBlock()
    separator = SeparatorBlock()
    footer = FooterBlock()

    class Meta:
        max_num = 60
        block_counts = {"intro": {"max_num": 1}, "headline": {"max_num": 3}, "footer": {"max_num": 1}}

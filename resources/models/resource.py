"""A resource: what it is, for whom, under which licence, with its files, links and video."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from django.http import HttpRequest
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.documents.models import Document
from wagtail.models import CollectionViewRestriction, Orderable
from wagtail.search import index

from portal.accounts.models import Organisation
from portal.core.enums import ContentKind
from portal.core.models import Theme
from portal.core.pages import ContentPage

from .. import enums, selectors
from ..text import duration_iso, duration_text


class Beneficiary(models.Model):
    """One of :class:`~resources.enums.BeneficiaryCode`, as a row so that several can be joined to a resource.

    The rows are made by a migration; the labels are the code's.
    """

    code = models.CharField(max_length=40, primary_key=True, choices=enums.BeneficiaryCode.choices)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "bénéficiaire"
        verbose_name_plural = "bénéficiaires"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return str(self.get_code_display())


class ResourcePage(ContentPage):
    """A training or practice resource of a space. The lead is its summary.

    ``duration`` is in minutes. The author is an organisation of the network, or a text where it is none. ``files``,
    ``links`` and ``relations`` are ordered children. Related objects that a card or the page needs are named by
    :meth:`portal.core.listing.FilterableIndexPage.get_items` and :mod:`resources.selectors`.
    """

    fact_kind = ContentKind.RESOURCE
    template = "resources/resource_page.html"
    parent_page_types = ["resources.CataloguePage"]
    subpage_types: list[str] = []

    type = models.CharField("type", max_length=30, choices=enums.ResourceType.choices)
    themes = ParentalManyToManyField(Theme, blank=True, verbose_name="thèmes", related_name="+")
    category = models.CharField(
        "catégorie de formation",
        max_length=40,
        choices=enums.TrainingCategory.choices,
        blank=True,
        help_text="Pour « Me former » ; vide si la ressource ne forme pas.",
    )
    beneficiaries = ParentalManyToManyField(Beneficiary, blank=True, verbose_name="bénéficiaires", related_name="+")
    level = models.CharField("niveau", max_length=15, choices=enums.ResourceLevel.choices, blank=True)
    duration = models.PositiveSmallIntegerField(
        "durée (minutes)", null=True, blank=True, validators=[MinValueValidator(1)], help_text="150 pour 2 h 30."
    )
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation autrice",
    )
    author_name = models.CharField(
        "auteur", max_length=200, blank=True, help_text="Si l'organisation autrice n'est pas dans la liste."
    )
    licence = models.CharField("licence", max_length=30, choices=enums.Licence.choices, default=enums.Licence.OUVERTE)
    language = models.CharField("langue", max_length=5, choices=enums.Language.choices, default=enums.Language.FR)
    issued_on = models.DateField("date de la ressource", null=True, blank=True)
    reviewed_on = models.DateField("dernière relecture", null=True, blank=True)
    accessibility = models.CharField(
        "accessibilité du document",
        max_length=20,
        choices=enums.DocumentAccessibility.choices,
        default=enums.DocumentAccessibility.UNKNOWN,
    )
    accessibility_note = models.CharField(
        "précision sur l'accessibilité", max_length=300, blank=True, help_text="Ce qui manque, à qui s'adresser."
    )
    video_url = models.URLField(
        "adresse de la vidéo",
        max_length=500,
        blank=True,
        help_text="La vidéo s'ouvre sur son site : aucun lecteur tiers n'est chargé dans le portail.",
    )
    transcript = models.TextField("transcription de la vidéo", blank=True)

    content_panels = [
        *ContentPage.content_panels[:2],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("type"), FieldPanel("category")]),
                FieldRowPanel([FieldPanel("level"), FieldPanel("duration")]),
                FieldPanel("themes"),
                FieldPanel("beneficiaries"),
                FieldPanel("territory"),
            ],
            heading="Classement",
        ),
        InlinePanel("files", heading="Fichiers", label="Fichier"),
        InlinePanel("links", heading="Liens", label="Lien"),
        MultiFieldPanel([FieldPanel("video_url"), FieldPanel("transcript")], heading="Vidéo"),
        *ContentPage.content_panels[2:],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("organisation"), FieldPanel("author_name")]),
                FieldRowPanel([FieldPanel("licence"), FieldPanel("language")]),
                FieldRowPanel([FieldPanel("issued_on"), FieldPanel("reviewed_on")]),
                FieldRowPanel([FieldPanel("accessibility"), FieldPanel("accessibility_note")]),
            ],
            heading="Fiche documentaire",
        ),
        InlinePanel("relations", heading="Ressources associées", label="Ressource"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("author_name"),
        index.SearchField("transcript"),
        index.FilterField("type"),
        index.FilterField("category"),
        index.FilterField("level"),
        index.FilterField("licence"),
    ]

    class Meta:
        verbose_name = "ressource"
        verbose_name_plural = "ressources"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, str] = {}
        if self.video_url and not self.transcript.strip():
            errors["transcript"] = (
                "Donnez la transcription de la vidéo : sans elle, une partie du public en est privée."
            )
        if self.transcript.strip() and not self.video_url:
            errors["video_url"] = "Donnez l'adresse de la vidéo que cette transcription accompagne."
        if self.reviewed_on and self.issued_on and self.reviewed_on < self.issued_on:
            errors["reviewed_on"] = "La relecture ne peut pas précéder la date de la ressource."
        if errors:
            raise ValidationError(errors)

    @cached_property
    def file_list(self) -> list[ResourceFile]:
        return list(self.files.all())

    @property
    def is_in_memory(self) -> bool:
        """Whether its children are those of a draft (a preview), not the rows of the database."""
        return bool(getattr(self, "_cluster_related_objects", None)) or not self.pk

    @cached_property
    def sheet(self) -> selectors.Sheet:
        """Themes, beneficiaries and links. One query."""
        if not self.is_in_memory:
            return selectors.sheet_of(self)
        return selectors.Sheet(
            themes=sorted(self.themes.all(), key=str),
            beneficiaries=[str(each) for each in self.beneficiaries.all()],
            links=[(link.url, link.label) for link in self.links.all()],
        )

    @cached_property
    def theme_list(self) -> list[Theme]:
        return self.sheet.themes

    @property
    def author(self) -> str:
        """The author as shown: the organisation's name, else the text; empty if neither."""
        return self.organisation.name if self.organisation else self.author_name

    @property
    def duration_text(self) -> str:
        """« 2 h 30 »; empty when unknown."""
        return duration_text(self.duration)

    @property
    def licence_url(self) -> str:
        return enums.Licence(self.licence).url

    @property
    def formats(self) -> list[str]:
        """Labels of the formats of its files, each once. No query when ``files`` is prefetched."""
        return list(dict.fromkeys(str(file.get_format_display()) for file in self.file_list))

    @property
    def facts_line(self) -> str:
        """« Débutant · 2 h 30 · PDF », as on a card. No query when ``files`` is prefetched."""
        level = self.get_level_display() if self.level else ""
        return " · ".join(part for part in (level, self.duration_text, *self.formats) if part)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["section_url"] = self.section.get_url(request) if self.section else "/ressources/"
        context["related_pages"] = []
        context["files"] = [file for file in self.file_list if file.is_shown_to(request)]
        context["related"], context["used_in"] = selectors.pages_around(self)
        return context

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        """The page as schema.org ``LearningResource`` (https://schema.org/LearningResource)."""
        data: dict[str, Any] = {
            "@type": "LearningResource",
            "name": self.title,
            "description": self.lead,
            "url": self.get_full_url(request),
            "learningResourceType": self.get_type_display(),
            "inLanguage": self.language,
            "isAccessibleForFree": True,
            "about": [theme.name for theme in self.theme_list],
            "audience": [{"@type": "EducationalAudience", "audienceType": label} for label in self.sheet.beneficiaries],
        }
        optional = {
            "license": self.licence_url,
            "educationalLevel": self.get_level_display(),
            "timeRequired": duration_iso(self.duration),
            "datePublished": self.issued_on and self.issued_on.isoformat(),
            "dateModified": self.last_published_at and self.last_published_at.isoformat(),
            "author": self.author and {"@type": "Organization", "name": self.author},
            "encoding": [
                {
                    "@type": "MediaObject",
                    "name": file.title,
                    "encodingFormat": file.document.content_type,
                    "contentUrl": request.build_absolute_uri(file.document.url),
                    "contentSize": f"{file.size} B",
                }
                for file in self.file_list
                if file.is_shown_to(request)
            ],
        }
        return data | {name: value for name, value in optional.items() if value}


class ResourceFileManager(models.Manager["ResourceFile"]):
    """Always with the document: a file is shown with its type and size."""

    def get_queryset(self) -> QuerySet[ResourceFile]:
        above = CollectionViewRestriction.objects.annotate(at=F("collection__path")).filter(
            at=Substr(OuterRef("document__collection__path"), 1, Length("at"))
        )
        return super().get_queryset().select_related("document").annotate(in_private_collection=Exists(above))


class ResourceFile(Orderable):
    """A file of a resource. ``format`` is derived from the document's name, for the catalogue's facet."""

    page = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name="document")
    label = models.CharField("libellé", max_length=200, blank=True, help_text="Vide : le titre du document.")
    format = models.CharField(max_length=15, choices=enums.FileFormat.choices, editable=False)

    objects = ResourceFileManager()

    panels = [FieldPanel("document"), FieldPanel("label")]

    class Meta(Orderable.Meta):
        verbose_name = "fichier"
        verbose_name_plural = "fichiers"
        indexes = [models.Index(fields=["format", "page"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.format = enums.FileFormat.of(self.document.filename)
        # Documents made otherwise than by Wagtail's form know their size once asked; readers must not pay for it.
        self.document.get_file_size()
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        return self.label or self.document.title

    def is_shown_to(self, request: HttpRequest) -> bool:
        """Whether a page may name it to this reader: a private collection keeps its documents' titles too.

        No query but for a file of a private collection.
        """
        if not getattr(self, "in_private_collection", False):
            return True
        return all(each.accept_request(request) for each in self.document.collection.get_view_restrictions())

    @property
    def extension(self) -> str:
        """« PDF », « ODT »… as shown beside the link."""
        return self.document.file_extension.upper()

    @property
    def size(self) -> int:
        """In bytes; 0 when the file is missing from the storage (a broken file never breaks a page)."""
        return self.document.file_size or 0


class ResourceLink(Orderable):
    """A link of a resource to something published elsewhere."""

    page = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="links")
    url = models.URLField("adresse", max_length=500)
    label = models.CharField("libellé", max_length=200)

    panels = [FieldPanel("label"), FieldPanel("url")]

    class Meta(Orderable.Meta):
        verbose_name = "lien"
        verbose_name_plural = "liens"

    def __str__(self) -> str:
        return self.label


class ResourceRelation(Orderable):
    """A resource that goes with another, as its editor says."""

    page = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="relations")
    related = models.ForeignKey(ResourcePage, models.CASCADE, related_name="+", verbose_name="ressource")

    panels = [PageChooserPanel("related", "resources.ResourcePage")]

    class Meta(Orderable.Meta):
        verbose_name = "ressource associée"
        verbose_name_plural = "ressources associées"

    def __str__(self) -> str:
        return f"{self.page_id} → {self.related_id}"

"""Facts about pages, shared vocabulary that administrators edit, and the site's identity."""

from __future__ import annotations

from typing import Self

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from portal.territories.models import Space, Territory, TerritoryLink

from .enums import ContentKind, ThemeFamily


class PageFactQuerySet(models.QuerySet["PageFact"]):
    def live_public(self) -> Self:
        """Facts of pages that anyone may read: live, and under no view restriction."""
        return self.filter(visible=True)

    def inside(self, territory: Territory) -> Self:
        return self.filter(territory__in=TerritoryLink.objects.filter(ancestor=territory).values("descendant"))


class PageFact(models.Model):
    """What every public surface needs to know of a page, in one indexed row (docs/page-facts.md).

    Kept by :mod:`portal.core.facts` on publish, unpublish, move, restriction and deletion; ``manage.py check_facts``
    verifies and repairs it. ``date`` is what lists are sorted by (publication, start of an event…).
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="fact")
    kind = models.CharField(max_length=12, choices=ContentKind.choices)
    space = models.ForeignKey(Space, models.SET_NULL, null=True, related_name="facts")
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, related_name="facts")
    visible = models.BooleanField(default=False)
    date = models.DateTimeField()

    objects = PageFactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-date", "-page"], condition=models.Q(visible=True), name="fact_kind"),
            models.Index(
                fields=["space", "kind", "-date", "-page"], condition=models.Q(visible=True), name="fact_space"
            ),
            models.Index(
                fields=["territory", "kind", "-date", "-page"], condition=models.Q(visible=True), name="fact_territory"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page_id}"


@register_snippet
class Theme(models.Model):
    """A theme of the field's vocabulary (editable)."""

    family = models.CharField("famille", max_length=20, choices=ThemeFamily.choices)
    name = models.CharField("nom", max_length=100)
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    panels = [FieldPanel("family"), FieldPanel("name"), FieldPanel("slug"), FieldPanel("order")]

    class Meta:
        verbose_name = "thème"
        verbose_name_plural = "thèmes"
        ordering = ["family", "order", "name"]

    def __str__(self) -> str:
        return self.name


@register_snippet
class Audience(models.Model):
    """A public of the network (editable): préfectures, hubs, médiateurs…"""

    name = models.CharField("nom", max_length=100)
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    order = models.PositiveSmallIntegerField("ordre", default=0)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("order")]

    class Meta:
        verbose_name = "public destinataire"
        verbose_name_plural = "publics destinataires"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


@register_setting(icon="site")
class SiteIdentity(BaseSiteSetting):
    """The brand shown in the header and footer. The DSFR is reserved to the State's sites: others change ``brand``."""

    title = models.CharField("nom du portail", max_length=80, default="Portail de l’inclusion numérique")
    tagline = models.CharField(
        "accroche", max_length=160, blank=True, default="Le réseau France Numérique Ensemble, territoire par territoire"
    )
    brand = models.CharField(
        "bloc-marque",
        max_length=120,
        default="République Française",
        help_text="Sous la Marianne ; une coupure de ligne par espace. Laisser vide hors des sites de l’État.",
        blank=True,
    )
    state_brand = models.BooleanField("afficher la Marianne", default=True)
    logo = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="logo"
    )
    notice = models.CharField("bandeau d’information", max_length=300, blank=True)
    contact_email = models.EmailField("adresse de contact", blank=True, default="contact@exemple.fr")

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("title"),
                FieldPanel("tagline"),
                FieldPanel("brand"),
                FieldPanel("state_brand"),
                FieldPanel("logo"),
            ],
            "Marque",
        ),
        FieldPanel("notice"),
        FieldPanel("contact_email"),
    ]

    class Meta:
        verbose_name = "identité du portail"

    def __str__(self) -> str:
        return self.title

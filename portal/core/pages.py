"""Abstract pages of the project: what every page has, and what every page of content has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model
from wagtail.images.models import Image
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from portal.territories.models import Space, Territory, TerritoryLink

from .admin_titles import draft_is_hidden
from .blocks import BodyBlock
from .enums import ContentKind
from .fields import StreamField
from .models import Theme
from .page_forms import PortalPageForm
from .page_permissions import ClosedSpacePermissionTester
from .seo import share_image, structured_data


class BasePage(Page):
    """A page of the portal: breadcrumb, canonical address, structured data.

    ``fact_kind`` is the kind its :class:`~portal.core.models.PageFact` carries. ``noindex`` keeps it out of search
    engines and of the sitemap.
    """

    fact_kind: ClassVar[str] = ContentKind.PAGE
    noindex: ClassVar[bool] = False

    base_form_class = PortalPageForm

    class Meta:
        abstract = True

    @property
    def fact_date(self) -> datetime | None:
        """What lists sort this page by."""
        return self.first_published_at

    @cached_property
    def _line(self) -> list[Page]:
        """The pages from the home page down to this one, each with its space if it is the root of one. One query."""
        steps = range(2 * self.steplen, len(self.path) + 1, self.steplen)
        return list(
            Page.objects.filter(path__in=[self.path[:end] for end in steps])
            .select_related("territory_space__territory")
            .order_by("path")
        )

    @property
    def breadcrumb(self) -> list[Page]:
        """The pages from the home page down to the parent."""
        return [page for page in self._line if page.path != self.path]

    @cached_property
    def space(self) -> Space | None:
        """The space the page lies in: that of the nearest ancestor (or itself) which is a space's root."""
        for page in reversed(self._line):
            found: Space | None = getattr(page, "territory_space", None)
            if found is not None:
                found.page = page
                return found
        return None

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Wagtail's, which takes two queries or more; none where the routing saw that no page above has any."""
        if self.__dict__.get("unrestricted"):
            return PageViewRestriction.objects.none()
        restrictions: QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions

    def permissions_for_user(self, user: Any) -> ClosedSpacePermissionTester:
        return ClosedSpacePermissionTester(user, self)

    def get_admin_display_title(self) -> str:
        """The draft's title for who may edit the page, the published one for everybody else."""
        return str(self.title) if draft_is_hidden(self) else str(super().get_admin_display_title())

    def json_ld(self, request: HttpRequest) -> dict[str, Any] | None:
        """The page as a schema.org object (without ``@context``), or None."""
        return None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["json_ld"] = self.json_ld(request)
        context["structured_data"] = structured_data(self, request, context["json_ld"])
        context["share_image"] = share_image(self, request)
        context["canonical_url"] = self.get_full_url(request)
        return context


class ContentPage(BasePage):
    """A page about something, somewhere: lead, territory, image, themes, body.

    ``territory`` is the precise territory, inside the space's; left empty, it is the space's own.
    """

    lead = models.TextField("chapô", max_length=500, help_text="Deux ou trois phrases, reprises dans les listes.")
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="territoire",
        help_text="Pour préciser, à l'intérieur du territoire de l'espace. Vide : tout le territoire de l'espace.",
    )
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="image"
    )
    image_alt = models.CharField("texte de remplacement de l'image", max_length=200, blank=True)
    image_decorative = models.BooleanField(
        "image décorative", default=False, help_text="Elle n'apporte pas d'information."
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name="contenu")

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("image"), FieldPanel("image_alt"), FieldPanel("image_decorative")], heading="Image"
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("lead", boost=2),
        index.SearchField("body"),
        index.FilterField("territory"),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        errors: dict[str, str] = {}
        if self.image_id and not self.image_alt.strip() and not self.image_decorative:
            errors["image_alt"] = "Décrivez l'image, ou cochez « image décorative »."
        if self.territory_id and self.path and (space := self.space) and not self.territory_is_inside(space.territory):
            errors["territory"] = f"Ce territoire n'est pas dans l'espace « {space} »."
        if errors:
            raise ValidationError(errors)

    @cached_property
    def illustration(self) -> Image | None:
        """The page's image with its renditions, or None. One query where there is one: they come with their image."""
        if not self.image_id:
            return None
        model = get_image_model().get_rendition_model()
        renditions = list(model.objects.filter(image=self.image_id).select_related("image").order_by("pk"))
        image: Image | None = renditions[0].image if renditions else self.image
        if image is not None:
            image.prefetched_renditions = renditions
        return image

    @cached_property
    def place(self) -> Territory | None:
        """Where the page is about: its own territory, else its space's."""
        return self.territory or (self.space.territory if self.space else None)

    @cached_property
    def theme_list(self) -> list[Theme]:
        """Its themes by name; none where the type of page has none. One query."""
        themes = getattr(self, "themes", None)
        return sorted(themes.all(), key=str) if themes is not None else []

    @cached_property
    def section(self) -> Page | None:
        """The list the page is on."""
        return self.breadcrumb[-1] if self.breadcrumb else None

    @property
    def is_revised(self) -> bool:
        """Whether it was published again more than a day after it first was."""
        first, last = self.first_published_at, self.last_published_at
        return bool(first and last and last - first > timedelta(days=1))

    def territory_is_inside(self, territory: Territory) -> bool:
        """Whether the page's own territory lies (wholly or in part) in ``territory``."""
        return TerritoryLink.objects.filter(ancestor=territory, descendant_id=self.territory_id).exists()

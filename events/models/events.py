"""An event: what, when, where, how, for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.search import index

from portal.accounts.models import Organisation
from portal.core.enums import ContentKind, Echelon
from portal.core.models import Audience, Theme
from portal.core.pages import ContentPage
from portal.territories.models import Territory

from ..editing.panels import PlannedDatesPanel
from ..enums import Access, AnimationType, Format, Language, Level, Mode, OrganiserKind, RegistrationKind, Status, Zone
from ..page_form import EventPageForm
from .details import MOST_SEATS, Placed
from .occurrences import Occurrence
from .venues import Venue

MAX_DATES = 400
MAX_RULES = 10


class EventPage(Placed, ContentPage):
    """An event of a space, at one or several dates.

    ``join_url`` is for those registered: no public output carries it (page, lists, feeds, calendars, structured data,
    search). ``time_zone`` empty means the default of :attr:`zone`.
    """

    fact_kind = ContentKind.EVENT
    base_form_class = EventPageForm
    template = "events/event_page.html"
    parent_page_types = ["events.AgendaPage"]
    subpage_types: list[str] = []

    echelon = models.CharField("échelon", max_length=15, choices=Echelon.choices, default=Echelon.LOCAL)
    format = models.CharField("format", max_length=15, choices=Format.choices, default=Format.RENCONTRE)
    animation_type = models.CharField(
        "type d'animation",
        max_length=15,
        choices=AnimationType.choices,
        blank=True,
        help_text="Pour un temps d'animation du réseau.",
    )
    themes = ParentalManyToManyField(Theme, blank=True, verbose_name="thèmes", related_name="+")
    audiences = ParentalManyToManyField(Audience, blank=True, verbose_name="publics", related_name="+")
    covered = ParentalManyToManyField(
        Territory,
        blank=True,
        verbose_name="territoires couverts",
        related_name="+",
        help_text="Si l'événement concerne d'autres territoires que celui de son lieu ou de son espace.",
    )

    time_zone = models.CharField(
        "fuseau horaire",
        max_length=40,
        choices=Zone.choices,
        blank=True,
        help_text="Vide : celui du lieu, ou l'heure de Paris si l'événement est en ligne. "
        "Une heure qui existe deux fois (passage à l'heure d'hiver) est la première des deux.",
    )
    mode = models.CharField("mode", max_length=10, choices=Mode.choices, default=Mode.SUR_PLACE)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="lieu")
    venue_note = models.CharField("précision de lieu", max_length=150, blank=True, help_text="Salle, étage, bâtiment…")
    join_url = models.URLField(
        "lien de connexion",
        max_length=500,
        blank=True,
        help_text="Gardé pour les personnes inscrites : il n'est jamais publié.",
    )

    status = models.CharField("état", max_length=15, choices=Status.choices, default=Status.PROGRAMME)
    status_reason = models.CharField("raison", max_length=300, blank=True, help_text="Montrée sur la page.")
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="remplacé par"
    )

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation de l'annuaire",
    )
    organiser = models.CharField(
        "organisateur", max_length=200, blank=True, help_text="S'il n'est pas dans l'annuaire des organisations."
    )
    organiser_kind = models.CharField(
        "nature de l'organisateur", max_length=15, choices=OrganiserKind.choices, default=OrganiserKind.HUB
    )
    co_organisations = ParentalManyToManyField(
        Organisation, blank=True, verbose_name="co-organisateurs de l'annuaire", related_name="+"
    )
    co_organisers = models.TextField("co-organisateurs", max_length=600, blank=True, help_text="Un par ligne.")

    level = models.CharField("niveau", max_length=15, choices=Level.choices, blank=True)
    language = models.CharField("langue", max_length=5, choices=Language.choices, default=Language.FRANCAIS)
    price = models.DecimalField(
        "tarif en euros",
        max_digits=7,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="0 : gratuit.",
    )
    price_note = models.CharField("précision de tarif", max_length=150, blank=True)
    registration = models.CharField(
        "inscription", max_length=10, choices=RegistrationKind.choices, default=RegistrationKind.NONE
    )
    registration_url = models.URLField(
        "lien d'inscription", max_length=500, blank=True, help_text="Vers un formulaire extérieur."
    )
    registration_note = models.CharField("précision d'inscription", max_length=200, blank=True)

    registration_opens_at = models.DateTimeField(
        "ouverture des inscriptions", null=True, blank=True, help_text="Vide : dès la publication."
    )
    registration_closes_hours = models.PositiveSmallIntegerField(
        "clôture, en heures avant le début",
        default=0,
        validators=[MaxValueValidator(24 * 60)],
        help_text="0 : jusqu'au début. 48 : deux jours avant.",
    )
    capacity = models.PositiveIntegerField(
        "places sur place",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_SEATS)],
        help_text="Par date. Vide : sans limite.",
    )
    capacity_online = models.PositiveIntegerField(
        "places en ligne",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_SEATS)],
        help_text="Par date. Vide : sans limite.",
    )
    waiting_list = models.BooleanField(
        "liste d'attente", default=True, help_text="Une place libérée est proposée à la première personne qui attend."
    )
    offer_hours = models.PositiveSmallIntegerField(
        "une place proposée l'est pendant, en heures",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 7)],
    )
    approval = models.BooleanField(
        "valider chaque inscription", default=False, help_text="Une personne n'est inscrite qu'avec votre accord."
    )
    remind_week = models.BooleanField("rappel une semaine avant", default=False)
    remind_day = models.BooleanField("rappel la veille", default=True)
    remind_hour = models.BooleanField("rappel une heure avant", default=False)
    follow_up = models.BooleanField(
        "message le lendemain", default=True, help_text="Avec le replay et les documents, s'ils sont sur la page."
    )
    certificates = models.BooleanField("attestations de présence", default=False)
    retention_days = models.PositiveSmallIntegerField(
        "conserver les inscriptions, en jours après la date",
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(1095)],
        help_text="Ensuite les noms, adresses et réponses sont effacés ; les nombres restent.",
    )

    wheelchair = models.BooleanField(Access.WHEELCHAIR.label, default=False)
    sign_language = models.BooleanField(Access.SIGN_LANGUAGE.label, default=False)
    captions = models.BooleanField(Access.CAPTIONS.label, default=False)
    transcript = models.BooleanField(Access.TRANSCRIPT.label, default=False)
    hearing_loop = models.BooleanField(Access.HEARING_LOOP.label, default=False)
    easy_read = models.BooleanField(Access.EASY_READ.label, default=False)
    needs_contact = models.CharField(
        "contact pour un besoin particulier", max_length=200, blank=True, help_text="Adresse ou téléphone d'un service."
    )

    replay_url = models.URLField("replay", max_length=500, blank=True)
    slides = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="support de présentation",
    )
    minutes = models.ForeignKey(
        "wagtaildocs.Document", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte rendu"
    )
    figures = models.TextField("en chiffres", max_length=600, blank=True, help_text="Participation, bilan…")

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [
                InlinePanel("dates", label="Date", max_num=MAX_DATES),
                InlinePanel("rules", label="Répétition", max_num=MAX_RULES),
                FieldPanel("time_zone"),
                PlannedDatesPanel(heading="Les dates qui en résultent"),
            ],
            heading="Quand",
        ),
        MultiFieldPanel(
            [FieldPanel("mode"), FieldPanel("venue"), FieldPanel("venue_note"), FieldPanel("join_url")], heading="Où"
        ),
        MultiFieldPanel(
            [FieldPanel("status"), FieldPanel("status_reason"), PageChooserPanel("replaced_by")], heading="État"
        ),
        MultiFieldPanel(
            [
                FieldPanel("organisation"),
                FieldPanel("organiser"),
                FieldPanel("organiser_kind"),
                FieldPanel("co_organisations"),
                FieldPanel("co_organisers"),
            ],
            heading="Organisation",
        ),
        MultiFieldPanel(
            [
                FieldPanel("territory"),
                FieldPanel("covered"),
                FieldRowPanel([FieldPanel("echelon"), FieldPanel("format"), FieldPanel("animation_type")]),
                FieldPanel("themes"),
                FieldPanel("audiences"),
                FieldRowPanel([FieldPanel("level"), FieldPanel("language")]),
            ],
            heading="Classement",
        ),
        MultiFieldPanel(
            [
                FieldPanel("registration"),
                FieldPanel("registration_url"),
                FieldPanel("registration_note"),
                FieldRowPanel([FieldPanel("price"), FieldPanel("price_note")]),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("capacity_online")]),
                FieldRowPanel([FieldPanel("registration_opens_at"), FieldPanel("registration_closes_hours")]),
                FieldRowPanel([FieldPanel("waiting_list"), FieldPanel("offer_hours"), FieldPanel("approval")]),
                InlinePanel("questions", label="Question", max_num=20),
                FieldRowPanel([FieldPanel("remind_week"), FieldPanel("remind_day"), FieldPanel("remind_hour")]),
                FieldRowPanel([FieldPanel("follow_up"), FieldPanel("certificates"), FieldPanel("retention_days")]),
            ],
            heading="Inscription et tarif",
        ),
        MultiFieldPanel(
            [*(FieldPanel(name) for name in Access.values), FieldPanel("needs_contact")], heading="Accessibilité"
        ),
        MultiFieldPanel(
            [FieldPanel("replay_url"), FieldPanel("slides"), FieldPanel("minutes"), FieldPanel("figures")],
            heading="Après l'événement",
        ),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("place_text"),
        index.SearchField("dates_text"),
        index.SearchField("organiser_text"),
        index.FilterField("mode"),
        index.FilterField("format"),
        index.FilterField("status"),
    ]
    # A copy is another event: it begins without a past, and is not cancelled because its model was.
    exclude_fields_in_copy: ClassVar[list[str]] = ["occurrences", "status", "status_reason", "replaced_by"]

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """As any page, but that Wagtail's index of references reads it once, not once more for each of its dates."""
        # Here: Wagtail's handlers want every model loaded.
        from wagtail import signal_handlers as wagtail_signals

        if getattr(wagtail_signals.reference_index_auto_update_disabled, "value", False):
            return super().save(*args, **kwargs)
        with wagtail_signals.disable_reference_index_auto_update():
            saved = super().save(*args, **kwargs)
        wagtail_signals.update_reference_index_on_save(self)
        return saved

    # --- Rules ----------------------------------------------------------------------------------------------------
    def clean(self) -> None:
        super().clean()
        errors: dict[str, str] = {}
        if self.registration == RegistrationKind.NONE and self.registration_url:
            self.registration = RegistrationKind.EXTERNAL
        if self.registration == RegistrationKind.EXTERNAL and not self.registration_url:
            errors["registration_url"] = "Indiquez l'adresse du formulaire d'inscription."
        if self.mode in (Mode.SUR_PLACE, Mode.HYBRIDE) and not self.venue_id:
            errors["venue"] = "Choisissez le lieu : des personnes viennent sur place."
        if self.mode in (Mode.EN_LIGNE, Mode.HYBRIDE) and not (
            self.join_url or self.registration_url or self.registration == RegistrationKind.INTERNAL
        ):
            errors["join_url"] = "Indiquez le lien de connexion, ou le lien d'inscription par lequel il est obtenu."
        if self.mode == Mode.EN_LIGNE and self.venue_id:
            errors["venue"] = "Un événement en ligne n'a pas de lieu : videz-le, ou choisissez « hybride »."
        if self.status == Status.ANNULE and not self.status_reason.strip():
            errors["status_reason"] = "Dites pourquoi l'événement est annulé."
        if self.status == Status.PASSE_EN_LIGNE and self.mode != Mode.EN_LIGNE:
            errors["mode"] = "Un événement passé en ligne est en ligne."
        if self.join_url and self.join_url == self.registration_url:
            errors["registration_url"] = "Ce lien serait publié : celui de connexion ne doit pas servir d'inscription."
        if self.replaced_by_id and self.replaced_by_id == self.pk:
            errors["replaced_by"] = "Un événement ne se remplace pas lui-même."
        if errors:
            raise ValidationError(errors)

    @property
    def zone(self) -> str:
        """The IANA zone of its hours: its own, else the venue's, else Paris."""
        if self.time_zone:
            return self.time_zone
        if self.mode != Mode.EN_LIGNE and self.venue_id and self.venue:
            zone = self.venue.commune.time_zone
            return zone if zone in Zone.values else Zone.PARIS
        return Zone.PARIS

    @property
    def fact_date(self) -> datetime | None:
        """Start of the next occurrence, else of the last one. One query."""
        now = timezone.now()
        starts = list(Occurrence.objects.filter(page_id=self.pk).values_list("starts_at", "past_from"))
        coming = [start for start, past_from in starts if past_from > now]
        return min(coming) if coming else max((start for start, _ in starts), default=self.first_published_at)

    # --- In words -------------------------------------------------------------------------------------------------
    @property
    def dates_text(self) -> str:
        """Titles and places that are those of some of its dates only, for the search. One query."""
        own = (
            Occurrence.objects.filter(page_id=self.pk)
            .exclude(title="", venue_id=self.venue_id)
            .select_related("venue__commune")
            .only("title", "mode", "venue_note", "venue__name", "venue__commune__name")
            .order_by("starts_at", "pk")
        )
        words = [text for each in own for text in (each.title, each.brief_place) if text]
        return ", ".join(dict.fromkeys(words))

    @property
    def organiser_text(self) -> str:
        """Who organises, co-organisers included."""
        first = self.organisation.name if self.organisation_id and self.organisation else self.organiser
        names = [first, *self.co_organisers.splitlines()]
        return ", ".join(name.strip() for name in names if name.strip())

    @property
    def co_organiser_names(self) -> list[str]:
        """Co-organisers that are not in the directory."""
        return [name.strip() for name in self.co_organisers.splitlines() if name.strip()]

    @property
    def access_list(self) -> list[str]:
        """The provisions for accessibility, in words."""
        return [label for name, label in Access.choices if getattr(self, name)]

    @property
    def price_text(self) -> str:
        if not self.price:
            return "Gratuit"
        return f"{self.price:.2f} €".replace(".", ",").replace(",00", "").replace(" ", "\u00a0")

    @property
    def status_text(self) -> str:
        return Status(self.status).label

    @property
    def is_off(self) -> bool:
        """Whether nobody can register any more, whatever the date."""
        return self.status in (Status.ANNULE, Status.REPORTE, Status.COMPLET)

    @property
    def shown_territory(self) -> Territory | None:
        """Its own territory, else its space's."""
        if self.territory_id:
            return self.territory
        return self.fact.territory if hasattr(self, "fact") else None

    @property
    def shown_replacement(self) -> EventPage | None:
        """The event that takes its place, if anyone may read it. One query, where there is one."""
        if not self.replaced_by_id:
            return None
        return EventPage.objects.filter(pk=self.replaced_by_id, fact__visible=True).first()

    @property
    def agenda_url(self) -> str:
        """Address (path) of the agenda it lies in."""
        return (self.get_url() or "").rstrip("/").rpartition("/")[0] + "/"

    @property
    def joining_text(self) -> str:
        """How those who take part online get the link, without giving it."""
        return "Le lien de connexion est envoyé aux personnes inscrites."

    # --- Screen -----------------------------------------------------------------------------------------------------
    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..screens import detail_context

        details = detail_context(self, request)
        self.shown_occurrences = details["occurrences"]
        return super().get_context(request, *args, **kwargs) | details

    # --- Structured data --------------------------------------------------------------------------------------------
    def json_ld(self, request: HttpRequest) -> dict[str, Any] | None:
        from ..structured import event_json_ld

        occurrences = getattr(self, "shown_occurrences", None)
        if occurrences is None:
            occurrences = list(Occurrence.objects.filter(page_id=self.pk).order_by("starts_at", "pk"))
        return event_json_ld(self, occurrences, self.get_full_url(request))

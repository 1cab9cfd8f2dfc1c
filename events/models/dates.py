"""The dates of an event: entered one by one, or given by a rule."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Orderable

from .. import rules
from ..editing.panels import WeekdaysWidget
from ..enums import Frequency, Status, Weekday
from .details import OwnDetails


class EventDate(OwnDetails, Orderable):
    """A date of an event as its editor enters it: wall time, on the clocks of the page's zone.

    ``key`` follows the row through drafts and publications, so that its occurrence keeps its identity. A row whose
    ``rule_key`` and ``rule_date`` are set stands in for the date that a rule gives that day: it is an override, and its
    key is that of the date it replaces (:func:`events.series.key_of`).
    """

    page = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="dates")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    rule_key = models.UUIDField(null=True, editable=False)
    rule_date = models.DateField(null=True, editable=False)
    start_date = models.DateField("du")
    start_time = models.TimeField("à", null=True, blank=True, help_text="Vide : toute la journée.")
    end_date = models.DateField("au", null=True, blank=True, help_text="Vide : le même jour.")
    end_time = models.TimeField("jusqu'à", null=True, blank=True)
    status = models.CharField(
        "état de cette date",
        max_length=15,
        choices=Status.choices,
        blank=True,
        help_text="Vide : celui de l'événement.",
    )
    note = models.CharField("note", max_length=200, blank=True, help_text="Montrée à côté de la date.")

    panels = [
        FieldRowPanel([FieldPanel("start_date"), FieldPanel("start_time")]),
        FieldRowPanel([FieldPanel("end_date"), FieldPanel("end_time")]),
        FieldRowPanel([FieldPanel("status"), FieldPanel("note")]),
        MultiFieldPanel(
            [
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("mode"), FieldPanel("join_url")]),
                FieldRowPanel([FieldPanel("venue"), FieldPanel("venue_note")]),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("capacity_online")]),
            ],
            heading="Seulement pour cette date",
            classname="collapsed",
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "date"
        verbose_name_plural = "dates"

    def __str__(self) -> str:
        return f"{self.start_date}"

    def clean(self) -> None:
        super().clean()
        if errors := rules.wall_errors(self.start_date, self.start_time, self.end_date, self.end_time):
            raise ValidationError(errors)


class EventRule(OwnDetails, Orderable):
    """Dates that come back: wall time on the clocks of the page's zone, expanded by :mod:`events.series`.

    ``weekdays`` holds values of :class:`~events.enums.Weekday` separated by commas. ``nth`` is 1 to 4, or -1 for the
    last. With neither ``until`` nor ``count`` it goes on: its dates are kept a bounded time ahead. ``excluded`` has a
    date or a span of dates a line (« 24/12/2026 », « 19/12/2026 - 4/1/2027 »).
    """

    page = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="rules")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    frequency = models.CharField("répétition", max_length=15, choices=Frequency.choices, default=Frequency.WEEKLY)
    interval = models.PositiveSmallIntegerField(
        "toutes les",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text="1 : chaque semaine ou chaque mois ; 2 : une fois sur deux.",
    )
    weekdays = models.CharField("jours", max_length=20, blank=True)
    nth = models.SmallIntegerField(
        "rang dans le mois",
        null=True,
        blank=True,
        choices=[(1, "1er"), (2, "2e"), (3, "3e"), (4, "4e"), (-1, "dernier")],
    )
    start_date = models.DateField("à partir du")
    start_time = models.TimeField("de", null=True, blank=True, help_text="Vide : toute la journée.")
    end_time = models.TimeField("à", null=True, blank=True)
    days = models.PositiveSmallIntegerField(
        "durée en jours", default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    until = models.DateField("jusqu'au", null=True, blank=True, help_text="Compris. Vide : voir le nombre de dates.")
    count = models.PositiveSmallIntegerField(
        "nombre de dates", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(400)]
    )
    skip_holidays = models.BooleanField("sauf les jours fériés", default=False)
    excluded = models.TextField(
        "sauf ces jours",
        max_length=2000,
        blank=True,
        help_text="Un jour, ou une période, par ligne : « 24/12/2026 », « 19/12/2026 - 04/01/2027 ».",
    )

    panels = [
        FieldPanel("frequency"),
        FieldPanel("weekdays", widget=WeekdaysWidget),
        FieldRowPanel([FieldPanel("interval"), FieldPanel("nth")]),
        FieldRowPanel([FieldPanel("start_date"), FieldPanel("days")]),
        FieldRowPanel([FieldPanel("start_time"), FieldPanel("end_time")]),
        FieldRowPanel([FieldPanel("until"), FieldPanel("count")]),
        FieldPanel("skip_holidays"),
        FieldPanel("excluded"),
        MultiFieldPanel(
            [
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("mode"), FieldPanel("join_url")]),
                FieldRowPanel([FieldPanel("venue"), FieldPanel("venue_note")]),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("capacity_online")]),
            ],
            heading="Seulement pour ces dates",
            classname="collapsed",
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "répétition"
        verbose_name_plural = "répétitions"

    def __str__(self) -> str:
        return f"{self.get_frequency_display()} · {self.start_date}"

    def clean(self) -> None:
        """What the rule alone can tell; its hours on the clocks of the event are checked by the page's form."""
        from .. import series

        super().clean()
        errors: dict[str, str | list[str]] = {}
        by_day = self.frequency != Frequency.MONTHLY_DAY
        if any(day not in Weekday.values for day in self.weekdays.split(",") if day):
            errors["weekdays"] = "Choisissez des jours de la semaine."
        elif by_day and not self.weekdays:
            errors["weekdays"] = "Cochez au moins un jour de la semaine."
        if self.frequency == Frequency.MONTHLY_NTH and self.nth is None:
            errors["nth"] = "Dites lequel du mois : le 1er, le 2e… le dernier."
        if self.start_date:
            last = self.start_date + timedelta(days=max(1, min(self.days or 1, 31)) - 1)
            found = rules.wall_errors(self.start_date, self.start_time, last, self.end_time)
            errors |= {"days" if name == "end_date" else name: text for name, text in found.items()}
            if self.until and self.until < self.start_date:
                errors["until"] = "La répétition finit avant de commencer."
        if self.until and self.count:
            errors["count"] = "Choisissez une fin : une date, ou un nombre de dates."
        if wrong := series.parse_days(self.excluded)[1]:
            errors["excluded"] = wrong[:10]
        if errors:
            raise ValidationError(errors)

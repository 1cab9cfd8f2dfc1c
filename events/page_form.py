"""The editor's form of an event: what only the page and its dates together can tell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from portal.core.page_forms import PortalPageForm
from portal.territories.enums import Level
from portal.territories.models import Territory, TerritoryLink

from . import rules, series


class EventPageForm(PortalPageForm):
    """Checks each date's hours on the clocks of the event's zone; errors stand beside the date's own fields.

    The territories an event covers are offered as régions, départements and the space's own intercommunalités: the
    35,000 communes would be five megabytes of choices, and have the venue's.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "covered" in self.fields:
            self.fields["covered"].queryset = self._covered()  # type: ignore[attr-defined]

    def _covered(self) -> QuerySet[Territory]:
        parent = self.parent_page.specific if self.parent_page is not None else self.instance
        wide = Q(level__in=[Level.NATION, Level.REGION, Level.DEPARTEMENT])
        if (space := getattr(parent, "space", None)) is not None:
            inside = TerritoryLink.objects.filter(ancestor=space.territory).values("descendant")
            wide |= Q(level=Level.EPCI, pk__in=inside)
        if self.instance.pk:
            wide |= Q(pk__in=[each.pk for each in self.instance.covered.all()])
        rank = Case(*(When(level=level, then=level.rank) for level in Level))
        return Territory.objects.filter(wide, ended_on=None).order_by(rank, "name", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        dates = self.formsets.get("dates")
        if dates is None:
            return data
        if not (self._has_rows(dates) or self._has_rows(self.formsets.get("rules"))):
            self.add_error(None, "Indiquez au moins une date, ou une répétition.")
        zone = self._zone(data)
        seen: set[tuple[Any, ...]] = set()
        for form in dates.forms:
            if not form.is_valid() or form in dates.deleted_forms or not form.cleaned_data.get("start_date"):
                continue
            entered = form.cleaned_data
            wall = (
                entered["start_date"],
                entered.get("start_time"),
                entered.get("end_date"),
                entered.get("end_time"),
            )
            for field, message in rules.wall_errors(*wall, zone).items():
                form.add_error(field, message)
            if wall in seen:
                form.add_error("start_date", "Cette date est déjà dans la liste.")
            seen.add(wall)
        self._check_rules(zone, len(seen))
        return data

    def _check_rules(self, zone: str, free: int) -> None:
        """The dates that the rules give: some, not too many, at hours that exist."""
        formset = self.formsets.get("rules")
        if formset is None:
            return
        from .planning import departement_of

        today = timezone.now().date()
        departement = departement_of(self.instance)
        coming = free
        for form in formset.forms:
            if not form.is_valid() or form in formset.deleted_forms or not form.cleaned_data.get("start_date"):
                continue
            rule = form.instance
            days = series.expand(rule, until=series.horizon(today), departement=departement)
            ahead = [day for day in days if day >= today]
            coming += len(ahead)
            if not days:
                form.add_error("start_date", "Cette répétition ne donne aucune date d’ici dix-huit mois.")
            elif coming > series.MOST_OF_A_RULE:
                form.add_error(
                    "until" if rule.until or not rule.count else "count",
                    f"Cet événement aurait {coming} dates à venir d’ici dix-huit mois : "
                    f"{series.MOST_OF_A_RULE} au plus.",
                )
            elif error := self._missing_hour(rule, days, zone):
                form.add_error(*error)

    @staticmethod
    def _missing_hour(rule: Any, days: list[date], zone: str) -> tuple[str, str] | None:
        """The first of the rule's dates at an hour that does not exist there, as (field, message)."""
        for day in days:
            last = day + timedelta(days=rule.days - 1)
            for field, message in rules.wall_errors(day, rule.start_time, last, rule.end_time, zone).items():
                return ("days" if field == "end_date" else field), message
        return None

    @staticmethod
    def _has_rows(formset: Any) -> bool:
        """Whether something is entered in the formset, right or wrong."""
        return formset is not None and any(
            (form.has_changed() or form.instance.pk) and not form.data.get(form.add_prefix("DELETE"))
            for form in formset.forms
        )

    def _zone(self, data: dict[str, Any]) -> str:
        """The zone the submitted values give."""
        page = self.instance
        for name in ("time_zone", "mode", "venue"):
            if name in data:
                setattr(page, name, data[name])
        return str(page.zone)

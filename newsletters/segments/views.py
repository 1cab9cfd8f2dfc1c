"""Screens of segments. « Compter » counts and changes nothing; what is not one's own is 404."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from portal.accounts.abilities import person_of
from portal.territories.enums import Level
from portal.territories.models import Territory

from .. import access
from ..campaigns.guards import composers_only
from ..campaigns.screens import posted, screen
from ..models import Segment
from ..people.rules import PersonRefused
from ..services import segments as services
from .describe import describe
from .forms import SegmentForm, initial_of
from .queries import count_people, matching

INDEX = "newsletters_segment_modeladmin_index"
MOST_TERRITORIES = 2000


@composers_only
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """The form of a new segment, for the territory of ``?territoire=`` or the only one; else the choice of it."""
    spaces = access.composed_territories(request.user).filter(space__isnull=False, space__closed_at=None)
    asked = request.GET.get("territoire", "")
    if asked:
        territory = spaces.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
        if territory is None:
            raise Http404("Ce territoire n’est pas des vôtres.")
    else:
        offered = sorted(spaces.order_by("name", "code")[:MOST_TERRITORIES], key=lambda one: Level(one.level).rank)
        if len(offered) != 1:
            return screen(
                request,
                "newsletters/segments/territory.html",
                {"territories": offered, "header_icon": "group"},
                "Ajouter un segment",
            )
        territory = offered[0]
    form = SegmentForm(posted(request), user=request.user, territory=territory)
    return _form(request, form, territory, None)


@composers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    segment = _own(request, pk)
    form = SegmentForm(posted(request), user=request.user, territory=segment.territory, initial=initial_of(segment))
    return _form(request, form, segment.territory, segment)


@composers_only
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    segment = _own(request, pk)
    archived = segment.archived_at is None
    services.archive_segment(segment=segment, actor=person_of(request), archived=archived)
    messages.success(request, f"« {segment} » est {'archivé' if archived else 'de nouveau en service'}.")
    return redirect(INDEX)


def _form(request: HttpRequest, form: SegmentForm, territory: Territory, segment: Segment | None) -> HttpResponse:
    counting = "compter" in request.POST
    context: dict[str, Any] = {"form": form, "territory": territory, "segment": segment, "header_icon": "group"}
    if counting:
        form.is_valid()
        if form.can_be_counted:
            lists = form.fields["listes"].queryset.filter(pk__in=form.cleaned_data["listes"])  # type: ignore[attr-defined]
            context["count"] = count_people(matching(lists, form.conditions, territory))
        if getattr(request, "htmx", False):
            return render(request, "newsletters/segments/_count.html", context)
    elif form.is_bound and form.is_valid():
        try:
            made = services.save_segment(
                actor=person_of(request),
                territory=territory,
                segment=segment,
                name=form.cleaned_data["nom"],
                lists=form.cleaned_data["listes"],
                conditions=form.conditions.as_json(),
            )
        except PersonRefused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, f"« {made} » est enregistré. {describe(made)}")
            return redirect(INDEX)
    title = "Modifier un segment" if segment else "Ajouter un segment"
    status = 422 if form.is_bound and form.errors and not counting else 200
    return screen(request, "newsletters/segments/form.html", context, title, str(territory), status)


def _own(request: HttpRequest, pk: int) -> Segment:
    """A segment of one's territories that one may change; 404 for another's."""
    found = access.visible_segments(request.user).select_related("territory").filter(pk=pk).first()
    if found is None:
        raise Http404("Ce segment n’existe pas, ou n’est pas des vôtres.")
    if not access.may_compose(request.user, found.territory):
        raise PermissionDenied
    return found

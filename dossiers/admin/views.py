"""Publishing a type, and putting it away."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from portal.accounts.abilities import person_of

from ..catalogue.building import build
from ..catalogue.differences import compare, drafts_behind
from ..catalogue.services import PublishRefused, archive_type, publish_version, restore_type
from ..models import DossierType
from .base import managers_only

SCREEN = "dossier_type_publish"


def _seen(made: DossierType) -> str:
    """What tells that the form is the one whose differences were read."""
    return made.updated_at.isoformat()


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing would change, the versions there are; a POST publishes what was read. 422 where it is refused."""
    made = get_object_or_404(DossierType.objects.select_related("current_version"), pk=pk)
    refused: list[str] = []
    if request.method == "POST":
        if request.POST.get("vu") != _seen(made):
            refused = ["Ce type a changé depuis que vous avez ouvert cet écran : relisez les différences."]
        else:
            try:
                version = publish_version(type=made, actor=person_of(request))
            except PublishRefused as error:
                refused = error.messages
            else:
                messages.success(request, f"« {made} » : la version {version.number} est publiée.")
                return redirect(SCREEN, pk)
    built = build(made.form, made.keys)
    current = made.current_version
    behind = drafts_behind(made)
    context = {
        "type": made,
        "seen": _seen(made),
        "refused": refused,
        "problems": [] if refused else built.messages,
        "differences": None if built.problems else compare(current.schema if current else None, built.schema),
        "behind": sorted(behind.items()),
        "versions": made.versions.select_related("published_by").annotate(held=Count("dossiers")).order_by("-number"),
        "page_title": "Publier",
        "page_subtitle": made.title,
        "header_icon": "form",
    }
    return render(request, "dossiers/admin/publish.html", context, status=422 if refused else 200)


@managers_only
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(DossierType, pk=pk)
    archive_type(type=made, actor=person_of(request))
    messages.success(request, f"« {made} » est retiré : plus rien n’y est déposé, ses dossiers se poursuivent.")
    return redirect(SCREEN, pk)


@managers_only
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(DossierType, pk=pk)
    restore_type(type=made, actor=person_of(request))
    messages.success(request, f"« {made} » est de nouveau en service.")
    return redirect(SCREEN, pk)

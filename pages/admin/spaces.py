"""« Espaces » in the admin: the list, opening one, closing one. For the national administration alone."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from portal.accounts.abilities import can, person_of
from portal.accounts.fields import Named, NamedPeopleField, TerritoryField
from portal.accounts.invitations.services import InvitationError
from portal.accounts.rules import Ability
from portal.accounts.services import GrantError
from portal.territories.models import Space

from ..services import SpaceError, close_territory_space, open_territory_space

PER_PAGE = 50
MOST_EDITORS = 20


class OpenSpaceForm(forms.Form):
    """Which territory, and who edits it first."""

    territory = TerritoryField(label="Territoire")
    editors = NamedPeopleField(
        label="Premières personnes à l'éditer",
        required=False,
        most=MOST_EDITORS,
        help_text=(
            "Leurs adresses e-mail, une par ligne. Celles qui ont un compte reçoivent le rôle aussitôt ; les autres, "
            "une invitation."
        ),
    )


def national_only(view: Any) -> Any:
    """403 for anyone who may not open spaces, on GET as on POST."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can(request.user, Ability.OPEN_SPACES):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@national_only
def index(request: HttpRequest) -> HttpResponse:
    spaces = Space.objects.select_related("territory", "page").order_by("territory__name", "pk")
    page = Paginator(spaces, PER_PAGE).get_page(request.GET.get("p"))
    # The address is what a reader types; ``url_path`` begins with the home page's own slug.
    rows = [(space, space.page.get_url(request)) for space in page]
    context = {"spaces": page, "rows": rows, "page_title": "Espaces", "header_icon": "globe"}
    return render(request, "pages/admin/spaces.html", context)


@national_only
@require_http_methods(["GET", "HEAD", "POST"])
def open_space(request: HttpRequest) -> HttpResponse:
    """The form, then what will be done, then its doing: the second POST carries ``confirm``."""
    form = OpenSpaceForm(request.POST or None)
    confirming = False
    if request.method == "POST" and form.is_valid():
        territory, editors = form.cleaned_data["territory"], form.cleaned_data["editors"]
        if "confirm" in request.POST:
            try:
                space = open_territory_space(
                    territory=territory,
                    actor=person_of(request),
                    editors=editors.people,
                    invited=editors.addresses,
                )
            except (SpaceError, GrantError, InvitationError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"L'espace « {space} » est ouvert. {_named(editors)}".strip())
                return redirect("wagtailadmin_explore", space.page_id)
        else:
            confirming = "change" not in request.POST
    context = {"form": form, "confirming": confirming, "page_title": "Ouvrir un espace", "header_icon": "globe"}
    return render(request, "pages/admin/open_space.html", context)


def _named(editors: Named) -> str:
    """Who edits it, and who was written to, in a sentence or two."""
    parts = []
    if editors.people:
        parts.append(f"Rôle d’édition donné à {', '.join(person.email for person in editors.people)}.")
    if editors.addresses:
        parts.append(f"Invitation envoyée à {', '.join(editors.addresses)}.")
    return " ".join(parts)


@national_only
@require_http_methods(["GET", "HEAD", "POST"])
def close_space(request: HttpRequest, pk: int) -> HttpResponse:
    space = get_object_or_404(Space.objects.select_related("territory"), pk=pk)
    if request.method == "POST":
        try:
            close_territory_space(space=space, actor=person_of(request))
        except SpaceError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"L'espace « {space} » est fermé. Rien n'est perdu : il peut être rouvert.")
        return redirect("spaces_admin")
    context = {"space": space, "page_title": f"Fermer l'espace « {space} »", "header_icon": "globe"}
    return render(request, "pages/admin/close_space.html", context)


def urls() -> list[Any]:
    """For ``register_admin_urls``."""
    return [
        path("espaces/", index, name="spaces_admin"),
        path("espaces/ouvrir/", open_space, name="spaces_admin_open"),
        path("espaces/<int:pk>/fermer/", close_space, name="spaces_admin_close"),
    ]


class SpacesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can(request.user, Ability.OPEN_SPACES)


def menu_item() -> MenuItem:
    return SpacesMenuItem("Espaces", reverse("spaces_admin"), name="espaces", icon_name="globe", order=490)

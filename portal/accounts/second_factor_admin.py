"""« Personnes » in the admin: taking a lost second factor away. Asks who one is first; says what it does."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail_modeladmin.helpers import ButtonHelper

from .abilities import get_abilities, person_of
from .mfa import FACTORS
from .models import User
from .rules import Ability
from .services import GrantError, reset_second_factor
from .stepup import step_up_required

LABEL = "Réinitialiser la double authentification"


def with_second_factor(people: QuerySet[User]) -> QuerySet[User]:
    """``people``, each with ``second_factor``: whether they have one. No query by itself."""
    held = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS)
    return people.annotate(second_factor=Exists(held))


class PersonButtons(ButtonHelper):
    """In the list of people, for those who have a second factor, but oneself."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, *args, **kwargs)
        if getattr(obj, "second_factor", False) and obj.pk != self.request.user.pk:
            url = reverse("second-factor-reset", args=[obj.pk])
            buttons.append({"url": url, "label": LABEL, "title": LABEL, "classname": "button button-secondary"})
        return buttons


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Confirm, then reset. 404 for who does not administer the whole portal, before they are asked anything."""
    if not get_abilities(request.user).anywhere(Ability.OPEN_SPACES):
        raise Http404
    return _reset(request, pk)


@step_up_required
def _reset(request: HttpRequest, pk: int) -> HttpResponse:
    actor = person_of(request)
    person = get_object_or_404(with_second_factor(User.objects.all()), pk=pk)
    people = reverse("accounts_user_modeladmin_index")
    if request.method == "POST":
        try:
            reset_second_factor(actor=actor, person=person)
        except GrantError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{person} : double authentification réinitialisée, sessions fermées.")
        return redirect(people)
    return render(
        request, "accounts/admin/second_factor_reset.html", {"person": person, "people": people, "page_title": LABEL}
    )


def urls() -> list[Any]:
    return [path("personnes/<int:pk>/double-authentification/", reset, name="second-factor-reset")]

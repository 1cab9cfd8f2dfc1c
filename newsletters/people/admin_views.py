"""What a list's team does for one person, in Wagtail's admin. Rights are checked here for what is shown, by the
services for what is done; what is not one's own is 404."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.accounts.abilities import person_of

from .. import access, services
from ..campaigns.screens import posted, screen
from ..enums import SubscriptionState, SuppressionReason
from ..models import Suppression
from .admin_forms import AddForm, ExcludeForm
from .rules import PersonRefused

SUBSCRIBERS = "newsletters_subscriber_modeladmin_index"
SUPPRESSIONS = "newsletters_suppression_modeladmin_index"
_FORM = "newsletters/people/admin/form.html"
form_methods = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@form_methods
def add(request: HttpRequest) -> HttpResponse:
    """Subscribe one person by hand, with what proves that they agreed."""
    if not access.manages_lists(request.user):
        raise PermissionDenied
    form = AddForm(posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.add_person(
                actor=person_of(request),
                address=said["adresse"],
                lists=said["listes"],
                evidence=form.evidence,
                name=said["nom"],
                organisation=said["organisation"],
                organisation_kind=said["type_organisation"],
                territory=said["territoire"],
                audiences=said["roles"],
            )
        except PersonRefused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            told = "L’abonnement commence." if made else "Cette personne était déjà abonnée à ces listes."
            messages.success(request, told)
            return redirect(SUBSCRIBERS)
    explained = "Pour une personne qui a donné son accord autrement que par le portail. Elle n’a rien à confirmer."
    return _show(request, form, "Ajouter un abonné", "Abonner", SUBSCRIBERS, explained)


@never_cache
@form_methods
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one subscription, for a person who asked for it."""
    held = access.visible_subscriptions(request.user).select_related("list__territory", "subscriber").filter(pk=pk)
    subscription = held.first()
    if subscription is None:
        raise Http404("Cet abonnement n’existe pas, ou n’est pas des vôtres.")
    if not access.manages_lists(request.user, subscription.list.territory):
        raise PermissionDenied
    if request.method == "POST":
        services.end_subscription(subscription=subscription, actor=person_of(request))
        messages.success(request, "L’abonnement est terminé.")
        return redirect("newsletters_subscriber_modeladmin_inspect", subscription.subscriber_id)
    ended = subscription.state == SubscriptionState.UNSUBSCRIBED
    explained = (
        f"{subscription.subscriber} n’est déjà plus abonné à « {subscription.list} »."
        if ended
        else f"{subscription.subscriber} ne recevra plus « {subscription.list} ». Elle seule pourra se réabonner."
    )
    return _show(request, None, "Mettre fin à un abonnement", "Mettre fin", SUBSCRIBERS, explained)


@never_cache
@form_methods
def exclude(request: HttpRequest) -> HttpResponse:
    """Never write to an address again, on any list."""
    if not access.is_national(request.user):
        raise PermissionDenied
    form = ExcludeForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            services.exclude(
                address=form.cleaned_data["adresse"], note=form.cleaned_data["note"], actor=person_of(request)
            )
        except PersonRefused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, "Plus rien ne sera envoyé à cette adresse.")
            return redirect(SUPPRESSIONS)
    explained = "Les abonnements de cette adresse se terminent, sur toutes les listes, et rien n’y sera plus envoyé."
    return _show(request, form, "Exclure une adresse", "Exclure", SUPPRESSIONS, explained)


@never_cache
@form_methods
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an address that the team excluded be written to again."""
    if not access.is_national(request.user):
        raise PermissionDenied
    suppression = Suppression.objects.filter(pk=pk).first()
    if suppression is None:
        raise Http404("Cette exclusion n’existe plus.")
    if request.method == "POST":
        try:
            services.lift(suppression=suppression, actor=person_of(request))
        except PersonRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "L’exclusion est levée. Les abonnements terminés ne reprennent pas.")
        return redirect(SUPPRESSIONS)
    manual = suppression.reason == SuppressionReason.MANUAL
    explained = (
        "On pourra de nouveau écrire à cette adresse ; ses abonnements terminés ne reprennent pas."
        if manual
        else "Cette adresse n’existe pas, s’est plainte ou a été effacée : cela ne se lève pas."
    )
    return _show(request, None, "Lever une exclusion", "Lever l’exclusion" if manual else "", SUPPRESSIONS, explained)


def _show(request: HttpRequest, form: Any, title: str, submit: str, back: str, explained: str) -> HttpResponse:
    context = {"form": form, "submit": submit, "back": back, "explained": explained, "header_icon": "group"}
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return screen(request, _FORM, context, title, status=status)

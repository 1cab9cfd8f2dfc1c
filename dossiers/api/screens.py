"""« Clés et webhooks »: each instructor's own."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.abilities import person_of
from portal.accounts.stepup import step_up_required

from ..models import ApiToken, Webhook
from ..rules import DossierRefused
from ..screens import for_instructors, private
from . import tokens, webhooks
from .forms import KeyForm, WebhookForm

SHOWN_DELIVERIES = 50


@private
@for_instructors
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's keys and webhooks, and the forms for others."""
    return _index(request)


@private
@for_instructors
@require_POST
@step_up_required
def create_key(request: HttpRequest) -> HttpResponse:
    """A key; its secret is on the answer, this once."""
    person = person_of(request)
    form = KeyForm(request.POST, user=person)
    if not form.is_valid():
        return _index(request, key_form=form)
    given = form.cleaned_data
    try:
        token, secret = tokens.create_token(
            actor=person,
            name=given["name"],
            scopes=given["scopes"],
            territory=given["territory"],
            expires_at=form.expires_at(),
        )
    except DossierRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _index(request, key_form=form)
    return _secret(request, f"La clé « {token.name} »", secret)


@private
@for_instructors
@require_POST
def revoke_key(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id, user=request.user)
    tokens.revoke_token(token=token, actor=person_of(request))
    messages.success(request, f"La clé « {token.name} » ne permet plus rien.")
    return redirect("dossier-keys:index")


@private
@for_instructors
@require_POST
@step_up_required
def create_webhook(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = WebhookForm(request.POST, user=person, prefix="webhook")
    if not form.is_valid():
        return _index(request, webhook_form=form)
    try:
        _, secret = webhooks.create_webhook(
            actor=person, url=form.cleaned_data["url"], territory=form.cleaned_data["territory"]
        )
    except DossierRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _index(request, webhook_form=form)
    return _secret(request, "Le webhook", secret)


@private
@for_instructors
@require_safe
def webhook(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """What was told to it lately, and what became of it."""
    found = get_object_or_404(Webhook, pk=webhook_id, owner=request.user)
    deliveries = found.deliveries.select_related("event", "dossier").order_by("-event__at", "-pk")[:SHOWN_DELIVERIES]
    return render(request, "dossiers/api/webhook.html", {"webhook": found, "deliveries": deliveries})


@private
@for_instructors
@require_POST
def change_webhook(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Stop, restart or delete it, by the button."""
    found = get_object_or_404(Webhook, pk=webhook_id, owner=request.user)
    person = person_of(request)
    action = request.POST.get("action")
    if action == "delete":
        webhooks.delete_webhook(webhook=found, actor=person)
        messages.success(request, "Ce webhook est supprimé.")
    elif action in ("enable", "disable"):
        webhooks.set_enabled(webhook=found, actor=person, enabled=action == "enable")
        messages.success(request, "Ce webhook reprend." if action == "enable" else "Ce webhook est arrêté.")
    return redirect("dossier-keys:index")


def _index(request: HttpRequest, **forms: Any) -> HttpResponse:
    person = person_of(request)
    context = {
        "keys": tokens.usable(person).select_related("territory").order_by("-created_at", "pk"),
        "webhooks": Webhook.objects.filter(owner=person).select_related("territory").order_by("-created_at", "pk"),
        "key_form": KeyForm(user=person),
        "webhook_form": WebhookForm(user=person, prefix="webhook"),
        "scope_labels": tokens.LABELS,
    }
    status = 422 if forms else 200
    return render(request, "dossiers/api/index.html", context | forms, status=status)


def _secret(request: HttpRequest, what: str, secret: str) -> HttpResponse:
    return render(request, "dossiers/api/secret.html", {"what": what, "secret": secret})

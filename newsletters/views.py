"""Subscribing and leaving. None of these answers is ever cached; a GET changes nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from portal.core import ratelimit
from portal.territories.models import Territory

from . import consent_texts, selectors, services
from .forms import MAX_LISTS, SubscribeForm, lists_by_slug
from .models import MailingList
from .sending import tokens as copy_tokens
from .tokens import BadTokenError, read_confirmation, read_unsubscription

ATTEMPTS_AN_HOUR = 20
# A cookie of the page that thanks: the number of the request, for as long as somebody waits for the message.
ASKED, ASKED_SECONDS = "lettres-demande", 3600


@method_decorator(never_cache, name="dispatch")
class SubscribeView(View):
    """The form. Whatever the address, the answer is the same redirect, after the same work."""

    template = "newsletters/subscribe.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, SubscribeForm(initial={"liste": request.GET.getlist("liste")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SubscribeForm(request.POST)
        if form.is_robot:
            return redirect("newsletters:thanks")
        if not form.is_valid():
            return self.show(request, form, status=422)
        if ratelimit.too_many(request, "subscribe", ATTEMPTS_AN_HOUR):
            form.add_error(None, "Trop de demandes sont venues de votre connexion. Réessayez dans une heure.")
            return self.show(request, form, status=429)
        asked = services.subscribe(
            address=form.cleaned_data["adresse"],
            lists=form.cleaned_data["liste"],
            name=form.cleaned_data["nom"],
            organisation=form.cleaned_data["organisation"],
        )
        response = redirect("newsletters:thanks")
        # Which request « Renvoyer le message » is about; whoever the address is, there is one.
        response.set_signed_cookie(
            ASKED,
            asked.pk.hex,
            max_age=ASKED_SECONDS,
            path=reverse("newsletters:thanks"),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def show(self, request: HttpRequest, form: SubscribeForm, status: int = 200) -> HttpResponse:
        asked = request.POST.getlist("liste") if form.is_bound else request.GET.getlist("liste")
        chosen = lists_by_slug(asked[:MAX_LISTS])
        slugs = {one.slug for one in chosen}
        offered = self.offered(chosen, request.territory)  # type: ignore[attr-defined]
        if not slugs and offered and not form.is_bound:
            slugs = {offered[0].slug}
        context = {
            "form": form,
            "offered": [(one, one.slug in slugs) for one in offered],
            "consent": consent_texts.current_text(),
        }
        return render(request, self.template, context, status=status)

    @staticmethod
    def offered(chosen: list[MailingList], territory: Territory | None) -> list[MailingList]:
        """The lists shown: those chosen, those of the visitor's territory, and those above; each once."""
        shown = {one.pk: one for one in chosen}
        around = [territory] if territory else []
        around += [one.territory for one in chosen[:1]]
        for place in around:
            for one in [*selectors.lists_of(place), *selectors.lists_above(place)]:
                shown.setdefault(one.pk, one)
        if not around:
            for one in selectors.lists_of(Territory.objects.nation()):
                shown.setdefault(one.pk, one)
        return list(shown.values())


@method_decorator(never_cache, name="dispatch")
class ThanksView(TemplateView):
    """Where every request leads. The message is sent again from here, within the limits of what an address is sent;
    the answer is the same whether one left or not."""

    template_name = "newsletters/thanks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.get_signed_cookie(ASKED, default=None, max_age=ASKED_SECONDS)
        again = self.request.GET.get("renvoi") == "1"
        return super().get_context_data(asked=bool(asked), again=again, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = request.get_signed_cookie(ASKED, default=None, max_age=ASKED_SECONDS)
        if asked and not ratelimit.too_many(request, "subscribe", ATTEMPTS_AN_HOUR):
            services.send_again(request_pk=asked)
        return redirect(f"{reverse('newsletters:thanks')}?renvoi=1")


class TokenView(View):
    """A screen behind a signed link: GET shows a button, POST acts (software that reads mail follows links)."""

    template: str

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:  # type: ignore[override]
        try:
            response = super().dispatch(request, token)
        except BadTokenError as error:
            response = render(request, "newsletters/bad_token.html", {"reason": str(error)}, status=410)
        # The address of the page is a secret.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response


@method_decorator(never_cache, name="dispatch")
class ConfirmView(TokenView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        asked = read_confirmation(token)
        context = {"asked": asked, "lists": asked.lists.current().select_related("territory")}
        return render(request, "newsletters/confirm.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        lists = services.confirm(token=token)
        return render(request, "newsletters/confirmed.html", {"lists": lists})


# The signature in the address is the authority, whoever holds it: no cookie is needed (RFC 8058, section 3.1).
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class UnsubscribeView(TokenView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "newsletters/unsubscribe.html", {"subscription": read_unsubscription(token)})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscription = read_unsubscription(token)
        services.unsubscribe(subscription=subscription)
        return render(request, "newsletters/unsubscribed.html", {"subscription": subscription})


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class LeaveView(TokenView):
    """Leaving by the link of one copy. The POST is also what mail software sends by itself (RFC 8058): it acts and
    answers 200, whoever asks and however often, without a cookie or a redirect."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        subscription = services.subscription_of(self.ref(token))
        return render(request, "newsletters/leave.html", {"subscription": subscription})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscription = services.leave(ref=self.ref(token))
        return render(request, "newsletters/left.html", {"subscription": subscription})

    @staticmethod
    def ref(token: str) -> copy_tokens.Ref:
        try:
            return copy_tokens.read(copy_tokens.Purpose.UNSUBSCRIBE, token)
        except copy_tokens.BadTokenError as error:
            raise BadTokenError("Ce lien de désabonnement n’est pas valide.") from error

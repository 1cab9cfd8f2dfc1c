"""The page of preferences and what it leads to. A GET changes nothing; none of it is ever cached."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from portal.accounts.data.redaction import addresses_of
from portal.core import ratelimit

from .. import consent_texts, services
from ..models import MailingList, Subscriber
from ..tokens import BadTokenError
from ..views import TokenView
from .forms import AskLinkForm, ChangeForm, PauseForm
from .holdings import in_words, record_of
from .rules import PersonRefused
from .selectors import lists_for
from .tokens import Holder, fresh_token, read_change, read_preferences, read_stay

ATTEMPTS_AN_HOUR = 20
ACTS_AN_HOUR = 60


@method_decorator(never_cache, name="dispatch")
class AskLinkView(View):
    """Ask for the link of one's preferences. The answer is the same for every address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, AskLinkForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AskLinkForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        if ratelimit.too_many(request, "preferences-link", ATTEMPTS_AN_HOUR):
            form.add_error(None, "Trop de demandes sont venues de votre connexion. Réessayez dans une heure.")
            return self.show(request, form, status=429)
        services.ask_link(address=form.cleaned_data["adresse"])
        return redirect("newsletters:preferences_sent")

    def show(self, request: HttpRequest, form: AskLinkForm, status: int = 200) -> HttpResponse:
        return render(request, "newsletters/people/ask.html", {"form": form}, status=status)


@method_decorator(never_cache, name="dispatch")
class SentView(TemplateView):
    template_name = "newsletters/people/sent.html"


@method_decorator([never_cache, login_required], name="dispatch")
class MineView(View):
    """From « Mon espace »: to the preferences of the person's proven addresses."""

    def get(self, request: HttpRequest) -> HttpResponse:
        from allauth.account.models import EmailAddress

        user: Any = request.user
        verified = set(
            EmailAddress.objects.filter(user=user, verified=True).order_by("pk").values_list("email", flat=True)
        )
        proven = [address for address in addresses_of(user) if address in {one.lower() for one in verified}]
        people = list(Subscriber.objects.filter(address__in=proven).order_by("address"))
        if len(people) == 1:
            return redirect("newsletters:preferences", token=fresh_token(people[0]))
        return render(request, "newsletters/people/mine.html", {"people": [(one, fresh_token(one)) for one in people]})


class HolderView(TokenView):
    """A screen behind a link of preferences: :attr:`holder` is who it is about. A trial's link says so."""

    #: Whether the screen asks for a link that was sent to the address lately.
    needs_proof = False
    holder: Holder
    token: str

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:  # type: ignore[override]
        self.token = token
        return super().dispatch(request, token)

    @property
    def person(self) -> Subscriber:
        assert self.holder.subscriber is not None
        return self.holder.subscriber

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """Read the link; what is answered instead of the screen, or None. Raises :class:`BadTokenError`."""
        self.holder = read_preferences(self.token)
        if self.holder.subscriber is None:
            return render(request, "newsletters/people/trial.html")
        if self.needs_proof and not self.holder.proven:
            raise BadTokenError("Pour cela, demandez d’abord un lien à votre adresse depuis vos préférences.")
        if request.method == "POST" and ratelimit.over_limit(str(self.person.uuid), "preferences", ACTS_AN_HOUR):
            raise BadTokenError("Trop de demandes en peu de temps. Réessayez dans une heure.")
        return None


@method_decorator(never_cache, name="dispatch")
class PreferencesView(HolderView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.answer(request) or self.show(request)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if answer := self.answer(request):
            return answer
        act = {
            "listes": self.choose,
            "pause": self.pause,
            "reprendre": self.resume,
            "mesure": self.track,
            "lien": self.send_link,
            "adresse": self.change,
        }.get(request.POST.get("action", ""))
        return act(request) if act else self.show(request, status=422)

    def choose(self, request: HttpRequest) -> HttpResponse:
        """The lists that were shown, ticked or not. One that is neither theirs nor public is not theirs to choose."""
        offered = {one.list.slug: one.list for one in lists_for(self.person)}
        shown = [offered[slug] for slug in dict.fromkeys(request.POST.getlist("montree")) if slug in offered]
        ticked = set(request.POST.getlist("liste"))
        if not ticked <= set(offered):
            return self.show(request, error="Une des lettres choisies n’existe pas ou n’est plus proposée.")
        try:
            choice = services.choose_lists(
                subscriber=self.person,
                shown=shown,
                wanted=[one for one in shown if one.slug in ticked],
                proven=self.holder.proven,
            )
        except PersonRefused as refused:
            return self.show(request, error=refused.message)
        told = []
        if choice.left:
            told.append(f"Vous ne recevrez plus : {_names(choice.left)}.")
        if choice.joined:
            told.append(f"Vous recevrez : {_names(choice.joined)}.")
        if choice.asked:
            told.append(
                f"Pour recevoir {_names(choice.asked)}, confirmez par le message que nous venons de vous envoyer."
            )
        return self.show(request, told=told or ["Vos lettres restent les mêmes."])

    def pause(self, request: HttpRequest) -> HttpResponse:
        form = PauseForm(request.POST)
        if not form.is_valid():
            return self.show(request, pause_form=form, status=422)
        try:
            services.pause(subscriber=self.person, until=form.cleaned_data["jusqu_au"])
        except PersonRefused as refused:
            form.add_error("jusqu_au", refused.message)
            return self.show(request, pause_form=form, status=422)
        day = date_format(form.cleaned_data["jusqu_au"], "j F Y")
        return self.show(request, told=[f"Vos lettres sont en pause. Elles reprendront le {day}."])

    def resume(self, request: HttpRequest) -> HttpResponse:
        services.pause(subscriber=self.person, until=None)
        return self.show(request, told=["La pause est finie : vous recevrez les prochaines lettres."])

    def track(self, request: HttpRequest) -> HttpResponse:
        on = bool(request.POST.get("mesure"))
        services.set_tracking(subscriber=self.person, on=on)
        told = "Vous acceptez la mesure. Merci." if on else "Nous ne mesurons ni vos ouvertures ni vos clics."
        return self.show(request, told=[told])

    def send_link(self, request: HttpRequest) -> HttpResponse:
        services.ask_link(address=self.person.address)
        return redirect("newsletters:preferences_sent")

    def change(self, request: HttpRequest) -> HttpResponse:
        form = ChangeForm(request.POST)
        if not self.holder.proven:
            return self.show(request, error="Demandez d’abord un lien à votre adresse, ci-dessous.")
        if form.is_valid():
            try:
                services.ask_change(subscriber=self.person, address=form.cleaned_data["nouvelle"])
            except PersonRefused as refused:
                form.add_error("nouvelle", refused.message)
            else:
                told = "Nous avons écrit à la nouvelle adresse. Ouvrez le message et confirmez : elle vaudra dès lors."
                return self.show(request, told=[told])
        return self.show(request, change_form=form, status=422)

    def show(
        self,
        request: HttpRequest,
        *,
        told: list[str] | None = None,
        error: str = "",
        pause_form: PauseForm | None = None,
        change_form: ChangeForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        self.person.refresh_from_db()
        today = timezone.localdate()
        paused = self.person.paused_until if (self.person.paused_until or today) > today else None
        context = {
            "person": self.person,
            "token": self.token,
            "proven": self.holder.proven,
            "offered": lists_for(self.person),
            "paused_until": paused,
            "pause_form": pause_form or PauseForm(),
            "change_form": change_form or ChangeForm(),
            "tracking_text": consent_texts.tracking_text(),
            "told": told or [],
            "error": error,
            "wrong": bool(error or pause_form or change_form),
        }
        return render(request, "newsletters/people/preferences.html", context, status=422 if error else status)


@method_decorator(never_cache, name="dispatch")
class DataView(HolderView):
    """Everything held, to read."""

    needs_proof = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if answer := self.answer(request):
            return answer
        lines = [(label.capitalize(), in_words(value)) for label, value in record_of(self.person).items()]
        return render(request, "newsletters/people/data.html", {"lines": lines, "token": token})


@method_decorator(never_cache, name="dispatch")
class DataFileView(HolderView):
    """The same for machines."""

    needs_proof = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if answer := self.answer(request):
            return answer
        content = {"date": timezone.now(), "lettres": record_of(self.person)}
        response = JsonResponse(
            content, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
        response["Content-Disposition"] = 'attachment; filename="mes-lettres.json"'
        return response


@method_decorator(never_cache, name="dispatch")
class EraseView(HolderView):
    needs_proof = True

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if answer := self.answer(request):
            return answer
        return render(request, "newsletters/people/erase.html", {"person": self.person, "token": token})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if answer := self.answer(request):
            return answer
        if not request.POST.get("confirme"):
            context = {"person": self.person, "token": token, "error": "Cochez la case pour confirmer."}
            return render(request, "newsletters/people/erase.html", context, status=422)
        services.erase(subscriber=self.person)
        return render(request, "newsletters/people/erased.html")


@method_decorator(never_cache, name="dispatch")
class ChangeAddressView(TokenView):
    """From the message to the new address."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "newsletters/people/change.html", {"change": read_change(token)})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person = services.confirm_change(token=token)
        context = {"person": person, "token": fresh_token(person)}
        return render(request, "newsletters/people/changed.html", context)


@method_decorator(never_cache, name="dispatch")
class StayView(TokenView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "newsletters/people/stay.html", {"person": read_stay(token)})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person = read_stay(token)
        services.stay(subscriber=person)
        return render(request, "newsletters/people/stayed.html", {"person": person})


def _names(lists: list[MailingList]) -> str:
    return ", ".join(f"« {one.name} »" for one in lists)

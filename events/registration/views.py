"""The public screens of registration. A GET changes nothing, none is ever cached, a link shows its own alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core import ratelimit

from ..enums import ACTIVE, Attending, EventMailKind, RegistrationKind, RegistrationState
from ..ical.itip import request_bytes
from ..models import Occurrence, Registration, Seating
from ..organising.certificates import has_certificate
from ..services import event_url
from . import rules, services
from .forms import DetailsForm, RegisterForm, ResendForm, answers_in_words
from .mailing import queue
from .rules import RegistrationRefused
from .selectors import place_in_line, registrations_of
from .services import AlreadyRegistered
from .tokens import BadLink, make_token, read_token

FROM_A_CONNECTION, TO_AN_ADDRESS = 40, 10
_DONE = {
    "confirmed": "Votre inscription est enregistrée",
    "pending": "Votre demande est envoyée",
    "waiting": "Vous êtes sur la liste d’attente",
}


def _public(uid: uuid.UUID) -> Occurrence:
    """The occurrence, if anyone may read its event and one registers to it here; 404 otherwise. One query."""
    found = (
        Occurrence.objects.live_public()
        .select_related("page__fact", "venue__commune", "seating")
        .filter(uid=uid, page__registration=RegistrationKind.INTERNAL)
        .first()
    )
    if found is None:
        raise Http404("Cette date n’existe pas, ou on ne s’y inscrit pas ici.")
    return found


def _seating(occurrence: Occurrence) -> Seating | None:
    return getattr(occurrence, "seating", None)


@method_decorator(never_cache, name="dispatch")
class RegisterView(View):
    """The form of one date. Whoever is registered already is answered as anybody, and written to again."""

    def get(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        occurrence = _public(uid)
        user = request.user
        initial: dict[str, Any] = {"attending": rules.ways(occurrence)[0]}
        if user.is_authenticated:
            initial |= {"name": user.get_full_name(), "email": user.email}
        return self._show(request, occurrence, self._form(occurrence, initial=initial))

    def post(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        occurrence = _public(uid)
        form = self._form(occurrence, request.POST)
        if form.is_robot:
            return redirect(self._done(occurrence, "confirmed"))
        if not form.is_valid():
            return self._show(request, occurrence, form, status=422)
        address = services.email_key(form.cleaned_data["email"])
        if ratelimit.too_many(request, "event-registration", FROM_A_CONNECTION) or ratelimit.over_limit(
            address, "event-registration-to", TO_AN_ADDRESS
        ):
            form.add_error(None, "Trop de demandes sont venues de votre connexion. Réessayez dans une heure.")
            return self._show(request, occurrence, form, status=429)
        # Seats of offers nobody took in time are given on before anybody is told that none is left.
        services.expire_offers(occurrence=occurrence)
        try:
            state = services.register(
                occurrence=occurrence,
                actor=request.user,
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                attending=form.way,
                organisation=form.cleaned_data["organisation"],
                needs=form.cleaned_data["needs"],
                answers=form.answers,
                form_key=form.cleaned_data["form_key"],
            ).state
        except AlreadyRegistered as already:
            if already.same_form:
                became = already.registration.state
                return redirect(self._done(occurrence, "waiting" if became == RegistrationState.OFFERED else became))
            send_link_again(already.registration)
            if already.refusal is not None:
                form.refuse(already.refusal)
                return self._show(request, _public(uid), form, status=409)
            state = str(already.state)
        except RegistrationRefused as refusal:
            form.refuse(refusal)
            return self._show(request, _public(uid), form, status=409)
        return redirect(self._done(occurrence, state))

    @staticmethod
    def _form(occurrence: Occurrence, *args: Any, **kwargs: Any) -> RegisterForm:
        return RegisterForm(*args, occurrence=occurrence, questions=occurrence.page.questions.all(), **kwargs)

    @staticmethod
    def _done(occurrence: Occurrence, state: str) -> str:
        return f"{reverse('registration-done', args=[occurrence.uid])}?etat={state}"

    @staticmethod
    def _show(request: HttpRequest, occurrence: Occurrence, form: RegisterForm, status: int = 200) -> HttpResponse:
        page = occurrence.page
        context = {
            "occurrence": occurrence,
            "page_url": page.get_url(request),
            "availability": rules.availability(page, occurrence, _seating(occurrence)),
            "left": _left(occurrence),
            "form": form,
            "retention_days": page.retention_days,
            "organiser": page.organiser_text,
            "opens_at": page.registration_opens_at,
        }
        return render(request, "events/registration/register.html", context, status=status)


def _left(occurrence: Occurrence) -> list[tuple[str, int]]:
    """Seats left by way of taking part, where they are counted: (« Sur place », 3)."""
    seats = ((way, rules.free(occurrence, _seating(occurrence), way)) for way in rules.ways(occurrence))
    return [(str(Attending(way).label), number) for way, number in seats if number is not None]


def send_link_again(registration: Registration) -> None:
    """Write the state of a registration, with its link, to its address once more; at most once an hour."""
    kinds = {
        RegistrationState.CONFIRMED: EventMailKind.CONFIRMED,
        RegistrationState.PENDING: EventMailKind.PENDING,
        RegistrationState.WAITING: EventMailKind.WAITING,
        RegistrationState.OFFERED: EventMailKind.OFFER,
    }
    kind = kinds.get(RegistrationState(registration.state))
    if kind is not None:
        queue(registration, kind, moment=f"again:{timezone.now():%Y%m%d%H}")


@never_cache
@require_safe
def done(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What follows the form, the same for everybody."""
    occurrence = _public(uid)
    state = request.GET.get("etat", "")
    state = state if state in _DONE else "confirmed"
    context = {
        "occurrence": occurrence,
        "page_url": occurrence.page.get_url(request),
        "state": state,
        "heading": _DONE[state],
    }
    return render(request, "events/registration/done.html", context)


@method_decorator(never_cache, name="dispatch")
class ManageView(View):
    """The page of one's own registration, behind its signed link: GET shows, POST acts."""

    def dispatch(self, request: HttpRequest, token: str) -> Any:  # type: ignore[override]
        try:
            self.registration = read_token(token)
        except BadLink as bad:
            return _bad_link(request, bad)
        self.token = token
        return super().dispatch(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, self._form(initial=DetailsForm.initial_of(self.registration)))

    def post(self, request: HttpRequest) -> HttpResponse:
        acts = {"changer": self._change, "annuler": self._withdraw, "accepter": self._accept, "laisser": self._withdraw}
        act = acts.get(request.POST.get("action", ""))
        if act is None:
            return self._show(request, self._form(initial=DetailsForm.initial_of(self.registration)), status=400)
        return act(request)

    def _change(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        try:
            services.change(
                registration=self.registration,
                actor=request.user,
                name=form.cleaned_data["name"],
                organisation=form.cleaned_data["organisation"],
                needs=form.cleaned_data["needs"],
                answers=form.answers,
                attending=form.cleaned_data.get("attending", ""),
            )
        except RegistrationRefused as refusal:
            form.refuse(refusal)
            return self._show(request, form, status=409)
        return self._again("modifiee")

    def _withdraw(self, request: HttpRequest) -> HttpResponse:
        return self._do(request, lambda: services.withdraw(registration=self.registration, actor=request.user))

    def _accept(self, request: HttpRequest) -> HttpResponse:
        services.expire_offers(occurrence=self.registration.occurrence)
        return self._do(request, lambda: services.accept_offer(registration=self.registration, actor=request.user))

    def _do(self, request: HttpRequest, act: Any) -> HttpResponse:
        try:
            act()
        except RegistrationRefused as refusal:
            self.registration.refresh_from_db()
            form = self._form(initial=DetailsForm.initial_of(self.registration))
            return self._show(request, form, status=409, problem=refusal.message)
        return self._again("faite")

    def _again(self, said: str) -> HttpResponse:
        return redirect(f"{reverse('registration-manage', args=[self.token])}?{said}")

    def _form(self, *args: Any, **kwargs: Any) -> DetailsForm:
        occurrence = self.registration.occurrence
        return DetailsForm(*args, occurrence=occurrence, questions=occurrence.page.questions.all(), **kwargs)

    def _show(self, request: HttpRequest, form: DetailsForm, status: int = 200, problem: str = "") -> HttpResponse:
        found = self.registration
        occurrence = found.occurrence
        now = timezone.now()
        stands = rules.opening(occurrence.page, occurrence, now)
        confirmed = found.state == RegistrationState.CONFIRMED
        offered = found.state == RegistrationState.OFFERED
        context = {
            "registration": found,
            "occurrence": occurrence,
            "state_label": found.get_state_display(),
            "begun": occurrence.starts_at <= now,
            "called_off": stands == rules.Opening.CALLED_OFF,
            "active": found.state in ACTIVE and occurrence.starts_at > now,
            "confirmed": confirmed,
            "offered": offered
            and stands not in (rules.Opening.PAST, rules.Opening.CALLED_OFF)
            and bool(found.offer_expires_at and found.offer_expires_at > now),
            "place": place_in_line(found),
            "join_url": occurrence.join_url
            if confirmed and found.attending == Attending.ONLINE and stands != rules.Opening.CALLED_OFF
            else "",
            "page_url": event_url(occurrence.page) if occurrence.page.live else "",
            "file_url": reverse("registration-file", args=[self.token]),
            "certificate_url": reverse("own-certificate", args=[self.token]) if has_certificate(found) else "",
            "answers": answers_in_words(found, form.questions),
            "form": form,
            "problem": problem,
            "changed": "modifiee" in request.GET,
            "needs_contact": occurrence.page.needs_contact,
        }
        return render(request, "events/registration/manage.html", context, status=status)


def _bad_link(request: HttpRequest, bad: BadLink) -> HttpResponse:
    """404 for a link not made here, 410 for one that leads to nothing any more; both offer another."""
    context = {"old": bad.old, "form": ResendForm()}
    return render(request, "events/registration/bad_link.html", context, status=410 if bad.old else 404)


@never_cache
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The date as a file for the calendar of who is registered."""
    try:
        registration = read_token(token)
    except BadLink as bad:
        return _bad_link(request, bad)
    if registration.state not in ACTIVE:
        raise Http404("Cette inscription n’est plus en cours.")
    response = HttpResponse(request_bytes(registration), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response


@method_decorator(never_cache, name="dispatch")
class ResendView(View):
    """Ask for one's links again. The answer is the same whatever the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "events/registration/resend.html", {"form": ResendForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResendForm(request.POST)
        if not form.is_valid():
            return render(request, "events/registration/resend.html", {"form": form}, status=422)
        if ratelimit.too_many(request, "event-links", FROM_A_CONNECTION):
            form.add_error(None, "Trop de demandes sont venues de votre connexion. Réessayez dans une heure.")
            return render(request, "events/registration/resend.html", {"form": form}, status=429)
        coming = Registration.objects.active().filter(
            email_key=services.email_key(form.cleaned_data["email"]), occurrence__ends_at__gt=timezone.now()
        )
        for registration in coming.order_by("pk")[:20]:
            send_link_again(registration)
        return render(request, "events/registration/resend.html", {"form": None})


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes inscriptions »: those of a signed-in person, to come and past."""
    now = timezone.now()
    found = [(each, make_token(each)) for each in registrations_of(request.user)]
    context = {
        "coming": [(each, token) for each, token in found if each.occurrence.past_from > now],
        "gone": [(each, token) for each, token in reversed(found) if each.occurrence.past_from <= now],
    }
    return render(request, "events/registration/mine.html", context)

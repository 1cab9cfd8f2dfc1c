"""« Nouvelle lettre », « Proposer des contenus », « Vérifications », « M’envoyer un essai » in Wagtail's admin.

For those who write letters; a letter of another territory is 404. What is read is the latest draft.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.accounts.abilities import get_abilities, person_of
from portal.accounts.guards import needs
from portal.accounts.models import User
from portal.accounts.rules import Ability
from portal.core import ratelimit
from portal.territories.models import Space

from ..access import may_compose
from ..models import NewsletterPage
from ..rules import CampaignRefused
from ..sending.transports import Result
from ..sending.trial import send_trial
from ..services.letters import LetterError, add_to_letter, draft_letter, may_write, pages_inside
from . import link_check, previews
from .forms import ChosenPages, CriteriaForm, NewLetterForm, TrialForm
from .report import Report, report_of
from .selection import propose
from .team import team_of

TRIALS_AN_HOUR = 20
LINK_CHECKS_AN_HOUR = 10


def written_spaces(user: User) -> QuerySet[Space]:
    """The open spaces whose letters ``user`` may write, by name."""
    territories = get_abilities(user).territories(Ability.COMPOSE_LETTER)
    spaces = Space.objects.filter(closed_at=None, territory__in=territories)
    return spaces.select_related("territory").order_by("territory__name", "pk")


def own_letter(request: HttpRequest, letter_id: int, *, to_write: bool) -> NewsletterPage:
    """The letter, for who may write it (or, without ``to_write``, send it); else 404."""
    letter: NewsletterPage | None = NewsletterPage.objects.filter(pk=letter_id).first()
    if letter is None or letter.space is None:
        raise Http404
    user = person_of(request)
    if to_write:
        allowed = may_write(user, letter.space) and letter.permissions_for_user(user).can_edit()
    else:
        allowed = may_compose(user, letter.space.territory)
    if not allowed:
        raise Http404
    return letter


def _needs_letters(view: Any) -> Any:
    """403 for who neither writes nor sends letters anywhere."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        abilities = get_abilities(request.user)
        if not (abilities.anywhere(Ability.COMPOSE_LETTER) or abilities.anywhere(Ability.SEND_LETTER)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@never_cache
@needs(Ability.COMPOSE_LETTER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Criteria in the address; what they find, to keep and order; a draft made of it on POST."""
    user = person_of(request)
    form = CriteriaForm(request.GET, written_spaces(user))
    context: dict[str, Any] = {"form": form, "page_title": "Nouvelle lettre", "header_icon": "mail"}
    if not form.is_valid():
        return render(request, "newsletters/letters/new.html", context, status=422 if request.method == "POST" else 200)
    data = request.POST if request.method == "POST" else None
    chosen = ChosenPages(propose(form.criteria), data)
    words = NewLetterForm(form.space, data)
    if data is not None and words.is_valid() and not chosen.errors:
        asked = words.cleaned_data
        try:
            letter = draft_letter(
                space=form.space,
                actor=user,
                title=asked["titre"],
                subject=asked["objet"],
                preheader=asked["apercu"],
                introduction=asked["introduction"],
                mailing_list=asked["liste"],
                criteria=form.criteria,
                chosen=chosen.ordered,
            )
        except LetterError as error:
            words.add_error(None, str(error))
        else:
            messages.success(request, f"Le brouillon « {letter.title} » est prêt : relisez-le et complétez-le.")
            return redirect("wagtailadmin_pages:edit", letter.pk)
    context |= {"words": words, "chosen": chosen, "submit": "Préparer le brouillon"}
    status = 422 if data is not None else 200
    return render(request, "newsletters/letters/new.html", context, status=status)


@never_cache
@needs(Ability.COMPOSE_LETTER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, letter_id: int) -> HttpResponse:
    """The same for a draft that exists: what is in it already is not proposed."""
    letter = own_letter(request, letter_id, to_write=True)
    assert letter.space is not None
    user = person_of(request)
    form = CriteriaForm(request.GET, written_spaces(user), fixed=letter.space)
    context: dict[str, Any] = {
        "form": form,
        "letter": letter,
        "page_title": "Proposer des contenus",
        "header_icon": "mail",
    }
    if not form.is_valid():
        return render(request, "newsletters/letters/new.html", context, status=422 if request.method == "POST" else 200)
    data = request.POST if request.method == "POST" else None
    inside = pages_inside(letter.get_latest_revision_as_object())
    chosen = ChosenPages(propose(form.criteria, leave_out=inside), data)
    if data is not None and not chosen.errors:
        if not chosen.ordered:
            chosen.errors.append("Cochez au moins une page.")
        else:
            try:
                add_to_letter(letter=letter, actor=user, criteria=form.criteria, chosen=chosen.ordered)
            except LetterError as error:
                chosen.errors.append(str(error))
            else:
                count = len(chosen.ordered)
                done = "Une page est ajoutée" if count == 1 else f"{count} pages sont ajoutées"
                messages.success(request, f"{done} au brouillon.")
                return redirect("wagtailadmin_pages:edit", letter.pk)
    context |= {"chosen": chosen, "submit": "Ajouter au brouillon"}
    return render(request, "newsletters/letters/new.html", context, status=422 if data is not None else 200)


@never_cache
@_needs_letters
@require_http_methods(["GET", "HEAD"])
def checks(request: HttpRequest, letter_id: int) -> HttpResponse:
    """What is wrong with the latest draft, its weight, and how it looks in each mode."""
    letter = own_letter(request, letter_id, to_write=False)
    return _show_checks(request, letter, report_of(letter))


def _show_checks(
    request: HttpRequest, letter: NewsletterPage, report: Report, links: dict[str, Any] | None = None
) -> HttpResponse:
    context = {
        "letter": letter,
        "report": report,
        "links": links,
        "modes": previews.MODES[:-1],
        "may_edit": letter.permissions_for_user(person_of(request)).can_edit(),
        "page_title": "Vérifications",
        "header_icon": "mail",
    }
    return render(request, "newsletters/letters/checks.html", context)


@never_cache
@_needs_letters
@require_http_methods(["POST"])
def links(request: HttpRequest, letter_id: int) -> HttpResponse:
    """The checks again, with which addresses of other sites answer. A POST, because it asks them."""
    letter = own_letter(request, letter_id, to_write=False)
    report = report_of(letter)
    asked = link_check.external(report.rendered.links)
    context = {"asked": len(asked), "dead": [], "too_often": False}
    if asked and ratelimit.over_limit(str(person_of(request).pk), "letter-links", LINK_CHECKS_AN_HOUR):
        context["too_often"] = True
    else:
        context["dead"] = link_check.silent(asked)
    return _show_checks(request, letter, report, links=context)


@never_cache
@_needs_letters
@require_http_methods(["GET", "HEAD"])
def look(request: HttpRequest, letter_id: int, mode: str) -> HttpResponse:
    """The latest draft as a mailbox shows it: for those who send it without editing it."""
    letter = own_letter(request, letter_id, to_write=False)
    if mode not in dict(previews.MODES[:-1]):
        raise Http404
    return previews.preview(letter.get_latest_revision_as_object(), request, mode)


@never_cache
@_needs_letters
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, letter_id: int) -> HttpResponse:
    """A copy of the latest draft to oneself and some of the team, with example values and « [TEST] »."""
    letter = own_letter(request, letter_id, to_write=False)
    assert letter.space is not None
    user = person_of(request)
    team = team_of(letter.space.territory, user)
    form = TrialForm(user, team, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if ratelimit.over_limit(str(user.pk), "letter-trial", TRIALS_AN_HOUR):
                form.add_error(None, "Vous avez envoyé beaucoup d’essais depuis une heure. Réessayez plus tard.")
                status = 429
            else:
                try:
                    outcomes = send_trial(
                        letter=letter.get_latest_revision_as_object(), addresses=form.addresses, actor=user
                    )
                except (CampaignRefused, ValidationError) as error:
                    form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
                else:
                    failed = [each for each in outcomes if each.result != Result.ACCEPTED]
                    if not failed:
                        to = ", ".join(form.addresses)
                        messages.success(request, f"L’essai est parti à {to}. Son objet commence par [TEST].")
                        return redirect("letter_checks", letter.pk)
                    form.add_error(None, f"{len(failed)} copie(s) sur {len(outcomes)} n’ont pas été acceptées.")
    context = {
        "letter": letter,
        "form": form,
        "report": report_of(letter),
        "page_title": "M’envoyer un essai",
        "header_icon": "mail",
    }
    return render(request, "newsletters/letters/trial.html", context, status=status)

"""« Proposer une correction » : open to every reader of a published page. Never cached; a GET changes nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import User
from portal.core.models import PageFact
from portal.core.ratelimit import too_many

from ..reports.selectors import reportable
from .corrections import CORRECTABLE, CorrectionForm
from .services import ProposalError, propose_correction

CORRECTIONS_AN_HOUR = 10


def _fact(page_id: int) -> PageFact:
    """The fact of a page that anyone may read and correct; 404 for any other."""
    fact = reportable(page_id) if page_id < 2**63 else None
    if fact is None or fact.kind not in CORRECTABLE:
        raise Http404
    return fact


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page's parts in a form, with what they say today."""
    fact = _fact(page_id)
    person = request.user if isinstance(request.user, User) else None
    if person is None and request.user.is_authenticated:
        person = User.objects.get(pk=request.user.pk)
    page = fact.page.specific
    form = CorrectionForm(request.POST or None, page=page, anonymous=person is None)
    status = 200
    if request.method == "POST":
        if form.is_robot:
            return redirect("contribution:corrected", page_id)
        status = 422
        if form.is_valid():
            if too_many(request, "correction", CORRECTIONS_AN_HOUR):
                form.add_error(None, "Trop de corrections sont venues de votre connexion. Réessayez dans une heure.")
                status = 429
            else:
                given = form.cleaned_data
                try:
                    propose_correction(
                        fact=fact,
                        changes=form.changed_parts(),
                        remark=given["remarque"].strip(),
                        actor=person,
                        name=given.get("nom") or "",
                        email=given.get("adresse") or "",
                    )
                except ProposalError as error:
                    form.add_error(None, str(error))
                else:
                    return redirect("contribution:corrected", page_id)
    context = {"form": form, "corrected": page, "address": page.get_url(request)}
    return render(request, "contribution/correct.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest, page_id: int) -> HttpResponse:
    """After a correction, whatever became of it."""
    fact = _fact(page_id)
    context = {"corrected": fact.page, "address": fact.page.get_url(request)}
    return render(request, "contribution/corrected.html", context)

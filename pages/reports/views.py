"""« Signaler cette page ». Never cached; a GET changes nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.models import PageFact
from portal.core.ratelimit import client_address, too_many

from .forms import ReportForm, stamp
from .selectors import reportable
from .services import ReportError, report_page, visitor_key

REPORTS_AN_HOUR = 10


def _fact(page_id: int) -> PageFact:
    fact = reportable(page_id) if page_id < 2**63 else None
    if fact is None:
        raise Http404
    return fact


@method_decorator(never_cache, name="dispatch")
class ReportView(View):
    """The form; 404 for a page that not everybody may read."""

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.show(request, _fact(page_id), ReportForm())

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        fact = _fact(page_id)
        form = ReportForm(request.POST)
        if form.is_robot:
            return redirect("report-thanks", page_id)
        if not form.is_valid():
            return self.show(request, fact, form, status=422)
        if too_many(request, "report", REPORTS_AN_HOUR):
            form.add_error(None, "Trop de signalements sont venus de votre connexion. Réessayez dans une heure.")
            return self.show(request, fact, form, status=429)
        given = form.cleaned_data
        who = f"user:{request.user.pk}" if request.user.is_authenticated else client_address(request)
        try:
            report_page(
                fact=fact,
                reason=given["motif"],
                text=given["precisions"],
                email=given["adresse"],
                visitor=visitor_key(fact.pk, who),
            )
        except ReportError as error:
            form.add_error(None, str(error))
            return self.show(request, fact, form, status=503)
        return redirect("report-thanks", page_id)

    @staticmethod
    def show(request: HttpRequest, fact: PageFact, form: ReportForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "reported": fact.page, "address": fact.page.get_url(request), "stamp": stamp()}
        return render(request, "reports/report.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest, page_id: int) -> HttpResponse:
    """After a report, whatever became of it."""
    fact = _fact(page_id)
    return render(request, "reports/thanks.html", {"reported": fact.page, "address": fact.page.get_url(request)})

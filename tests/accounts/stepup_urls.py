"""The portal, and one sensitive screen."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.accounts.stepup import step_up_required
from portal.urls import urlpatterns as portal_urlpatterns


@step_up_required
def export(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.GET.get('q', '')} {request.POST.get('reason', '')}")


urlpatterns = [path("export-de-test/", export), *portal_urlpatterns]

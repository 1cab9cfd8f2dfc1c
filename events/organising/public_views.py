"""Certificates, outside of the admin: one's own, and the check of a reference."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core import ratelimit

from ..registration.tokens import BadLink, read_token
from .certificates import file_of, has_certificate, read_code

CHECKS_AN_HOUR = 60


@never_cache
@require_safe
def own_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF, behind the signed link of the registration."""
    try:
        registration = read_token(token)
    except BadLink as bad:
        raise Http404("Ce lien ne mène à rien.") from bad
    if not has_certificate(registration):
        raise Http404("Il n’y a pas d’attestation pour cette inscription.")
    headers = {"Content-Disposition": 'attachment; filename="attestation.pdf"'}
    return HttpResponse(file_of(registration), content_type="application/pdf", headers=headers)


@never_cache
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a reference is that of a certificate: says the event and initials, nothing more."""
    if ratelimit.too_many(request, "certificate-check", CHECKS_AN_HOUR):
        return render(request, "429.html", status=429)
    found = read_code(code)
    context = {"found": found, "initials": initials(found.name) if found else "", "code": code[:80]}
    return render(request, "events/organising/certificate.html", context, status=200 if found else 404)


def initials(name: str) -> str:
    """« C. E. » of « Camille Exemple »."""
    return " ".join(f"{part[0].upper()}." for part in name.split() if part)

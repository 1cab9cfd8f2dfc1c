"""Headers that every answer has: the admin's content policy, and what browsers may not be asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_CSP = "Content-Security-Policy"


class SecurityHeadersMiddleware:
    """Adds ``Permissions-Policy``, and to the admin its policy; the public site's comes from django-csp."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.permissions = ", ".join(
            f"{feature}=({' '.join(origins)})" for feature, origins in sorted(settings.PERMISSIONS_POLICY.items())
        )
        self.admin_policy = "; ".join(
            f"{directive} {' '.join(sources)}" for directive, sources in settings.ADMIN_CONTENT_SECURITY_POLICY.items()
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.permissions)
        if request.path_info.startswith("/admin/"):
            response.setdefault(_CSP, self.admin_policy)
        return response

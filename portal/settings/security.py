"""What browsers are told to refuse. Nothing inline on the public site; the admin has its own, looser policy."""

from .accounts import PROCONNECT_ISSUER
from .environment import env

# Browsers hold « form-action » against the redirect that follows a form: signing in and out lead to ProConnect.
_FORM_TARGETS = ["'self'", *(["/".join(PROCONNECT_ISSUER.split("/")[:3])] if PROCONNECT_ISSUER else [])]
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": _FORM_TARGETS,
        "frame-ancestors": ["'self'"],
    },
}
# The sites whose pages may show an agenda in a frame (docs/calendars.md): that page is public and has no session.
EMBED_FRAME_ANCESTORS: list[str] = env.list("EMBED_FRAME_ANCESTORS", default=["*"])
# Wagtail's admin writes scripts and styles inside its pages; nothing else is looser there, no other host allowed.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": _FORM_TARGETS,
    "frame-ancestors": ["'self'"],
}
# What no page of the portal asks a browser for (https://www.w3.org/TR/permissions-policy/).
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "microphone": [],
    "geolocation": [],
    "payment": [],
    "usb": [],
    "midi": [],
    "browsing-topics": [],
    "display-capture": [],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Wagtail shows its previews in a frame of the same origin.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.core.errors.csrf_failure"

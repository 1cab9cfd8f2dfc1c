"""Addresses of the portal. Wagtail's pages take what nothing else claims."""

from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.views.account import LogoutView
from wagtail.documents import urls as wagtaildocs_urls

from portal.accounts.views import admin_login, page_login
from portal.core import health, mailbox, media

urlpatterns = [
    path("sante/", health.health, name="health"),
    path("admin/login/", admin_login, name="admin_login"),
    # Wagtail's own sign-in for private pages would be a second door, without a limit on attempts.
    path("_util/login/", page_login, name="page_login"),
    # Wagtail's takes the cookie away before it refuses a GET: an image on another site would sign editors out.
    path("admin/logout/", require_POST(LogoutView.as_view()), name="admin_logout"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/images/<path:name>", media.rendition, name="rendition"),
    path("compte/", include("portal.accounts.urls")),
    path("annuaire/", include("portal.accounts.directory.urls")),
    path("compte/mes-donnees/", include("portal.accounts.data.urls")),
    path("fichiers/", include("portal.files.urls")),
    path("", include("portal.dashboard.urls")),
    path("dossiers/", include("dossiers.urls")),
    path("chiffres/", include("dossiers.figures.public_urls")),
    path("instruction/cles/", include("dossiers.api.screen_urls")),
    path("instruction/", include("dossiers.instruction.urls")),
    path("api/dossiers/v1/", include("dossiers.api.urls")),
    path("lettres/", include("newsletters.urls")),
    path("", include("newsletters.tracking_urls")),
    path("courrier-prestataire/", include("newsletters.bounces.urls")),
    path("compte/", include("portal.accounts.sign_in_urls")),
    path("compte/", include("allauth.account.urls")),
    path("", include("portal.notifications.urls")),
    path("contribuer/", include("pages.contribution.urls")),
    path("", include("events.organising.urls")),
    path("inscriptions/", include("events.registration.urls")),
    path("recherche/", include("portal.search.urls")),
    path("territoires/", include("portal.territories.urls")),
]
if settings.DEBUG:
    urlpatterns += [
        path("courrier/", mailbox.mailbox, name="mailbox"),
        path("courrier/<str:name>/", mailbox.letter, name="letter"),
        path("courrier/<str:name>/html/", mailbox.letter_html, name="letter-html"),
    ]
urlpatterns += [path("", include("pages.urls")), path("", include("events.urls")), path("", include(wagtail_urls))]

handler400 = "portal.core.errors.bad_request"

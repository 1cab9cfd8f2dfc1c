"""The addresses as they are with DEBUG."""

from django.urls import path

from portal.core import mailbox
from portal.urls import urlpatterns as portal_urls

urlpatterns = [
    path("courrier/", mailbox.mailbox, name="mailbox"),
    path("courrier/<str:name>/", mailbox.letter, name="letter"),
    path("courrier/<str:name>/html/", mailbox.letter_html, name="letter-html"),
    *portal_urls,
]

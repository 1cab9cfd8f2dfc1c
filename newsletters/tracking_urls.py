"""Short addresses: they stand in each mail, for each link."""

from django.urls import path

from . import tracking

urlpatterns = [
    path("l/<str:link>/<str:token>/", tracking.follow, name="letter-link"),
    path("o/<str:token>.gif", tracking.opened, name="letter-opened"),
]

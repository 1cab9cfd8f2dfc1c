"""Addresses beneath ``/dossiers/``, by part."""

from __future__ import annotations

from .deposit.urls import urlpatterns as deposit
from .exchange.urls import urlpatterns as exchange
from .outputs.urls import urlpatterns as outputs
from .pieces.urls import urlpatterns as pieces
from .retention.urls import organisation as retention
from .sharing.urls import urlpatterns as sharing
from .territory.urls import urlpatterns as territory

app_name = "dossiers"
urlpatterns = [*deposit, *pieces, *exchange, *outputs, *territory, *sharing, *retention]

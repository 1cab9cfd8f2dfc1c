"""What this part declares when the app is ready."""

from __future__ import annotations

from portal.core.highlights import register_space_panel
from portal.core.page_permissions import register_publication_guard

from ..fields.places import register_clash_finder
from ..journal import register_listener
from ..services.publication import follow
from . import picking, receivers


def connect() -> None:
    register_clash_finder(picking.taken)
    register_listener(follow)
    register_publication_guard(receivers.holds_back)
    register_space_panel(
        kind="dossiers",
        title="Gouvernance et feuilles de route",
        loader="dossiers.territory.publishing.space_items",
        template="dossiers/territory/_space_panel.html",
        pictogram="map",
    )

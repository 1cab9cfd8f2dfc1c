"""Something of every kind in the database, and the arguments that lead each address of the portal to it."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from portal.territories.models import Space


def public_values(space: Space) -> dict[str, Any]:
    """Values for the parameters of the public addresses (see :meth:`tests.surfaces.Address.fill`)."""
    return {
        "": [1],
        "kind": ["news", "x"],
        "number": [1],
        "key": ["departement-40", "x", "departement-%00"],
        "token": ["x"],
        "uidb36": ["1"],
        "name": ["x.webp"],
        "path": [Page.objects.get(pk=space.page_id).url_path.split("/", 2)[2]],
        "restriction_id": [1],
        "page_view_restriction_id": [1],
        "page_id": [space.page_id],
    }

"""Something of every kind in the database, and the arguments that lead each address of the portal to it.

What is planted, and the values of the parameters, are in ``tests/security/planting/``, a module an app. An address
whose parameters are not known there fails the walks: whoever adds one says where it leads.
"""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.models import EmailAddress
from wagtail.models import Page

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.territories.models import Space
from tests.factories import make_member

from .planting.accounts import plant_accounts
from .planting.administration import plant_administration
from .planting.dossiers import dossiers_world
from .planting.events import plant_events
from .planting.newsletters import plant_letters
from .planting.pages import plant_pages
from .walk import World


def public_values(space: Space) -> dict[str, Any]:
    """Values for the parameters of the public addresses (see :meth:`tests.surfaces.Address.fill`)."""
    return {
        "": [1],
        "kind": ["news", "x"],
        "number": [1],
        "key": ["departement-40", "x", "departement-%00"],
        "token": ["x"],
        "notice": [uuid.UUID(int=1)],
        "uidb36": ["1"],
        "uid": [uuid.UUID(int=1)],
        "code": ["x"],
        "name": ["x.webp"],
        "path": [Page.objects.get(pk=space.page_id).url_path.split("/", 2)[2]],
        "restriction_id": [1],
        "page_view_restriction_id": [1],
        "page_id": [space.page_id],
        "file_id": ["00000000-0000-0000-0000-000000000000"],
        "proposal_id": [uuid.UUID(int=1)],
        "slug": ["actualite", "x"],
        "link": ["1", "x"],
        "letter_id": [1],
        "provider": ["brevo"],
        **{
            name: [uuid.UUID(int=1)]
            for name in ("dossier_id", "message_id", "opinion_id", "item_id", "batch_id", "token_id", "webhook_id")
        },
        **{name: [1] for name in ("label_id", "view_id", "absence_id")},
    }


def build_world(space: Space) -> World:
    """One object of every kind that an address names, in ``space``; a second world shares what has no territory."""
    code = space.territory.code
    author = make_member(Role.EDITOR, space.territory, email=f"autrice{code}@exemple.fr")
    # As sign-up leaves it. Where it is missing allauth adds it, at the first look at a link of a forgotten password.
    EmailAddress.objects.create(user=author, email=author.email, verified=True, primary=True)
    organisation = Organisation.objects.create(name="Une association", kind="association", territory=space.territory)
    pages = plant_pages(space, author)
    return (
        pages
        + plant_events(space, author)
        + plant_letters(space, author, pages.values["image_id"])
        + plant_administration(space)
        + plant_accounts(space, author, organisation)
        + dossiers_world(space.territory, organisation)
    )

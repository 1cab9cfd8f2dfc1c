"""Small makers of test data. One function an object; only what a test does not care about has a default."""

from __future__ import annotations

import itertools
from typing import Any, TypeVar

from wagtail.models import Page

from pages.models import InitiativePage, NewsPage
from portal.accounts.models import Membership, User
from portal.territories.models import Space, Territory

_numbers = itertools.count(1)
PASSWORD = "une phrase de passe"
P = TypeVar("P", bound=Page)


def make_user(**fields: Any) -> User:
    fields.setdefault("email", f"personne{next(_numbers)}@exemple.fr")
    return User.objects.create_user(password=PASSWORD, **fields)


def make_member(role: str, territory: Territory, **fields: Any) -> User:
    """A person holding ``role`` on ``territory``."""
    user = make_user(**fields)
    Membership.objects.create(user=user, role=role, territory=territory)
    return user


def section(space: Space, slug: str) -> Page:
    """The section page of ``space`` with that slug ("actualites", "agenda"…)."""
    return Page.objects.child_of(space.page).get(slug=slug).specific


def add_page(parent: Page, page: P) -> P:
    parent.refresh_from_db()
    parent.add_child(instance=page)
    return page


def make_news(space: Space, **fields: Any) -> NewsPage:
    number = next(_numbers)
    fields = {"title": f"Actualité {number}", "slug": f"actualite-{number}", "lead": "Un chapô."} | fields
    return add_page(section(space, "actualites"), NewsPage(**fields))


def make_initiative(space: Space, **fields: Any) -> InitiativePage:
    number = next(_numbers)
    fields = {"title": f"Initiative {number}", "slug": f"initiative-{number}", "lead": "Un chapô."} | fields
    return add_page(section(space, "initiatives"), InitiativePage(**fields))

"""The people of the permission matrix, and what they meet: something of every kind in two territories."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.test import Client

from pages.services import open_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.rules import ORGANISATION_ROLES
from portal.territories.models import Space, Territory
from tests.conftest import open_landes
from tests.factories import make_member, make_user
from tests.replay import Replay

from .matrix import ANONYMOUS, PERSON, SUPERUSER, WHO
from .mine import plant_mine
from .walk import World
from .world import build_world


@dataclass
class Scene:
    """Everybody holds their role on the Landes; ``own`` lies there, ``other`` in Lot-et-Garonne."""

    people: dict[str, User | None] = field(default_factory=dict)
    own: World | None = None
    other: World | None = None
    #: What belongs to each person: values for the parameters of the addresses whose rule asks for it.
    mine: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self) -> None:
        open_landes()
        landes, elsewhere = (Territory.objects.get(level="departement", code=code) for code in ("40", "47"))
        self.own = build_world(Space.objects.get(territory=landes))
        self.other = build_world(open_territory_space(territory=elsewhere))
        self.people = {who: self.make(who, landes) for who in WHO}
        self.mine = {who: plant_mine(user, self.own) for who, user in self.people.items() if user}

    def make(self, who: str, landes: Territory) -> User | None:
        assert self.own is not None
        if who == ANONYMOUS:
            return None
        if who == PERSON:
            return make_user(email="personne@exemple.fr")
        if who == SUPERUSER:
            return make_user(email="root@exemple.fr", is_superuser=True)
        if who in ORGANISATION_ROLES:
            user = make_user(email=f"{who}@exemple.fr")
            Membership.objects.create(user=user, role=who, organisation=self.own.objects[Organisation])
            return user
        where = Territory.objects.nation() if who == Role.ADMIN_NATIONAL else landes
        return make_member(who, where, email=f"{who}@exemple.fr")

    def world(self, where: str, who: str) -> World:
        """The world that ``who`` meets there: "own", "other" or "mine"."""
        assert self.own is not None
        assert self.other is not None
        if where == "mine":
            mine = self.mine.get(who, {})
            return replace(self.own, values=self.own.values | mine, routes=[*self.own.routes, ("", mine)])
        return self.other if where == "other" else self.own

    def client(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        if user := self.people[who]:
            client.force_login(User.objects.get(pk=user.pk))
            # Proved a moment ago: what is refused is refused for want of a right.
            session = client.session
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client


scene = Scene()
#: One: the objects of the scene are those of its rows.
write_scene = Replay(scene.write, kept=1)

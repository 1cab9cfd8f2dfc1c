"""The one page permission tester: every question it answers, for every role, on one's own page and on another's."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.models import Page

from pages.services import close_territory_space
from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.rules import ORGANISATION_ROLES, RULES, Ability, Reach
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db
QUESTIONS = (
    *("can_edit", "can_delete", "can_unpublish", "can_publish", "can_set_view_restrictions", "can_lock", "can_unlock"),
    *("can_move", "can_copy", "can_reorder_children", "can_submit_for_moderation"),
)


def holder(role, landes, nation):
    user = make_user()
    if role in ORGANISATION_ROLES:
        seat = Organisation.objects.create(name="Une association", kind="association", territory=landes)
        Membership.objects.create(user=user, role=role, organisation=seat)
    else:
        Membership.objects.create(user=user, role=role, territory=nation if role == Role.ADMIN_NATIONAL else landes)
    return user


def scheduled(space, **fields):
    page = make_news(space, **fields)
    page.go_live_at = timezone.now() + timezone.timedelta(days=1)
    page.save()
    page.save_revision(approved_go_live_at=page.go_live_at)
    return Page.objects.get(pk=page.pk)


@pytest.mark.parametrize("role", Role.values)
def test_what_each_role_may_do_to_a_page(landes_space, other_space, landes, nation, role):
    user, reach = holder(role, landes, nation), RULES[role].get(Ability.PUBLISH)
    for space, allowed in ((landes_space, reach is not None), (other_space, reach == Reach.FRANCE)):
        page = Page.objects.get(pk=make_news(space).pk)
        tester = page.permissions_for_user(user)
        answers = {name: bool(getattr(tester, name)()) for name in QUESTIONS}
        assert answers == dict.fromkeys(answers, allowed), space
        section = page.get_parent().permissions_for_user(user)
        assert (bool(section.can_add_subpage()), bool(section.can_publish_subpage())) == (allowed, allowed)
        assert bool(scheduled(space).permissions_for_user(user).can_unschedule()) == allowed
        # Nobody moves or copies what is theirs into what is not.
        target = make_news(other_space).get_parent()
        assert bool(tester.can_move_to(target)) == (reach == Reach.FRANCE)


def test_in_a_closed_space_nobody_publishes(landes_space, other_space, nation, landes):
    administrator = holder(Role.ADMIN_NATIONAL, landes, nation)
    page = make_news(other_space)
    close_territory_space(space=other_space)
    tester = Page.objects.get(pk=page.pk).permissions_for_user(administrator)
    assert not tester.can_publish()
    assert not tester.can_submit_for_moderation()
    assert tester.can_edit()

"""What nobody may do to a page, whatever their rights: publish it into a space that is closed (docs/spaces.md), or
around its review (docs/moderation.md)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import cached_property
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

from portal.territories.models import Space

_guards: list[Callable[[Page], bool]] = []


def register_publication_guard(guard: Callable[[Page], bool]) -> None:
    """Declare a reason why a page is not published directly: ``guard(page)`` says whether it is held back."""
    if guard not in _guards:
        _guards.append(guard)


def lies_in_closed_space(page: Page) -> bool:
    """Whether ``page`` is a closed space's root or beneath one. No query for a live page: closing unpublishes all."""
    if page.live:
        return False
    above = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return Space.objects.filter(closed_at__isnull=False, page__path__in=above).exists()


class ClosedSpacePermissionTester(PagePermissionTester):
    """Wagtail's, but nothing is published in a closed space, nor moved live into one, nor sent to its review.

    Drafts there may still be read, corrected and moved out by those who hold rights above.
    """

    @cached_property
    def in_closed_space(self) -> bool:
        return lies_in_closed_space(self.page)

    @cached_property
    def held_back(self) -> bool:
        return any(guard(self.page) for guard in _guards)

    def _has_right(self) -> bool:
        return bool(super().can_publish()) and not self.in_closed_space

    def can_publish(self) -> bool:
        return self._has_right() and not self.held_back

    def can_set_view_restrictions(self) -> bool:
        return self._has_right()

    def can_unschedule(self) -> bool:
        return self._has_right()

    def can_publish_subpage(self) -> bool:
        return bool(super().can_publish_subpage()) and not self.in_closed_space

    def can_submit_for_moderation(self) -> bool:
        # Wagtail's own answer looks at the page alone: its editor has asked who it is before.
        return bool(super().can_submit_for_moderation()) and bool(self.can_edit()) and not self.in_closed_space

    def can_move_to(self, destination: Page) -> bool:
        if not super().can_move_to(destination):
            return False
        brings_live = self.page.live or self.page.get_descendants().filter(live=True).exists()
        return not (brings_live and lies_in_closed_space(destination))

"""Saving segments: the lists and territories named are those of their owner, whatever was posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.core.models import Audience
from portal.territories.models import Territory

from .. import access
from ..models import MailingList, Segment
from ..people.rules import PersonRefused


@transaction.atomic
def save_segment(
    *,
    actor: User,
    territory: Territory,
    name: str,
    lists: Iterable[MailingList],
    conditions: Mapping[str, Any],
    segment: Segment | None = None,
) -> Segment:
    """Make a segment of ``territory``, or change ``segment``. Logged.

    ``conditions``: see :mod:`newsletters.segments.conditions`. Raises ``PermissionDenied`` for somebody who writes no
    letter for the territory (or the segment's own), :class:`PersonRefused` for a list outside of it or that they do not
    see, and for conditions that are not understood.
    """
    from ..segments import BadConditionsError, Conditions, lists_within

    if not access.may_compose(actor, territory) or (segment and segment.territory_id != territory.pk):
        raise PermissionDenied
    wanted = list(lists)
    if not name.strip():
        raise PersonRefused("name", "Donnez un nom au segment.", "nom")
    if not wanted:
        raise PersonRefused("lists", "Choisissez au moins une liste.", "listes")
    try:
        held = Conditions.read(conditions)
    except BadConditionsError as error:
        raise PersonRefused("conditions", "Ces conditions ne sont pas comprises.") from error
    named = {one.pk for one in wanted} | {*held.in_lists, *held.not_in_lists}
    reachable = access.visible_lists(actor).filter(pk__in=lists_within(territory).order_by().values("pk"))
    if reachable.filter(pk__in=named).count() != len(named):
        raise PersonRefused("foreign", "Une des listes choisies n’est pas de ce territoire.", "listes")
    if held.territory and not Territory.objects.filter(pk=held.territory).exists():
        raise PersonRefused("territory", "Ce territoire n’existe pas.", "territoire")
    if Audience.objects.filter(pk__in=held.audiences).count() != len(held.audiences):
        raise PersonRefused("audiences", "Un des rôles choisis n’existe plus.", "roles")
    is_new = segment is None
    if segment is None:
        segment = Segment(territory=territory, created_by=actor)
    segment.name, segment.conditions = name.strip(), held.as_json()
    segment.save()
    segment.lists.set(wanted)
    log(instance=segment, action=f"newsletters.segment.{'create' if is_new else 'change'}", user=actor)
    return segment


@transaction.atomic
def archive_segment(*, segment: Segment, actor: User, archived: bool = True) -> None:
    """Put a segment away: what it was used for keeps it, nothing new can be sent to it. Logged. Idempotent.

    Raises ``PermissionDenied``.
    """
    if not access.may_compose(actor, segment.territory):
        raise PermissionDenied
    if (segment.archived_at is not None) == archived:
        return
    segment.archived_at = timezone.now() if archived else None
    segment.save(update_fields=["archived_at"])
    log(instance=segment, action=f"newsletters.segment.{'archive' if archived else 'restore'}", user=actor)

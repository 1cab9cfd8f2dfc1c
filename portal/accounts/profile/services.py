"""Saving one step of a profile; the welcome that leads through them."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from ..models import Profile, User

#: The steps, in the order of the welcome, with what each saves on the profile ("first_name"… are the person's).
STEPS: Final[dict[str, tuple[str, ...]]] = {
    "identite": ("function", "position", "phone", "organisation", "organisation_name", "organisation_siret"),
    "territoire": (),
    "reseau": (
        "needs",
        "contributions",
        "meeting_frequency",
        "interest_newsletter",
        "interest_forum",
        "interest_extranet",
        "interest_dashboard",
        "would_animate",
        "remarks",
    ),
    "annuaire": ("show_name", "show_function", "show_organisation", "show_territory", "show_email", "show_phone"),
}
PERSON: Final[dict[str, tuple[str, ...]]] = {"identite": ("first_name", "last_name"), "territoire": ("territory",)}


def profile_of(user: User) -> Profile:
    """The person's profile, or an empty one that is not saved. One query."""
    return Profile.objects.select_related("organisation").filter(user=user).first() or Profile(user=user)


@transaction.atomic
def save_step(*, actor: User, step: str, data: dict[str, Any]) -> Profile:
    """Write what ``step`` holds, and nothing else of the profile: two windows open on two steps lose nothing.

    ``actor`` is whose profile it is. Raises ``KeyError`` for an unknown step.
    """
    own = [name for name in PERSON.get(step, ()) if name in data]
    if own:
        User.objects.filter(pk=actor.pk).update(**{name: data[name] for name in own})
    fields = {name: data[name] for name in STEPS[step] if name in data}
    return _write(actor, step, fields)


@transaction.atomic
def pass_over(*, actor: User, step: str) -> Profile:
    """Go on without answering: what was answered before stays. Raises ``KeyError`` for an unknown step."""
    STEPS[step]
    return _write(actor, step, {})


@transaction.atomic
def end_welcome(*, actor: User) -> None:
    """The welcome is not shown again at sign-in; the profile can be completed at any time."""
    profile, _ = Profile.objects.select_for_update().get_or_create(user=actor)
    if profile.welcomed_at is None:
        profile.welcomed_at = timezone.now()
        profile.save(update_fields=["welcomed_at"])


def next_step(profile: Profile) -> str | None:
    """The first step of the welcome neither saved nor passed over; None when all were."""
    return next((step for step in STEPS if step not in profile.steps), None)


def _write(actor: User, step: str, fields: dict[str, Any]) -> Profile:
    profile, _ = Profile.objects.select_for_update().get_or_create(user=actor)
    for name, value in fields.items():
        setattr(profile, name, value)
    if step not in profile.steps:
        profile.steps = [*profile.steps, step]
    if next_step(profile) is None and profile.welcomed_at is None:
        profile.welcomed_at = timezone.now()
    profile.updated_at = timezone.now()
    profile.save(update_fields=[*fields, "steps", "welcomed_at", "updated_at"])
    return profile

"""Where the rest of the accounts leads to."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.urls import reverse

from ..models import User
from .models import Erasure
from .tokens import cancel_token


def way_back(user: User) -> HttpResponseRedirect | None:
    """To the screen that takes a pending erasure back, for who has just proved to be ``user``; None without one."""
    erasure = Erasure.objects.filter(user=user, cancelled_at=None, done_at=None).first()
    if erasure is None:
        return None
    return HttpResponseRedirect(reverse("personal-data:cancel", args=[cancel_token(erasure)]))

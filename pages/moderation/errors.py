"""Why a decision is refused, in French for the person who tried."""

from __future__ import annotations


class ReviewError(Exception):
    """The decision is refused; nothing was written."""


class NotAllowedError(ReviewError):
    """The person may not decide here: another space, a role that ended, a space that closed."""


class FourEyesError(ReviewError):
    """The person last edited what they would approve."""


class AlreadyDecidedError(ReviewError):
    """Somebody acted meanwhile: the message says who, what and when."""

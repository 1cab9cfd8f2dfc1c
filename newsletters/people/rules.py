"""What may not be done with a person's subscriptions, and how it is said."""

from __future__ import annotations


class PersonRefused(Exception):  # noqa: N818 - a refusal, as CampaignRefused
    """The act is not possible. ``message`` is French, for who asked; ``field`` the form's field it belongs to."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field

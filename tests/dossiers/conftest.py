"""Who has proved lately that they are who they are."""

from __future__ import annotations

import pytest


@pytest.fixture
def proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the person had just signed in by hand."""
    monkeypatch.setattr("portal.accounts.stepup.proved_recently", lambda request: True)

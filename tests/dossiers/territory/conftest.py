"""The whole of France, for the tests that ask for it."""

from tests.territories.conftest import france

__all__ = ["france"]

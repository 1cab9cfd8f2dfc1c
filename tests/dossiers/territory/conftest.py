"""The whole of France, and processes of the portal, for the tests that ask for them."""

from tests.processes import processes
from tests.territories.conftest import france

__all__ = ["france", "processes"]

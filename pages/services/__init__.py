"""State changes of the pages app, one function each."""

from .moves import reset_foreign_territories
from .site import ensure_site
from .spaces import SpaceError, close_territory_space, open_territory_space

__all__ = ["SpaceError", "close_territory_space", "ensure_site", "open_territory_space", "reset_foreign_territories"]

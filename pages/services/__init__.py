"""State changes of the pages app, one function each."""

from .site import ensure_site
from .spaces import close_territory_space, open_territory_space

__all__ = ["close_territory_space", "ensure_site", "open_territory_space"]

"""Making and taking away the demonstration content. See docs/demo.md."""

from .delete import delete_demo
from .run import seed_demo

__all__ = ["delete_demo", "seed_demo"]

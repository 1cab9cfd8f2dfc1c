"""The directory of actors: what people chose to show, to whom they chose to (docs/profile.md)."""

"""Processes on a database of their own, for kills and races."""

from tests.processes import processes

__all__ = ["processes"]

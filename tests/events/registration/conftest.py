"""Registrations race in processes of their own."""

from tests.processes import processes

__all__ = ["processes"]

from tests.processes import processes

__all__ = ["processes"]

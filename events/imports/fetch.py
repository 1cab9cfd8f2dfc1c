"""Fetching the agenda of somebody else: :mod:`portal.core.fetch`, with what an import asks for."""

from portal.core.fetch import MAX_BYTES as MAX_BYTES
from portal.core.fetch import Fetched, FetchError, checked_url, fetch, is_public

__all__ = ["MAX_BYTES", "FetchError", "Fetched", "checked_url", "fetch", "is_public"]

"""Static files under hashed names; a name that was never collected is an unstyled page, not an error 500.

As Django has it, ``{% static %}`` raises for a file that ``collectstatic`` has not seen: every page is an error then,
the error pages first, since they ask for the same files.
"""

from __future__ import annotations

import logging

from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)


class CollectedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage. Names missing from the manifest are logged, once each, and served as they are written."""

    missing: frozenset[str] = frozenset()

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            if name not in self.missing:
                self.missing |= {name}
                logger.error("Static file %r is not in the manifest: run collectstatic.", name)
            return name

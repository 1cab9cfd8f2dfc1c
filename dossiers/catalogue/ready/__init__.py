"""The types that the portal ships with. Administrators change them afterwards; loading again overwrites nothing."""

from __future__ import annotations

from .application import APPLICATION
from .base import ReadyType
from .contribution import CONTRIBUTION
from .governance import GOVERNANCE
from .grant import GRANT
from .needs import NEEDS
from .roadmap import ROADMAP

READY: tuple[ReadyType, ...] = (ROADMAP, GOVERNANCE, NEEDS, GRANT, APPLICATION, CONTRIBUTION)

#: A first wording, which the national administration edits.
NATIONAL_AXES = (
    "Une offre de médiation numérique de qualité, proche de chacun",
    "Des professionnels et des aidants formés et outillés",
    "Une gouvernance locale et des financements durables",
    "Un numérique d’intérêt général, choisi, sobre et souverain",
)

__all__ = ["NATIONAL_AXES", "READY", "ReadyType"]

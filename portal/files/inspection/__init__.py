"""Is a file what its name says, and nothing more? One function, :func:`inspect`, with bounded time and memory.

Nothing here touches the database or a request. Every refusal is a :class:`portal.files.refusal.FileRefused`; whatever
else a parser might raise becomes one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import IO, Any, Final

from ..refusal import FileRefused
from . import images, packages, pdf, tables

logger = logging.getLogger(__name__)

Inspector = Callable[[IO[bytes], str], None]
_INSPECTORS: Final[dict[str, Inspector]] = {
    "pdf": pdf.inspect_pdf,
    "odt": packages.inspect_open_document,
    "ods": packages.inspect_open_document,
    "docx": packages.inspect_office,
    "xlsx": packages.inspect_office,
    "csv": tables.inspect_csv,
    "png": images.inspect_image,
    "jpg": images.inspect_image,
    "jpeg": images.inspect_image,
}
EXTENSIONS: Final = frozenset(_INSPECTORS)


def inspect(file: IO[bytes] | Any, extension: str) -> None:
    """Raise FileRefused unless the content of ``file`` is a sound one of the kind ``extension``, one of EXTENSIONS.

    Reads the whole file; leaves it at its start. Each kind's module says what is looked at.
    """
    file.seek(0)
    try:
        _INSPECTORS[extension](file, extension)
    except FileRefused:
        raise
    except Exception as error:
        # A parser that breaks on a file has read a file that is broken.
        logger.info("Inspection of a .%s broke: %s", extension, type(error).__name__)
        raise FileRefused("Ce fichier est abîmé ou incomplet : il ne s’ouvre pas.", "broken") from error
    finally:
        file.seek(0)

"""CSV: text that decodes, without control characters, that begins as no page nor program."""

from __future__ import annotations

import codecs
import re
from typing import IO, Any, Final

from portal.core.document_forms import BOM, HEAD, content_is

from .common import broken, other_content

CHUNK: Final = 1 << 20
#: Tabulation, ends of lines and form feed are text.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OTHERS: Final = (b"%pdf-", b"pk\x03\x04", b"{\\rtf", b"#!", b"mz\x90")


def inspect_csv(file: IO[bytes] | Any, extension: str) -> None:
    """UTF-8, else Windows-1252, which is what spreadsheets in French write. Read by chunks."""
    head = file.read(HEAD).removeprefix(BOM).lstrip().lower()
    if head.startswith(_OTHERS) or not content_is(extension, file):
        raise other_content(extension)
    if not (_is_text(file, "utf-8-sig") or _is_text(file, "cp1252")):
        raise broken(extension)


def _is_text(file: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if _CONTROLS.search(decoder.decode(chunk)):
                return False
        return not _CONTROLS.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False

"""``python -m dossiers.outputs.typesetting``: JSON on standard input, the PDF on standard output.

A process for one document: Typst keeps what it read for the next one, and its memory is not given back. Nothing of
Django is imported. Exit code 0; 3 where a character has no font and the PDF is tagged without claiming the standard.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final, cast

FOLDER: Final = Path(__file__).parent / "typst"
STANDARD: Final = "ua-1"
#: What a document may take: bytes of addresses, seconds of computing.
MEMORY: Final = 2 * 1024**3
SECONDS: Final = 90
WITHOUT_STANDARD: Final = 3


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    asked = json.load(sys.stdin.buffer)
    import typst

    def compiled(standards: Any) -> bytes:
        made = typst.compile(
            FOLDER / "document.typ",
            root=FOLDER,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": asked["data"]},
            pdf_standards=standards,
            timestamp=asked["timestamp"],
        )
        return cast(bytes, made)

    code = 0
    try:
        made = compiled([STANDARD])
    except typst.TypstError as error:
        sys.stderr.write(str(error.message)[:500])
        made, code = compiled([]), WITHOUT_STANDARD
    sys.stdout.buffer.write(made)
    return code


if __name__ == "__main__":
    sys.exit(main())

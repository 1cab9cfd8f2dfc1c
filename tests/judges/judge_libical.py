"""What Debian's libical (libical3) says of calendars: ``python judge_libical.py file…`` prints {file: [complaint]}."""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path

POINTER, TEXT, NUMBER = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int


def library() -> ctypes.CDLL:
    lib = ctypes.CDLL("libical.so.3")
    lib.icalparser_parse_string.restype, lib.icalparser_parse_string.argtypes = POINTER, [TEXT]
    lib.icalrestriction_check.restype, lib.icalrestriction_check.argtypes = NUMBER, [POINTER]
    lib.icalcomponent_count_errors.restype, lib.icalcomponent_count_errors.argtypes = NUMBER, [POINTER]
    lib.icalcomponent_as_ical_string.restype, lib.icalcomponent_as_ical_string.argtypes = TEXT, [POINTER]
    lib.icalcomponent_free.argtypes = [POINTER]
    return lib


def complaints(lib: ctypes.CDLL, data: bytes) -> list[str]:
    """Nothing where the file is well formed and keeps the restrictions of its METHOD (RFC 5546)."""
    component = lib.icalparser_parse_string(data)
    if not component:
        return ["not a calendar"]
    found = []
    if not lib.icalrestriction_check(component):
        found.append("icalrestriction_check")
    if errors := lib.icalcomponent_count_errors(component):
        found.append(f"{errors} errors")
    read = lib.icalcomponent_as_ical_string(component).replace(b"\r\n ", b"")
    found += [line.decode("utf-8", "replace") for line in read.split(b"\r\n") if line.startswith(b"X-LIC-ERROR")]
    lib.icalcomponent_free(component)
    return found


if __name__ == "__main__":
    libical = library()
    json.dump({path: complaints(libical, Path(path).read_bytes()) for path in sys.argv[1:]}, sys.stdout)

"""Workbooks (XLSX): values only, one row after the other. What they unpack to is judged before they are opened."""

from __future__ import annotations

import datetime as dt
import logging
import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from portal.files.inspection.packages import inspect_office
from portal.files.refusal import FileRefused

from .delimited import Record
from .refusal import TableRefused

logger = logging.getLogger(__name__)

#: The texts of a workbook are held in memory all at once.
MOST_TEXTS: Final = 64_000_000  # bytes, unpacked
_BROKEN: Final = "Ce classeur est abîmé ou incomplet : il ne s’ouvre pas. Enregistrez-le à nouveau, ou en CSV."


class Workbook:
    """The rows of the first sheet that is shown."""

    delimiter = ""

    def __init__(self, file: IO[bytes]) -> None:
        judge(file)
        file.seek(0)
        # Fifteen megabytes, for who imports a workbook.
        from openpyxl import load_workbook

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
                sheets = [sheet for sheet in self.book.worksheets if sheet.sheet_state == "visible"]
                self.sheet: Any = (sheets or self.book.worksheets)[0]
                self.rows_said = self.sheet.max_row or 0
                # What the sheet says of its size may be wrong: rows would be filled up to it.
                self.sheet.reset_dimensions()
        except Exception as error:
            logger.info("A workbook could not be opened: %s", type(error).__name__)
            raise TableRefused(_BROKEN, "broken") from error
        self.line = 0

    def __iter__(self) -> Iterator[Record]:
        rows = iter(self.sheet.iter_rows(values_only=True))
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    cells = next(rows)
            except StopIteration:
                return
            except Exception as error:
                logger.info("A workbook could not be read: %s", type(error).__name__)
                raise TableRefused(_BROKEN, "broken") from error
            self.line += 1
            yield self.line, [in_words(cell) for cell in cells], ""

    def close(self) -> None:
        self.book.close()


def judge(file: IO[bytes]) -> None:
    """Raises :class:`TableRefused` for a bomb, a macro, a workbook that is broken or protected."""
    try:
        inspect_office(file, "xlsx")
        with zipfile.ZipFile(file) as package:
            texts = sum(part.file_size for part in package.infolist() if part.filename.endswith("sharedStrings.xml"))
    except FileRefused as refusal:
        raise TableRefused(str(refusal.message), refusal.code or "refused") from refusal
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TableRefused(_BROKEN, "broken") from error
    if texts > MOST_TEXTS:
        raise TableRefused("Ce classeur contient trop de texte : enregistrez-le en CSV.", "too_much_text")


def in_words(value: Any) -> str:
    """A cell as text: « 40 » for 40.0, nothing for an empty one."""
    if value is None or isinstance(value, bool):
        return "" if value is None else ("oui" if value else "non")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value)

"""Each calendar of the corpus gives exactly what its case says."""

from __future__ import annotations

import pytest

from .corpus import Case, cases, told
from .reading import read

CASES = list(cases())


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{file}: {case.name}" for file, case in CASES])
def test_the_file_gives_what_it_must(case: Case) -> None:
    fields = [line for line in case.expected if line[0] in "=%"]
    assert told(read(case.data), fields) == case.expected


def test_the_corpus_is_wide_and_each_case_has_a_name_of_its_own():
    assert len(CASES) >= 200
    assert len({(file, case.name) for file, case in CASES}) == len(CASES)

"""The rows of the permission matrix (see :mod:`tests.security.matrix`): a module an app, a list a subject.

A line is (rule, answer to GET, answer to POST, names of addresses). ``("national", 302)`` as an answer to POST means
that acting has a rule of its own. The walk posts an empty form: 200 or 422 is the form again, 302 that it was done.
"""

from ..matrix import Line
from . import accounts, administration, dossiers, events, newsletters, pages, public

#: In the order of ``docs/permissions.md``.
TABLES = (public, accounts, pages, events, newsletters, dossiers, administration)
TABLE: dict[str, list[Line]] = {subject: lines for each in TABLES for subject, lines in each.TABLE.items()}

"""The SQL of imports: sets of rows, not objects one by one. A million rows take a minute so, and ten otherwise.

Every statement works on the lines ``first`` to ``last`` (included) of one import; SQLite and PostgreSQL take the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.utils import timezone

from ..enums import ConsentAction, Purpose, Source, SubscriptionState
from ..models import ConsentEvent, Subscriber, Subscription
from .enums import Outcome
from .models import ImportedRow, SubscriberImport
from .reading import Read

_ROWS = "newsletters_importedrow"
#: In the order of :func:`store`; the types are PostgreSQL's.
_STORED = {
    "line": "integer",
    "outcome": "text",
    "address": "text",
    "fingerprint": "text",
    "key": "uuid",
    "typed": "text",
    "reason": "text",
    "suggestion": "text",
    "role": "boolean",
    "name": "text",
    "organisation": "text",
    "organisation_kind": "text",
    "territory_id": "bigint",
}
_BATCH = "r.batch_id = %(batch)s AND r.line BETWEEN %(first)s AND %(last)s"
_OF_LIST = (
    "SELECT 1 FROM newsletters_subscriber p JOIN newsletters_subscription s ON s.subscriber_id = p.id "
    "WHERE p.address = r.address AND "
)

_DUPLICATE = f"""
UPDATE {_ROWS} AS r SET outcome = 'duplicate' WHERE {_BATCH} AND r.outcome = 'new' AND EXISTS (
  SELECT 1 FROM {_ROWS} e WHERE e.address = r.address AND e.batch_id = r.batch_id AND e.line < r.line
  AND e.outcome NOT IN ('invalid', 'typo'))
"""  # noqa: S608 - names of tables alone
_AGAIN = f"""
UPDATE {_ROWS} AS r SET outcome = 'new'
WHERE {_BATCH} AND r.outcome IN ('updated', 'already', 'suppressed', 'left') AND r.made = 0
"""  # noqa: S608
_SUPPRESSED = f"""
UPDATE {_ROWS} AS r SET outcome = 'suppressed' WHERE {_BATCH} AND r.outcome = 'new' AND EXISTS (
  SELECT 1 FROM newsletters_suppression x WHERE x.fingerprint = r.fingerprint)
"""  # noqa: S608
# The log remembers who left even where nothing else does; what an import took back was not their own leaving. By the
# fingerprint: « + 0 » keeps SQLite, which has no statistics, from going through all that the log has of the list.
_LEFT = f"""
UPDATE {_ROWS} AS r SET outcome = 'left' WHERE {_BATCH} AND r.outcome = 'new' AND (
  EXISTS ({_OF_LIST} s.list_id = %(list)s AND s.state <> 'active' AND s.unsubscribed_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM newsletters_consentevent c
    WHERE c.fingerprint = r.fingerprint AND c.list_id + 0 = %(list)s AND c.purpose = 'letter' AND c.action = 'withdrawn'
    AND c.source <> 'import' AND NOT EXISTS (SELECT 1 FROM newsletters_consentevent g
      WHERE g.fingerprint = c.fingerprint AND g.list_id + 0 = %(list)s AND g.purpose = 'letter' AND g.action = 'given'
      AND g.id > c.id)))
"""  # noqa: S608
_ALREADY = f"""
UPDATE {_ROWS} AS r SET outcome = 'already' WHERE {_BATCH} AND r.outcome = 'new' AND EXISTS (
  {_OF_LIST} s.list_id = %(list)s AND s.state = 'active')
"""  # noqa: S608
# Known of this territory's own lists: that others know an address is not told.
_UPDATED = f"""
UPDATE {_ROWS} AS r SET outcome = 'updated' WHERE {_BATCH} AND r.outcome = 'new' AND EXISTS (
  {_OF_LIST} s.list_id IN (SELECT l.id FROM newsletters_mailinglist l WHERE l.territory_id = %(territory)s))
"""  # noqa: S608

_UNKNOWN = f"""
FROM {_ROWS} r WHERE {_BATCH} AND r.outcome = 'new'
AND NOT EXISTS (SELECT 1 FROM newsletters_subscriber p WHERE p.address = r.address)
ORDER BY r.line ON CONFLICT (address) DO NOTHING
"""  # noqa: S608
_LINK = f"""
UPDATE {_ROWS} AS r SET subscriber = (SELECT p.id FROM newsletters_subscriber p WHERE p.address = r.address)
WHERE {_BATCH} AND r.outcome IN ('new', 'updated', 'already')
"""  # noqa: S608
_NOTE_FILLED = f"""
UPDATE {_ROWS} AS r SET filled =
    CASE WHEN p.name = '' AND r.name <> '' THEN 1 ELSE 0 END
  + CASE WHEN p.organisation = '' AND r.organisation <> '' THEN 2 ELSE 0 END
  + CASE WHEN p.organisation_kind = '' AND r.organisation_kind <> '' THEN 4 ELSE 0 END
  + CASE WHEN p.territory_id IS NULL AND r.territory_id IS NOT NULL THEN 8 ELSE 0 END
FROM newsletters_subscriber p
WHERE {_BATCH} AND r.outcome IN ('new', 'updated', 'already') AND p.id = r.subscriber AND p.uuid <> r.key
"""  # noqa: S608
_FILL = f"""
UPDATE newsletters_subscriber AS p SET
  name = CASE WHEN r.filled & 1 <> 0 THEN r.name ELSE p.name END,
  organisation = CASE WHEN r.filled & 2 <> 0 THEN r.organisation ELSE p.organisation END,
  organisation_kind = CASE WHEN r.filled & 4 <> 0 THEN r.organisation_kind ELSE p.organisation_kind END,
  territory_id = CASE WHEN r.filled & 8 <> 0 THEN r.territory_id ELSE p.territory_id END
FROM {_ROWS} r WHERE {_BATCH} AND r.filled > 0 AND p.id = r.subscriber
"""  # noqa: S608
_EMPTY = f"""
UPDATE newsletters_subscriber AS p SET
  name = CASE WHEN r.filled & 1 <> 0 AND p.name = r.name THEN '' ELSE p.name END,
  organisation = CASE WHEN r.filled & 2 <> 0 AND p.organisation = r.organisation THEN '' ELSE p.organisation END,
  organisation_kind = CASE WHEN r.filled & 4 <> 0 AND p.organisation_kind = r.organisation_kind THEN ''
    ELSE p.organisation_kind END,
  territory_id = CASE WHEN r.filled & 8 <> 0 AND p.territory_id = r.territory_id THEN NULL ELSE p.territory_id END
FROM {_ROWS} r WHERE {_BATCH} AND r.filled > 0 AND r.fate <> 2 AND p.id = r.subscriber
"""  # noqa: S608
_NOTE_MADE = f"""
UPDATE {_ROWS} AS r SET made = CASE WHEN EXISTS (
  SELECT 1 FROM newsletters_subscription s WHERE s.list_id = %(list)s AND s.subscriber_id = r.subscriber)
  THEN 2 ELSE 1 END
WHERE {_BATCH} AND r.outcome IN ('new', 'updated')
"""  # noqa: S608
_END_WAITING = f"""
UPDATE newsletters_subscription AS s SET state = 'active', confirmed_at = %(now)s
FROM {_ROWS} r WHERE {_BATCH} AND r.made = 2 AND s.subscriber_id = r.subscriber AND s.list_id = %(list)s
  AND s.state = 'pending'
"""  # noqa: S608


def run(sql: str, **values: Any) -> int:
    """Rows changed. Values go to the database as parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: _plain(value) for name, value in values.items()})
        return int(cursor.rowcount)


def _plain(value: Any) -> Any:
    """As the database keeps it: SQLite has texts for identifiers and moments."""
    if hasattr(value, "hex") and hasattr(value, "version"):
        return models.UUIDField().get_db_prep_value(value, connection, prepared=False)
    if hasattr(value, "tzinfo"):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def store(item: SubscriberImport, rows: Iterable[Read]) -> None:
    """Keep what was read."""
    uuids = models.UUIDField()
    batch = _plain(item.pk)
    values = [
        (
            row.line, str(row.outcome), row.address, row.fingerprint,
            uuids.get_db_prep_value(row.key, connection, prepared=False) if row.key else None,
            row.typed, row.reason, row.suggestion, row.role, row.name, row.organisation, row.organisation_kind,
            row.territory,
        )
        for row in rows
    ]  # fmt: skip
    if not values:
        return
    names = ", ".join(_STORED)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{kind}[]" for kind in _STORED.values())
            cursor.execute(
                f"INSERT INTO {_ROWS} (batch_id, {names}, made, filled, fate) "  # noqa: S608
                f"SELECT %s, t.*, 0, 0, 0 FROM UNNEST({arrays}) AS t",
                [batch, *(list(column) for column in zip(*values, strict=True))],
            )
        else:
            marks = ", ".join(["%s"] * (len(_STORED) + 1))
            cursor.executemany(
                f"INSERT INTO {_ROWS} (batch_id, {names}, made, filled, fate) VALUES ({marks}, 0, 0, 0)",  # noqa: S608
                [(batch, *one) for one in values],
            )


def judge(item: SubscriberImport, first: int, last: int, *, again: bool = False) -> None:
    """What becomes of each row as the lists stand now. ``again``: of rows that were judged before, but for doubles."""
    at = {"batch": item.pk, "first": first, "last": last, "list": item.list_id, "territory": item.list.territory_id}
    for sql in (_AGAIN if again else _DUPLICATE, _SUPPRESSED, _LEFT, _ALREADY, _UPDATED):
        run(sql, **at)


class Overtaken(Exception):  # noqa: N818 - no error: the batch is done again
    """Somebody subscribed at the same moment one of those that the batch subscribes."""


def subscribe(item: SubscriberImport, first: int, last: int) -> None:
    """Subscribe the rows that are to be, with their proofs; raises :class:`Overtaken` for the batch to be done again.

    Must run in a transaction. Nobody is written to.
    """
    now = timezone.now()
    at = {"batch": item.pk, "first": first, "last": last, "list": item.list_id, "now": now}
    _lock(**at)
    judge(item, first, last, again=True)
    people = _insert(
        Subscriber,
        {
            "uuid": "r.key",
            "address": "r.address",
            "name": "r.name",
            "organisation": "r.organisation",
            "organisation_kind": "r.organisation_kind",
            "territory_id": "r.territory_id",
        },
        _UNKNOWN,
    )
    run(people[0], **people[1], **at)
    for sql in (_LINK, _NOTE_FILLED, _FILL, _NOTE_MADE):
        run(sql, **at)
    made = ImportedRow.objects.filter(batch=item, line__range=(first, last), made=ImportedRow.MADE).count()
    held = _insert(
        Subscription,
        {
            "list_id": "%(list)s",
            "subscriber_id": "r.subscriber",
            "state": f"'{SubscriptionState.ACTIVE.value}'",
            "confirmed_at": "%(now)s",
        },
        f"FROM {_ROWS} r WHERE {_BATCH} AND r.made = 1 ORDER BY r.line ON CONFLICT (list_id, subscriber_id) DO NOTHING",
    )
    if run(held[0], **held[1], **at) != made:
        raise Overtaken
    run(_END_WAITING, **at)
    log(item, "r.made > 0", first, last, action=ConsentAction.GIVEN, evidence=item.proof, actor=item.started_by_id)


def log(
    item: SubscriberImport, condition: str, first: int, last: int, *, action: str, evidence: str, actor: int | None
) -> None:
    """A proof in the log of consents for each row that meets ``condition``."""
    proofs = _insert(
        ConsentEvent,
        {
            "subscriber_id": "r.subscriber",
            "fingerprint": "r.fingerprint",
            "list_id": "%(list)s",
            "purpose": f"'{Purpose.LETTER.value}'",
            "action": "%(action)s",
            "source": f"'{Source.IMPORT.value}'",
            "evidence": "%(evidence)s",
            "actor_id": "%(actor)s",
        },
        f"FROM {_ROWS} r WHERE {_BATCH} AND {condition} ORDER BY r.line",
    )
    run(
        proofs[0],
        **proofs[1],
        batch=item.pk,
        first=first,
        last=last,
        list=item.list_id,
        action=action,
        evidence=evidence,
        actor=actor,
    )


def empty(item: SubscriberImport, first: int, last: int) -> None:
    """Empty what the rows filled and nobody changed since, but for who stays by their own act."""
    run(_EMPTY, batch=item.pk, first=first, last=last)


def _lock(**at: Any) -> None:
    """Whoever subscribes one of these people waits (PostgreSQL; SQLite has one writer)."""
    if connection.vendor != "postgresql":
        return
    mine = f"SELECT r.address FROM {_ROWS} r WHERE {_BATCH} AND r.address <> ''"  # noqa: S608
    people = f"SELECT id FROM newsletters_subscriber WHERE address IN ({mine}) ORDER BY id FOR UPDATE"  # noqa: S608
    run(people, **at)
    run(
        "SELECT s.id FROM newsletters_subscription s JOIN newsletters_subscriber p ON p.id = s.subscriber_id "  # noqa: S608
        f"WHERE s.list_id = %(list)s AND s.state <> 'active' AND p.address IN ({mine}) ORDER BY s.id FOR UPDATE OF s",
        **at,
    )


def _insert(model: type[models.Model], given: dict[str, str], rest: str) -> tuple[str, dict[str, Any]]:
    """``INSERT … SELECT`` of ``given`` {column: expression}; every other column has what Django would give it."""
    columns, values, parameters = [], [], {}
    for one in model._meta.concrete_fields:
        if isinstance(one, models.AutoField):
            continue
        columns.append(connection.ops.quote_name(str(one.column)))
        if one.column in given:
            values.append(given[one.column])
            continue
        default = timezone.now() if getattr(one, "auto_now_add", False) else one.get_default()
        name = f"default_{one.column}"
        parameters[name] = one.get_db_prep_save(default, connection)
        values.append(f"%({name})s")
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} {rest}", parameters


#: What :func:`judge` may say.
JUDGED = (Outcome.NEW, Outcome.UPDATED, Outcome.ALREADY, Outcome.SUPPRESSED, Outcome.LEFT)

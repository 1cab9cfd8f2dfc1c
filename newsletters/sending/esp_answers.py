"""What a provider's answer, or its absence, says of a batch of copies."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import requests
import urllib3.exceptions
from django.utils import timezone

from .merge import Copy
from .transports import Outcome, Result

#: Waited when the provider does not say how long.
SHORT_WAIT, LONGEST = 2.0, 3600.0
_ADDRESS = re.compile(r"\S+@\S+")
_KEY_KNOWN = re.compile("idempoten|duplicate_request", re.IGNORECASE)
#: Raised before a byte of the request was written.
_BEFORE = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.ConnectTimeoutError,
)


class Verdict(StrEnum):
    STATUSES = "statuses"  # Each copy has its own.
    SPLIT = "split"  # All refused, perhaps for one of them: certain that none was taken.
    RETRY = "retry"  # The provider failed, and says so: it took none.
    WAIT = "wait"  # Too much, too fast: none taken.
    AWAY = "away"  # No connection, or our account is refused: none taken.
    UNKNOWN = "unknown"  # They may have been taken.


@dataclass(frozen=True)
class Answer:
    """``wait``: seconds before coming back. ``detail`` names no address."""

    verdict: Verdict
    code: str = ""
    detail: str = ""
    wait: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)


def read_answer(copies: Sequence[Copy], statuses: Mapping[str, Any]) -> Answer:
    """From Anymail's status of each recipient. Who has none may have been taken."""
    found = {address.lower(): status for address, status in statuses.items()}
    # One number for a whole batch (Mailgun, SparkPost) recognises nobody's copy.
    shared = Counter(status.message_id for status in found.values())
    outcomes = []
    for copy in copies:
        status = found.get(copy.address.lower())
        word = status.status if status is not None else "unknown"
        own = status.message_id if status is not None and shared[status.message_id] == 1 else None
        outcomes.append(_outcome(copy, word or "unknown", str(own or "")))
    return Answer(Verdict.STATUSES, outcomes=outcomes)


def _outcome(copy: Copy, word: str, number: str) -> Outcome:
    if word in ("sent", "queued"):
        return Outcome(copy.delivery, Result.ACCEPTED, "250", provider_id=number)
    if word in ("rejected", "invalid", "failed"):
        return Outcome(copy.delivery, Result.FAILED, word, "Refusé par le prestataire.", number)
    return Outcome(copy.delivery, Result.UNKNOWN, word, provider_id=number)


def read_error(error: BaseException, *, copies: Sequence[Copy] = (), again: bool = False) -> Answer:
    """From what was raised while asking, or by Anymail for what was answered. ``again``: the same key a second time."""
    response = getattr(error, "response", None)
    if response is not None and getattr(response, "status_code", None):
        return _read_status(response, copies, again)
    if _is_before(error):
        return Answer(Verdict.AWAY, "", _class_of(error))
    return Answer(Verdict.UNKNOWN, "", _class_of(error))


def _read_status(response: Any, copies: Sequence[Copy], again: bool) -> Answer:
    code = int(response.status_code)
    said = Answer(Verdict.UNKNOWN, str(code), _said(response), _wait(response))
    if code // 100 == 2:
        return _each_in_order(response, copies) or said
    if code in (400, 409) and (again or _KEY_KNOWN.search(said.detail)):
        # The key is known: the first request is being dealt with, or was. Which of the two is not said.
        return said
    if code in (429, 503):
        return _with(said, Verdict.WAIT)
    if code == 500 or code in (408, 425):
        return _with(said, Verdict.RETRY)
    if code // 100 == 5:
        # A gateway speaks (502, 504, 52x): what stands behind it may have had the request.
        return said
    if code in (401, 402, 403, 404, 405, 407) or code // 100 == 3:
        return _with(said, Verdict.AWAY)
    return _with(said, Verdict.SPLIT)


def _with(answer: Answer, verdict: Verdict) -> Answer:
    return Answer(verdict, answer.code, answer.detail, answer.wait)


def _each_in_order(response: Any, copies: Sequence[Copy]) -> Answer | None:
    """Postmark's batch answers one object a message, in order; Anymail gives up at the first error it does not know."""
    try:
        rows = response.json()
        if not isinstance(rows, list) or len(rows) != len(copies) or not copies:
            return None
        outcomes = []
        for copy, row in zip(copies, rows, strict=True):
            if int(row["ErrorCode"]) == 0:
                outcomes.append(Outcome(copy.delivery, Result.ACCEPTED, "250", provider_id=str(row["MessageID"])))
            else:
                detail = _ADDRESS.sub("…", str(row.get("Message", "")))[:300]
                outcomes.append(Outcome(copy.delivery, Result.FAILED, str(row["ErrorCode"]), detail))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Answer(Verdict.STATUSES, outcomes=outcomes)


def _said(response: Any) -> str:
    try:
        text = response.text
    except (AttributeError, ValueError, requests.RequestException):
        return ""
    return " ".join(_ADDRESS.sub("…", text).split())[:200]


def _wait(response: Any) -> float:
    """Retry-After (RFC 9110, 10.2.3): seconds or a date."""
    value = str(response.headers.get("Retry-After", "")).strip()
    try:
        seconds = float(value) if value.isdigit() else _until(value)
    except (ValueError, TypeError, OverflowError):
        seconds = SHORT_WAIT
    return min(max(seconds, 0.0), LONGEST)


def _until(value: str) -> float:
    moment = parsedate_to_datetime(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - timezone.now()).total_seconds()


def _is_before(error: BaseException) -> bool:
    """Whether the connection was never made. Looks through what was raised, and what it was raised from."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, (*_BEFORE, requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL)):
            return True
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__]
    return False


def _class_of(error: BaseException) -> str:
    return type(error.__cause__ or error).__name__

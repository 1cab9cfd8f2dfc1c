"""Copies through a provider's interface, by Anymail: many in one call where the provider has that.

What is certain and what is not is decided by the answer. Refused connections and refusals of the whole call: nothing
was taken. A person's own status: theirs. No answer, half an answer, or a gateway's: nobody knows, and it is never sent
again by itself, unless the provider takes a key that makes the same request harmless.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import get_connection

from .esp_answers import Answer, Verdict, read_answer, read_error
from .esp_messages import Shape, batch_message, make_whole, single_message
from .merge import CompiledLetter, Copy
from .providers import Key, Style, provider_of
from .transports import Outcome, Result, TransportAwayError

#: How long a provider that says when to come back is waited for within a batch; longer, the batch is put back.
LONGEST_WAIT = 20.0
#: How often the same request is made, where a key makes that harmless, and how long is waited between.
SAME_KEY_TRIES, SAME_KEY_DELAY = 3, 2.0
#: A kept connection that nobody used so long may be closed at the other end: a new one is opened.
IDLE = 15.0
#: So many copies, each refused by itself in the same words: it is not the people, it is our account or our letter.
ALL_ALIKE = 10


class ProviderTransport:
    """The provider that ``EMAIL_PROVIDER`` names, over one kept session. See :class:`~.transports.Transport`."""

    def __init__(self, name: str = "") -> None:
        self.name = name or settings.EMAIL_PROVIDER
        self.provider = provider_of(self.name)
        self.size: int = min(settings.LETTER_BATCH, self.provider.batch)
        self.backend: Any = get_connection(f"anymail.backends.{self.name}.EmailBackend")
        self._shape: Shape | None = None
        self._used_at = 0.0
        self._not_before = 0.0

    def send(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterator[Outcome]:
        if time.monotonic() < self._not_before:
            raise TransportAwayError("the provider said when to come back")
        for calls in self._calls(letter, copies):
            outcomes, away = self._hand_over(letter, calls)
            if not away and len(calls) >= ALL_ALIKE and (said := _said_of_all(outcomes)):
                raise TransportAwayError(said)
            yield from outcomes
            if away:
                raise TransportAwayError(away)

    def close(self) -> None:
        try:
            self.backend.close()
        except Exception:
            # Whatever a provider's library raises, it is let go of.
            return

    # --- Which copies go together ------------------------------------------------------------------------------------
    def _calls(self, letter: CompiledLetter, copies: Sequence[Copy]) -> Iterator[list[Copy]]:
        """Copies of one list, as many as one call takes."""
        shape = self._shape_of(letter)
        for _, alike in groupby(copies, key=lambda copy: copy.list_id):
            call: list[Copy] = []
            weight = 0
            for copy in alike:
                adds = shape.weight(copy)
                if call and (len(call) >= shape.batch or weight + adds > self.provider.weight):
                    yield call
                    call, weight = [], 0
                call.append(copy)
                weight += adds
            if call:
                yield call

    def _shape_of(self, letter: CompiledLetter) -> Shape:
        if self._shape is None or self._shape.letter is not letter:
            self._shape = Shape(letter, self.provider)
        return self._shape

    # --- One call, and what follows from its answer -------------------------------------------------------------------
    def _hand_over(self, letter: CompiledLetter, copies: list[Copy]) -> tuple[list[Outcome], str]:
        """(outcomes, why nothing more can be handed over now). Copies without an outcome were not."""
        answer = self._ask(letter, copies)
        if answer.verdict == Verdict.WAIT and answer.wait <= LONGEST_WAIT:
            time.sleep(answer.wait)
            answer = self._ask(letter, copies)
        if answer.verdict == Verdict.SPLIT:
            if len(copies) > 1:
                return self._one_by_one(letter, copies)
            return [Outcome(copies[0].delivery, Result.FAILED, answer.code, answer.detail)], ""
        if answer.verdict in (Verdict.AWAY, Verdict.WAIT):
            self._not_before = time.monotonic() + answer.wait
            return [], f"{answer.code} {answer.detail}".strip()
        if answer.verdict == Verdict.STATUSES:
            return answer.outcomes, ""
        result = Result.RETRY if answer.verdict == Verdict.RETRY else Result.UNKNOWN
        outcomes = [Outcome(copy.delivery, result, answer.code, answer.detail) for copy in copies]
        # A server that leaves one batch unanswered may leave each: one uncertain batch is enough for now.
        return outcomes, answer.detail or answer.code

    def _one_by_one(self, letter: CompiledLetter, copies: list[Copy]) -> tuple[list[Outcome], str]:
        """The whole call was refused: by halves, until who is refused is known."""
        middle = len(copies) // 2
        outcomes: list[Outcome] = []
        for half in (copies[:middle], copies[middle:]):
            found, away = self._hand_over(letter, half)
            outcomes += found
            if away:
                return outcomes, away
        return outcomes, ""

    def _ask(self, letter: CompiledLetter, copies: list[Copy]) -> Answer:
        """One request; made again only with a key that makes it harmless."""
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(copy.message_id for copy in copies)))
        tries = SAME_KEY_TRIES if self.provider.key else 1
        answer = Answer(Verdict.UNKNOWN)
        for attempt in range(tries):
            if attempt:
                time.sleep(SAME_KEY_DELAY)
            answer = self._request(letter, copies, key, again=attempt > 0)
            if answer.verdict != Verdict.UNKNOWN:
                # Once something may have been taken, « come back later » does not make it certain that it was not.
                if attempt and answer.verdict != Verdict.STATUSES:
                    return Answer(Verdict.UNKNOWN, answer.code, answer.detail)
                return answer
        return answer

    def _request(self, letter: CompiledLetter, copies: list[Copy], key: str, *, again: bool) -> Answer:
        self._open()
        try:
            message, payload = self._payload(letter, copies)
            if self.provider.key == Key.HTTP:
                payload.headers["Idempotency-Key"] = key
            elif self.provider.key == Key.BREVO:
                payload.data["headers"]["idempotencyKey"] = key
        except AnymailError as error:
            return Answer(Verdict.SPLIT, "invalid", type(error).__name__)
        try:
            response = self.backend.post_to_esp(payload, message)
        except Exception as error:
            return read_error(error, again=again)
        finally:
            self._used_at = time.monotonic()
        try:
            statuses = self.backend.parse_recipient_status(response, payload, message)
        except AnymailRequestsAPIError as error:
            return read_error(error, copies=copies, again=again)
        except Exception as error:
            return Answer(Verdict.UNKNOWN, "", type(error).__name__)
        return read_answer(copies, statuses)

    def _payload(self, letter: CompiledLetter, copies: list[Copy]) -> tuple[Any, Any]:
        shape = self._shape_of(letter)
        message = single_message(shape, copies[0]) if shape.style == Style.SINGLE else batch_message(shape, copies)
        payload = self.backend.build_message_payload(message, self.backend.send_defaults)
        if shape.style == Style.WHOLE:
            make_whole(payload, shape, copies)
        if make := getattr(payload, "get_request_params", None):
            # A redirected POST would become a GET, or be made twice.
            payload.get_request_params = lambda url: make(url) | {"allow_redirects": False}
        return message, payload

    def _open(self) -> None:
        if time.monotonic() - self._used_at > IDLE:
            self.close()
        self.backend.open()


def _said_of_all(outcomes: Sequence[Outcome]) -> str:
    """What the provider answered where each call for one copy was refused, in the same words; empty otherwise."""
    said = {(each.code, each.detail) for each in outcomes}
    if len(said) != 1 or any(each.result != Result.FAILED for each in outcomes):
        return ""
    code, detail = next(iter(said))
    return f"{code} {detail}".strip() if code.isdigit() else ""

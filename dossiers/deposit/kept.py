"""What was typed in a draft's form whose session had ended: kept in the browser's new session, shown after the sign-in.

Text alone: files leave by themselves, or are chosen again. Nothing is saved without its author pressing a button.
"""

from __future__ import annotations

import time
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from portal.core.ratelimit import too_many

NAME: Final = "dossier-typed"
#: Bytes of the encoded form, and seconds.
LONGEST: Final = 200_000
KEPT: Final = 3600
BY_HOUR: Final = 30


def keep_typed(request: HttpRequest) -> None:
    """Keep what an anonymous visitor posted, for whoever signs in from there and fills in that draft.

    Side effects: the session; a message. Nothing more than the message beyond :data:`BY_HOUR` or :data:`LONGEST`.
    """
    body = request.POST.urlencode()
    if len(body) <= LONGEST and not too_many(request, "dossier-typed", BY_HOUR):
        request.session[NAME] = {"path": request.path, "body": body, "at": time.time()}
        told = "Votre session a pris fin. Connectez-vous : ce que vous avez saisi vous sera montré de nouveau."
    else:
        told = "Votre session a pris fin. Connectez-vous : votre brouillon est conservé tel qu’il a été enregistré."
    messages.warning(request, told)


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed at this very address before the sign-in, within the hour. Nothing is written."""
    kept: Any = request.session.get(NAME)
    if not kept or kept["path"] != request.path or time.time() - kept["at"] > KEPT:
        return None
    return QueryDict(kept["body"])


def forget_typed(request: HttpRequest) -> None:
    """Its author decided about it."""
    if NAME in request.session:
        del request.session[NAME]

"""A letter sent to its makers, to be looked at before it goes: marked, signed with tokens that lead nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from wagtail.log_actions import log

from portal.accounts.models import User

from .. import access
from ..addresses import normalise_address
from ..models import MailingList, NewsletterPage
from ..rules import CampaignRefused
from .merge import CompiledLetter, Copy, Source
from .transports import Outcome, TransportAwayError, get_transport

MARK = "[TEST]"
MOST = 6


def send_trial(*, letter: NewsletterPage, addresses: Iterable[str], actor: User) -> list[Outcome]:
    """Send the draft of ``letter`` to a few addresses now; one outcome each, in order. Logged without the addresses.

    The links lead to the real addresses, unfollowed; leaving and preferences lead to a page that says it is a trial.
    Raises ``PermissionDenied`` where ``actor`` does not write letters there, ``ValidationError`` for a bad address,
    :class:`CampaignRefused` (``option``: too many; ``transport``: the relay does not answer).
    """
    from ..letters.rendering import render

    if letter.space is None or not access.may_compose(actor, letter.space.territory):
        raise PermissionDenied
    wanted = list(dict.fromkeys(normalise_address(each) for each in addresses))
    if not 0 < len(wanted) <= MOST:
        raise CampaignRefused("option", f"Un essai part vers une à {MOST} adresses.", "addresses")
    rendered = render(letter)
    one = letter.list or MailingList(name=letter.space.territory.name, slug="essai", pk=0)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    compiled = CompiledLetter(
        Source(
            key=uuid.uuid4().hex[:16],
            subject=f"{MARK} {rendered.subject}",
            html=rendered.html,
            text=rendered.text,
            urls={link.position: link.url for link in rendered.links},
        ),
        {one.pk: one},
    )
    transport = get_transport()
    try:
        # One by one: none has a number of its own, zeros are what makes a token a trial's.
        outcomes = [
            outcome
            for address in wanted
            for outcome in transport.send(
                compiled, [Copy(0, 0, address, one.pk, f"<{uuid.uuid4().hex}@{host}>", _example(one, actor))]
            )
        ]
    except TransportAwayError as error:
        raise CampaignRefused("transport", "Le service d’envoi ne répond pas. Réessayez dans un moment.") from error
    finally:
        transport.close()
    log(instance=letter, action="newsletters.letter.trial", user=actor, data={"copies": len(outcomes)})
    return outcomes


def _example(one: MailingList, actor: User) -> dict[str, str]:
    return {"nom": actor.get_full_name(), "organisation": "", "territoire": "", "liste": one.name}

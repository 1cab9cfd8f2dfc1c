"""What each provider can do with a letter, as its documentation says and as Anymail's backend passes it on.

Every provider that Anymail knows may be named; one that has no row here is given one message a call. Sources stand
beside each row; docs/providers.md has the same as a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Style(StrEnum):
    """How many people's copies go out in one call."""

    MERGE = "merge"  # One content with placeholders, and each person's values.
    WHOLE = "whole"  # Each person's finished content, many in one call.
    SINGLE = "single"  # One message a call.


class Key(StrEnum):
    """Where the provider takes a key that makes sending the same request twice harmless."""

    NONE = ""
    HTTP = "http"  # An HTTP header.
    BREVO = "brevo"  # A field among the message's headers.


@dataclass(frozen=True)
class Provider:
    """``batch``: copies a call. ``weight``: bytes a call, of what differs between copies.

    ``placeholder``: what stands in the content for the value ``{key}``; ``around``: what the content stands between,
    so that values are not escaped a second time. ``trap``: what begins the provider's own template language, which an
    editor or a subscriber may have typed without meaning it. ``merges_subject``: whether a value may stand in it.
    ``items``, ``fields``: for :attr:`Style.WHOLE`, where the request has its messages, and what they call subject, HTML
    and text. ``untracks``: whether a message can say that it is not to be measured by the provider. ``tags``: whether
    the campaign's number can be the message's tag. ``keeps_message_id``: whether ours is the one that is sent.
    """

    style: Style = Style.SINGLE
    batch: int = 100
    weight: int = 4_000_000
    placeholder: str = ""
    around: tuple[str, str] = ("", "")
    trap: re.Pattern[str] | None = None
    merges_subject: bool = True
    items: str = ""
    fields: tuple[str, str, str] = ("", "", "")
    key: Key = Key.NONE
    untracks: bool = False
    tags: bool = False
    keeps_message_id: bool = False
    extra_headers: dict[str, str] = field(default_factory=dict)
    #: Settings of ANYMAIL any of which authenticates the provider's webhooks, WEBHOOK_SECRET besides.
    signatures: tuple[str, ...] = ()


_CURLY: Final = re.compile(r"\{(?=[{%#])")

PROVIDERS: Final[dict[str, Provider]] = {
    # developers.brevo.com/docs/batch-send-transactional-emails: 1,000 versions a call; the parameters of all together
    # stay under 1,000 kB (reference of sendTransacEmail). …/docs/heterogenous-versions-batch-emails: idempotencyKey, a
    # UUID, for half an hour. Its language escapes values (help article 360018252080), which ours are already.
    "brevo": Provider(
        style=Style.MERGE,
        batch=1000,
        weight=800_000,
        placeholder="{{{{ params.{key} }}}}",
        around=("{% autoescape off %}", "{% endautoescape %}"),
        trap=_CURLY,
        merges_subject=False,
        key=Key.BREVO,
        tags=True,
    ),
    # dev.mailjet.com/email/reference/send-emails (v3.1): 50 messages a call, each with its own parts; a copy refused
    # stands beside those taken. Its template language is off unless asked for, and is not.
    "mailjet": Provider(
        style=Style.WHOLE,
        batch=50,
        items="Messages",
        fields=("Subject", "HTMLPart", "TextPart"),
        untracks=True,
        tags=True,
    ),
    # postmarkapp.com/developer/api/email-api#send-batch-emails: 500 messages and 50 MB a call, no inline merging.
    # …/user-guide/send-email-with-api: X-PM-KeepID keeps the Message-ID that is given.
    "postmark": Provider(
        style=Style.WHOLE,
        batch=500,
        weight=40_000_000,
        fields=("Subject", "HtmlBody", "TextBody"),
        untracks=True,
        tags=True,
        keeps_message_id=True,
        extra_headers={"X-PM-KeepID": "true"},
    ),
    # documentation.mailgun.com, « Batch sending »: 1,000 recipients a call, %recipient.key% anywhere in the message.
    "mailgun": Provider(
        style=Style.MERGE,
        batch=1000,
        placeholder="%recipient.{key}%",
        trap=re.compile(r"%(?=(?:recipient|unsubscribe_|tag_unsubscribe_|mailing_list_unsubscribe_))", re.IGNORECASE),
        untracks=True,
        tags=True,
        keeps_message_id=True,
        signatures=("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"),
    ),
    # developers.sparkpost.com/api/template-language: three braces are not escaped.
    "sparkpost": Provider(
        style=Style.MERGE,
        batch=1000,
        placeholder="{{{{{{{key}}}}}}}",
        trap=_CURLY,
        untracks=True,
        tags=True,
    ),
    # resend.com/docs/dashboard/emails/batch-sending: 100 a call; …/idempotency-keys: a day, on both endpoints.
    "resend": Provider(
        style=Style.WHOLE,
        batch=100,
        fields=("subject", "html", "text"),
        key=Key.HTTP,
        signatures=("RESEND_SIGNING_SECRET",),
    ),
    # scaleway.com/en/developers/api/transactional-email: one call, one message; Anymail has no batch for it.
    "scaleway": Provider(),
    # docs.aws.amazon.com/ses: bulk sending takes stored templates only.
    "amazon_ses": Provider(),
}


def provider_of(name: str) -> Provider:
    """The row of a provider by the name of its Anymail backend."""
    return PROVIDERS.get(name, Provider())


def defuse(provider: Provider, text: str, *, html: bool) -> str:
    """``text`` in which nothing begins the provider's template language: it reads nearly the same."""
    if provider.trap is None:
        return text
    return provider.trap.sub(lambda found: f"&#{ord(found[0])};" if html else f"{found[0]} ", text)

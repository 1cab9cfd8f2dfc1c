"""Models of the newsletters app."""

from .consent import ConsentEvent, Suppression
from .lists import MailingList
from .pages import LetterIndexPage
from .subscribers import Subscriber, Subscription, SubscriptionRequest

__all__ = [
    "ConsentEvent",
    "LetterIndexPage",
    "MailingList",
    "Subscriber",
    "Subscription",
    "SubscriptionRequest",
    "Suppression",
]

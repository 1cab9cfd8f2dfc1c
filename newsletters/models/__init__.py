"""Models of the newsletters app."""

from .campaigns import Campaign
from .consent import ConsentEvent, Suppression
from .deliveries import Delivery, DeliveryEvent
from .digests import Digest
from .lists import MailingList
from .pages import LetterIndexPage, NewsletterPage
from .segments import Segment
from .settings import LetterSettings, SendingSwitch
from .subscribers import Subscriber, Subscription, SubscriptionRequest
from .summaries import CampaignSummary
from .tracking import Click, TrackedLink

__all__ = [
    "Campaign",
    "CampaignSummary",
    "Click",
    "ConsentEvent",
    "Delivery",
    "DeliveryEvent",
    "Digest",
    "LetterIndexPage",
    "LetterSettings",
    "MailingList",
    "NewsletterPage",
    "Segment",
    "SendingSwitch",
    "Subscriber",
    "Subscription",
    "SubscriptionRequest",
    "Suppression",
    "TrackedLink",
]

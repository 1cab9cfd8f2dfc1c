"""Models of the newsletters app."""

from ..imports.models import ImportedRow, SubscriberImport
from .campaigns import Campaign
from .consent import ConsentEvent, Suppression
from .deliveries import Delivery, DeliveryEvent
from .digests import Digest
from .lists import MailingList
from .mails import AddressChange, PersonalMail
from .pages import LetterIndexPage, NewsletterPage
from .segments import Segment
from .settings import LetterSettings, SendingSwitch
from .subscribers import Subscriber, Subscription, SubscriptionRequest
from .summaries import CampaignSummary
from .tracking import Click, TrackedLink

__all__ = [
    "AddressChange",
    "Campaign",
    "CampaignSummary",
    "Click",
    "ConsentEvent",
    "Delivery",
    "DeliveryEvent",
    "Digest",
    "ImportedRow",
    "LetterIndexPage",
    "LetterSettings",
    "MailingList",
    "NewsletterPage",
    "PersonalMail",
    "Segment",
    "SendingSwitch",
    "Subscriber",
    "SubscriberImport",
    "Subscription",
    "SubscriptionRequest",
    "Suppression",
    "TrackedLink",
]

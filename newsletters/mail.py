"""Messages about subscriptions, in text and HTML. Nothing that a visitor typed is ever in them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Subscription, SubscriptionRequest
from .selectors import is_blocked
from .tokens import confirmation_token, unsubscription_token

# However often somebody types an address, its owner gets no more than this.
MESSAGES_AN_HOUR = 3
MESSAGES_A_DAY = 6


def write_to_requester(request_pk: str) -> bool:
    """Send the message a request calls for: a confirmation to give, or the news that there is none to give.

    Nothing is sent for a request that is gone or used, an excluded address, or one written to enough. Returns whether
    a message was sent.
    """
    request = SubscriptionRequest.objects.select_related("subscriber").filter(pk=request_pk).first()
    if request is None or not request.is_usable or is_blocked(request.subscriber.address) or _had_enough(request):
        return False
    lists = list(request.lists.current().order_by("territory__name", "name"))
    active = {
        held.list_id: held
        for held in Subscription.objects.active()
        .filter(subscriber=request.subscriber_id, list__in=lists)
        .select_related("subscriber")
    }
    context = {
        "to_confirm": [one for one in lists if one.pk not in active],
        "active": [
            (one, absolute("unsubscribe", unsubscription_token(active[one.pk]))) for one in lists if one.pk in active
        ],
        "confirm_url": absolute("confirm", confirmation_token(request)),
        "expires_at": request.expires_at,
        "site_url": settings.SITE_URL,
    }
    subject = "Confirmez votre abonnement" if context["to_confirm"] else "Vous êtes abonné"
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("newsletters/mail/subscription.txt", context),
        to=[request.subscriber.address],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
    )
    message.attach_alternative(render_to_string("newsletters/mail/subscription.html", context), "text/html")
    message.send()
    return True


def absolute(name: str, token: str) -> str:
    """The absolute address of one of this app's token screens."""
    return settings.SITE_URL + reverse(f"newsletters:{name}", args=[token])


def _had_enough(request: SubscriptionRequest) -> bool:
    """Whether the requests before this one already made the address hear from us enough."""
    earlier = SubscriptionRequest.objects.filter(
        subscriber=request.subscriber_id, created_at__lt=request.created_at
    ).exclude(pk=request.pk)
    hour = earlier.filter(created_at__gt=request.created_at - timedelta(hours=1)).count()
    day = earlier.filter(created_at__gt=request.created_at - timedelta(days=1)).count()
    return hour >= MESSAGES_AN_HOUR or day >= MESSAGES_A_DAY

"""State changes of lists, subscriptions, campaigns and copies, one function each."""

from .leaving import leave, subscription_of
from .lists import ensure_default_list
from .subscriptions import confirm, forget_stale_requests, subscribe, suppress, unsubscribe

__all__ = [
    "confirm",
    "ensure_default_list",
    "forget_stale_requests",
    "leave",
    "subscribe",
    "subscription_of",
    "suppress",
    "unsubscribe",
]

"""State changes of lists and subscriptions, one function each."""

from .lists import ensure_default_list
from .subscriptions import confirm, forget_stale_requests, subscribe, suppress, unsubscribe

__all__ = ["confirm", "ensure_default_list", "forget_stale_requests", "subscribe", "suppress", "unsubscribe"]

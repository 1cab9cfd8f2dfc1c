"""State changes of lists, subscriptions, campaigns and copies, one function each."""

from .by_hand import add_person, end_subscription, exclude, lift
from .contact import ask_silent, note_contact, remove_silent, stay
from .erasure import erase
from .leaving import leave, subscription_of
from .lists import ensure_default_list
from .moving import ask_change, confirm_change
from .preferences import ask_link, choose_lists, pause, queue_link, set_tracking
from .proof import activate, welcome
from .subscriptions import confirm, forget_stale_requests, send_again, subscribe, suppress, unsubscribe

__all__ = [
    "activate",
    "add_person",
    "ask_change",
    "ask_link",
    "ask_silent",
    "choose_lists",
    "confirm",
    "confirm_change",
    "end_subscription",
    "ensure_default_list",
    "erase",
    "exclude",
    "forget_stale_requests",
    "leave",
    "lift",
    "note_contact",
    "pause",
    "queue_link",
    "remove_silent",
    "send_again",
    "set_tracking",
    "stay",
    "subscribe",
    "subscription_of",
    "suppress",
    "unsubscribe",
    "welcome",
]

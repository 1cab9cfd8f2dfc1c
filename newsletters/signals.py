"""What the newsletters app tells within itself."""

from django.dispatch import Signal

#: ``campaign``, ``action`` (:class:`newsletters.rules.Action`), ``actor`` (None: the portal itself), and what the act
#: carries (``reason``, ``author``). Sent inside the transaction of the change.
campaign_changed = Signal()

#: ``address`` (the normal one) and its ``fingerprint``: whatever else holds the address forgets it. Sent inside the
#: transaction of the erasure, before the person is gone.
subscriber_erased = Signal()

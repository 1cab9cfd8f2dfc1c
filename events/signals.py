"""What the publication of dates tells the rest of the app, inside its transaction. Each gives ``occurrence``."""

from django.dispatch import Signal

#: When, where or how changed. ``before``: the occurrence as it was, {field: value} of what changed.
occurrence_moved = Signal()
#: It will not take place: cancelled, its date taken away, or its event.
occurrence_called_off = Signal()
#: Its capacities changed, or it is « complet » no more.
seats_changed = Signal()

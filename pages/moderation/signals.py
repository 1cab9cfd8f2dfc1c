"""What the review of a page or of a correction tells the rest of the portal."""

from django.dispatch import Signal

# Sent inside the decision's transaction with ``item`` (pages.models.ReviewItem, its new state saved) and ``actor``.
review_decided = Signal()

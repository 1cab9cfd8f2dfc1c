"""The one filterable index: a validated form drives filters, paging, feeds and ``noindex`` (docs/pages.md).

A concrete index names ``item_model`` and ``form_class``; a subclass of :class:`ListingForm` adds its fields and its
``filter_<field>`` methods. The same GET parameters give the same set on the page and in every feed.
"""

from .feeds import FEED_SIZE, FeedEntry, xml_text
from .forms import ActiveFilter, ListingForm, PeriodFormMixin, Scope
from .index import NONE_MATCHES, FilterableIndexPage, local_today
from .paging import MAX_PAGE, BoundedPaginator, PinnedFirst

__all__ = [
    "FEED_SIZE",
    "MAX_PAGE",
    "NONE_MATCHES",
    "ActiveFilter",
    "BoundedPaginator",
    "FeedEntry",
    "FilterableIndexPage",
    "ListingForm",
    "PeriodFormMixin",
    "PinnedFirst",
    "Scope",
    "local_today",
    "xml_text",
]

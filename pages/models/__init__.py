"""The page types of the site: home, spaces, news, initiatives, standard pages, forms, help."""

from .archives import ArchivedPage
from .care import PageReading, PageReport
from .forms import FormField, FormPage
from .help import HelpIndexPage, HelpPage
from .home import HomePage
from .initiatives import InitiativeDocument, InitiativeIndexPage, InitiativePage
from .moderation import FieldComment, ReviewItem
from .news import NewsIndexPage, NewsPage
from .proposals import Proposal, ProposalFile
from .related import RelatedPage
from .reviews import SpaceReviewTask
from .spaces import TerritoryDirectoryPage, TerritoryPage
from .standard import StandardPage

__all__ = [
    "ArchivedPage",
    "FieldComment",
    "FormField",
    "FormPage",
    "HelpIndexPage",
    "HelpPage",
    "HomePage",
    "InitiativeDocument",
    "InitiativeIndexPage",
    "InitiativePage",
    "NewsIndexPage",
    "NewsPage",
    "PageReading",
    "PageReport",
    "Proposal",
    "ProposalFile",
    "RelatedPage",
    "ReviewItem",
    "SpaceReviewTask",
    "StandardPage",
    "TerritoryDirectoryPage",
    "TerritoryPage",
]

"""The page types of the site: home, spaces, news, initiatives, standard pages, forms, help."""

from .archives import ArchivedPage
from .forms import FormField, FormPage
from .help import HelpIndexPage, HelpPage
from .home import HomePage
from .initiatives import InitiativeIndexPage, InitiativePage
from .news import NewsIndexPage, NewsPage
from .spaces import TerritoryDirectoryPage, TerritoryPage
from .standard import StandardPage

__all__ = [
    "ArchivedPage",
    "FormField",
    "FormPage",
    "HelpIndexPage",
    "HelpPage",
    "HomePage",
    "InitiativeIndexPage",
    "InitiativePage",
    "NewsIndexPage",
    "NewsPage",
    "StandardPage",
    "TerritoryDirectoryPage",
    "TerritoryPage",
]

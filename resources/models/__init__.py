"""Models of the resources app."""

from .catalogue import CataloguePage
from .resource import Beneficiary, ResourceFile, ResourceLink, ResourcePage, ResourceRelation

__all__ = ["Beneficiary", "CataloguePage", "ResourceFile", "ResourceLink", "ResourcePage", "ResourceRelation"]

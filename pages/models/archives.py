"""What a closed space had published, so that opening it again gives back exactly that."""

from django.db import models
from wagtail.models import Page, Revision

from portal.territories.models import Space


class ArchivedPage(models.Model):
    """A page that was live, or about to be, when its space closed. Kept by ``pages.services`` while it is closed."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="archived_pages")
    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="+")
    was_live = models.BooleanField()
    had_unpublished_changes = models.BooleanField(default=False)
    live_revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    scheduled_revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    go_live_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.page)

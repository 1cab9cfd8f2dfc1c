"""Occurrences take the place and the way of taking part of their page; a registration link is external registration."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    page_model, occurrence_model = apps.get_model("events", "EventPage"), apps.get_model("events", "Occurrence")
    page_model.objects.exclude(registration_url="").update(registration="external")
    mine = page_model.objects.filter(pk=OuterRef("page_id"))
    names = ("mode", "venue_note", "join_url")
    occurrence_model.objects.update(
        venue_id=Subquery(mine.values("venue_id")), **{name: Subquery(mine.values(name)) for name in names}
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0003_series_and_registration")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

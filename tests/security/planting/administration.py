"""What the administration at large sets up: collections, steps of review, redirections, sites, groups, territories."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Site, Task, Workflow

from portal.core.enums import ThemeFamily
from portal.core.models import Audience, SiteIdentity, Theme
from portal.territories.models import Space, Territory, TerritoryImport

from ..walk import World


def plant_administration(space: Space) -> World:
    collection = Collection.objects.get(pk=space.collection_id).add_child(name="À part")
    kept = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password="ouvre"
    )
    redirect, _ = Redirect.objects.get_or_create(old_path="/ancienne", redirect_link="/actualites/")
    idle, _ = Workflow.objects.get_or_create(name="Au repos", active=False)
    idle_task, _ = Task.objects.get_or_create(name="Étape au repos", active=False)
    Theme.objects.get_or_create(slug="un-theme", defaults={"name": "Un thème", "family": ThemeFamily.values[0]})
    Audience.objects.get_or_create(slug="un-public", defaults={"name": "Un public"})
    TerritoryImport.objects.get_or_create(vintage=2026, digest="x")
    site = Site.objects.get()
    # Made when first looked at; here it is there before.
    SiteIdentity.for_site(site)
    group, _ = Group.objects.get_or_create(name="Un groupe")
    values: dict[str, Any] = {
        "collection_id": collection.pk,
        "restriction_id": kept.pk,
        "redirect_id": redirect.pk,
        "task_id": Task.objects.filter(active=True).order_by("pk").values_list("pk", flat=True)[0],
        "workflow_pk": space.workflow_id or Workflow.objects.filter(active=True).order_by("pk")[0].pk,
        "key": space.territory.key,
        "number": 1,
        "": [1],
    }
    routes: list[tuple[str, dict[str, Any]]] = [
        ("admin/collections/<int:pk>/", {"pk": collection.pk}),
        ("admin/workflows/", {"pk": values["workflow_pk"]}),
        ("admin/workflows/enable/", {"pk": idle.pk}),
        ("admin/workflows/tasks/", {"pk": values["task_id"]}),
        ("admin/workflows/tasks/enable_task/", {"pk": idle_task.pk}),
        ("admin/workflows/tasks/enable/", {"pk": idle_task.pk}),
        ("admin/workflows/tasks/add/", {"app_label": "wagtailcore", "model_name": "groupapprovaltask"}),
        ("admin/workflows/remove/", {"page_pk": space.page_id}),
        ("admin/tag-autocomplete/", {"app_name": "taggit", "model_name": "tag"}),
        ("admin/settings/", {"app_name": "core", "model_name": "siteidentity", "pk": site.pk}),
        ("admin/espaces/", {"pk": space.pk}),
        ("admin/territory_chooser/", {"pk": Territory.objects.nation().pk}),
        ("admin/sites/", {"pk": site.pk}),
        ("admin/groups/", {"pk": group.pk}),
    ]
    return World(values, routes, objects={Territory: space.territory})

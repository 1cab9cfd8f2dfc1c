"""Reports and filters of the admin that name people and pages of every space: limited to one's own.

Wagtail has no setting for these; the pieces replaced are named here, and ``tests/test_admin_leaks.py`` walks the admin.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.audit_logging import SiteHistoryReportFilterSet
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet
from wagtail.models import Page, PageLogEntry
from wagtail.permissions import policy_registry

from portal.accounts.models import User


def colleagues(user: Any) -> QuerySet[User]:
    """The people who wrote in the pages that ``user`` may edit, and themselves."""
    if user.is_superuser:
        return User.objects.all()
    pages = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(
        user, ["add", "change", "publish", "lock", "unlock"]
    )
    wrote = PageLogEntry.objects.filter(page__in=pages.values("pk"), user__isnull=False).values("user")
    owners = pages.filter(owner__isnull=False).values("owner")
    lockers = pages.filter(locked_by__isnull=False).values("locked_by")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=wrote) | Q(pk__in=owners) | Q(pk__in=lockers))


def _limit(field: Any) -> None:
    everyone = field.queryset

    def own(request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = everyone(request) if callable(everyone) else everyone.all()
        return people.filter(pk__in=colleagues(request.user).values("pk"))

    field.queryset = own


def limit_reports() -> None:
    """Put the limits in place; called once, when the hooks are read."""
    _limit(PageFilterSet.base_filters["owner"])
    _limit(PageFilterSet.base_filters["edited_by"])
    _limit(LockedPagesReportFilterSet.base_filters["locked_by"])
    _limit(WorkflowReportFilterSet.base_filters["requested_by"])

    acting = SiteHistoryReportFilterSet.get_users_queryset

    def own_people(self: Any) -> QuerySet[User]:
        return acting(self).filter(pk__in=colleagues(self.request.user).values("pk"))

    SiteHistoryReportFilterSet.get_users_queryset = own_people

    decorate = PageTypesUsageReportView.decorate_paginated_queryset

    def decorated(self: Any, page_types: Any) -> Any:
        """The page last edited is named only to who may explore it."""
        items = decorate(self, page_types)
        named = [item.last_edited_page.pk for item in items if item.last_edited_page]
        policy = policy_registry.get_by_type(Page)
        seen = set(policy.explorable_instances(self.request.user).filter(pk__in=named).values_list("pk", flat=True))
        for item in items:
            if item.last_edited_page and item.last_edited_page.pk not in seen:
                item.last_edited_page = None
        return items

    PageTypesUsageReportView.decorate_paginated_queryset = decorated

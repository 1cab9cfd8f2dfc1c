"""Enveloppes, rules of territories, national axes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail_modeladmin.views import EditView

from ..models import Envelope, NationalAxis, TerritoryRule
from .base import DeletableHelper, DossierAdmin
from .forms import AxisForm, EnvelopeForm, RuleForm, below


class EnvelopeEditView(EditView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """What was granted while the form was open counts, and is not written over."""
        now = Envelope.objects.select_for_update().get(pk=form.instance.pk)
        if form.cleaned_data["ceiling"] < now.committed:
            form.add_error("ceiling", below(now))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        form.instance.committed = now.committed
        return super().form_valid(form)  # type: ignore[no-any-return]


class EnvelopeAdmin(DossierAdmin):
    model = Envelope
    form_class = EnvelopeForm
    menu_icon = "table"
    edit_view_class = EnvelopeEditView
    list_display = ("type", "territory", "year", "ceiling", "committed")
    list_filter = ("year",)
    list_select_related = ("type", "territory")
    search_fields = ("type__title", "territory__name")
    panels = [
        *(FieldPanel(name) for name in ("type", "territory", "year", "ceiling")),
        FieldPanel("committed", read_only=True),
    ]


class TerritoryRuleAdmin(DossierAdmin):
    model = TerritoryRule
    form_class = RuleForm
    menu_icon = "site"
    permission_helper_class = DeletableHelper
    list_display = ("type", "territory", "min_shared_axes")
    list_select_related = ("type", "territory")
    search_fields = ("type__title", "territory__name")
    panels = [FieldPanel(name) for name in ("type", "territory", "min_shared_axes")]


class NationalAxisAdmin(DossierAdmin):
    model = NationalAxis
    form_class = AxisForm
    menu_icon = "list-ol"
    permission_helper_class = DeletableHelper
    list_display = ("title", "order")
    search_fields = ("title",)
    panels = [FieldPanel("title"), FieldPanel("order")]

"""Forms made by editors, with export; used for the network's questionnaire."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.views import View
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel

from portal.core.page_forms import PortalPageForm
from portal.core.pages import BasePage

from ..form_pages import HONEYPOT, PortalFormBuilder

SENT = "envoye"


class FormField(AbstractFormField):
    """A question of a form page."""

    page = ParentalKey("FormPage", on_delete=models.CASCADE, related_name="form_fields")


class FormPageForm(PortalPageForm, WagtailAdminFormPageForm):
    """Wagtail's checks of the questions, the portal's of the address."""


class FormPage(FormMixin, BasePage):
    """A form: its questions, its answers (export CSV and XLSX in the admin), its thank-you text.

    A form that was sent leads to the same address with ``?envoye=1``: reloading sends nothing twice. Never cached.
    """

    template = "pages/form_page.html"
    landing_page_template = "pages/form_page_landing.html"
    subpage_types: list[str] = []
    form_builder = PortalFormBuilder
    base_form_class = FormPageForm

    introduction = models.TextField("introduction", max_length=1000, blank=True)
    thank_you_text = models.TextField("remerciement", max_length=600, blank=True)

    content_panels = [
        *BasePage.content_panels,
        FormSubmissionsPanel(),
        FieldPanel("introduction"),
        InlinePanel("form_fields", label="Question", heading="Questions", max_num=60),
        FieldPanel("thank_you_text"),
    ]

    class Meta:
        verbose_name = "formulaire"
        verbose_name_plural = "formulaires"

    def get_submissions_list_view_class(self) -> type[View]:
        # The admin's views need every model loaded.
        from ..form_exports import NeutralSubmissionsView

        return NeutralSubmissionsView

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self._answer(request)
        add_never_cache_headers(response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            form = self.get_form(request.POST, request.FILES, page=self, user=request.user)
            if form.is_trapped or form.is_valid():
                if not form.is_trapped:
                    self.process_form_submission(form)
                return HttpResponseRedirect(f"{self.get_url(request)}?{SENT}=1")
        elif request.GET.get(SENT):
            return self.render_landing_page(request)
        else:
            form = self.get_form(page=self, user=request.user)
        context = self.get_context(request) | {"form": form, "honeypot": HONEYPOT}
        return TemplateResponse(request, self.get_template(request), context)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return super().get_preview_context(request, mode_name) | {"honeypot": HONEYPOT}

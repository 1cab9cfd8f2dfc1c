"""Forms made by editors, with export; used for the network's questionnaire."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel

from portal.core.pages import BasePage


class FormField(AbstractFormField):
    """A question of a form page."""

    page = ParentalKey("FormPage", on_delete=models.CASCADE, related_name="form_fields")


class FormPage(FormMixin, BasePage):
    """A form: its questions, its answers (export CSV and XLSX in the admin), its thank-you text."""

    template = "pages/form_page.html"
    landing_page_template = "pages/form_page_landing.html"
    subpage_types: list[str] = []

    introduction = models.TextField("introduction", max_length=1000, blank=True)
    thank_you_text = models.TextField("remerciement", max_length=600, blank=True)

    content_panels = [
        *BasePage.content_panels,
        FormSubmissionsPanel(),
        FieldPanel("introduction"),
        InlinePanel("form_fields", label="Questions"),
        FieldPanel("thank_you_text"),
    ]

    class Meta:
        verbose_name = "formulaire"
        verbose_name_plural = "formulaires"

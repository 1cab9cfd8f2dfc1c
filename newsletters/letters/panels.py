"""« Vérifications » in the form of a letter: what the saved draft would send, and what to do with it next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel


class LetterChecksPanel(Panel):
    """Read from the latest saved draft; before the first save it says to save."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsletters/letters/checks_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from .report import report_of

            context: dict[str, Any] = super().get_context_data(parent_context)
            if self.instance.pk:
                context["report"] = report_of(self.instance)
                context["tools"] = [
                    (label, reverse(name, args=[self.instance.pk]))
                    for label, name in (
                        ("Proposer des contenus", "letter_propose"),
                        ("Vérifications et aperçus", "letter_checks"),
                        ("M’envoyer un essai", "letter_trial"),
                    )
                ]
            return context

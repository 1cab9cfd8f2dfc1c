"""What contribution tells the rest of the portal of itself, when the app is ready."""

from __future__ import annotations

from datetime import timedelta

from portal.core.contribution import ContributionKind, register_contribution
from portal.files.access import register_reader
from portal.files.references import register_reference
from portal.jobs.schedule import register_job

from . import files, mail, notices, receivers
from .services import drafts, joining


def register() -> None:
    """Kinds of this app, notifications, receivers, who reads the files, periodic work."""
    register_contribution(
        ContributionKind(
            order=10,
            key="news",
            slug="actualite",
            label="Une actualité",
            description="Ce qui se passe sur votre territoire : une ouverture, un bilan, un appel…",
            pictogram="notification",
            section="actualites",
            model="pages.NewsPage",
            form="pages.contribution.kinds.NewsContributionForm",
            same_link=("source_url", "source_url"),
            correctable=("source", "source_url"),
        )
    )
    register_contribution(
        ContributionKind(
            order=40,
            key="initiative",
            slug="initiative",
            label="Une initiative",
            description="Un retour d’expérience : ce qui a été fait, avec quels moyens et quels effets.",
            pictogram="innovation",
            section="initiatives",
            model="pages.InitiativePage",
            form="pages.contribution.kinds.InitiativeContributionForm",
            correctable=(
                "bearers",
                "partners",
                "impacts",
                "levers",
                "means",
                "bodies",
                "success_factors",
                "vigilance",
                "replay_url",
            ),
        )
    )
    notices.register_all()
    receivers.connect()
    register_reader(drafts.PURPOSE, files.readable)
    register_reference(drafts.PURPOSE, files.in_use)
    register_job("join-scanned-files", every=timedelta(seconds=50), run=joining.join_waiting_files)
    register_job("answer-corrections", every=timedelta(minutes=10), run=mail.answer_readers)

"""The review of what is proposed: queue, decisions, delays."""


def set_up() -> None:
    """Connect the receivers, declare notifications, jobs and the guard of publication. From ``AppConfig.ready``."""
    from datetime import timedelta

    from wagtail.admin import signal_handlers

    from portal.core.page_permissions import register_publication_guard
    from portal.jobs.schedule import register_job

    from . import jobs, notices, receivers  # noqa: F401
    from .four_eyes import is_held_back

    register_publication_guard(is_held_back)
    register_job("remind-reviews", every=timedelta(minutes=15), run=jobs.remind)
    register_job("escalate-reviews", every=timedelta(minutes=15), run=jobs.escalate)
    # Wagtail's own messages about workflows, all four of them: ours say the same, once, as people chose to hear it.
    # Its admin connects them when ready, after this app.
    signal_handlers.register_signal_handlers = lambda: None

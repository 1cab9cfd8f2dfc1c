from datetime import timedelta

from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "newsletters"
    verbose_name = "Lettres"

    def ready(self) -> None:
        from portal.core.dashboard import Zone, register_card
        from portal.core.sections import register_section
        from portal.jobs.schedule import register_job

        from . import personal_data, receivers, services  # noqa: F401
        from .bounces import checks, events, mailbox  # noqa: F401
        from .campaigns import notices, retention  # noqa: F401
        from .digests import services as digests
        from .imports import wiring as imports
        from .people import ledger
        from .sending import wake
        from .statistics import summaries

        register_job("forget-unproven-addresses", every=timedelta(days=1), run=services.forget_stale_requests)
        register_job("send-subscriber-mails", every=timedelta(minutes=1), run=ledger.send_due)
        register_job("forget-subscriber-mails", every=timedelta(days=1), run=ledger.forget_old)
        register_job("ask-silent-subscribers", every=timedelta(hours=1), run=services.ask_silent)
        register_job("remove-silent-subscribers", every=timedelta(hours=1), run=services.remove_silent)
        register_job("read-returned-mail", every=timedelta(minutes=5), run=mailbox.read_mailbox)
        register_job("send-letters", every=timedelta(seconds=15), run=wake.tick)
        register_job("renew-letter-summaries", every=timedelta(hours=1), run=summaries.renew_summaries)
        register_job("purge-letter-log", every=timedelta(hours=1), run=retention.purge_log)
        register_job("draft-digests", every=timedelta(minutes=5), run=digests.draft_due)
        register_section(order=50, slug="lettres", title="Lettres d’information", model="newsletters.LetterIndexPage")
        personal_data.register_letters()
        imports.register()
        register_card(
            key="sendings",
            title="Envois de lettres",
            zone=Zone.WAITING,
            order=40,
            loader="newsletters.campaigns.dashboard.sendings",
        )
        register_card(
            key="digests",
            title="Lettres récurrentes à relire",
            zone=Zone.WAITING,
            order=41,
            loader="newsletters.digests.dashboard.drafts",
        )
        register_card(
            key="letters", title="Mes lettres", zone=Zone.FOLLOWED, order=10, loader="newsletters.dashboard.letters"
        )

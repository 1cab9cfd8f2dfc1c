from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from . import personal_data
        from .api import setup as api
        from .deposit import setup as deposit
        from .exchange import setup as exchange
        from .exports import setup as exports
        from .figures import setup as figures
        from .instruction import setup as instruction
        from .outputs import setup as outputs
        from .pieces import setup as pieces
        from .retention import setup as retention
        from .sharing import setup as sharing
        from .territory import setup as territory

        pieces.connect()
        territory.connect()
        exchange.connect()
        instruction.connect()
        figures.connect()
        outputs.connect()
        api.connect()
        deposit.connect()
        sharing.connect()
        exports.connect()
        retention.connect()
        personal_data.register_dossiers()

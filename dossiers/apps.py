from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from .exchange import setup as exchange
        from .pieces import setup as pieces
        from .territory import picking

        pieces.connect()
        picking.set_up()
        exchange.connect()

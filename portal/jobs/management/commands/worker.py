"""A task worker that beats: ``db_worker`` of ``django_tasks_db``, with a lease on what it runs."""

import threading
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from portal.jobs import leases


class Command(DatabaseWorker):
    help = "Run background tasks, keeping a lease on the one at hand."

    def handle(self, *, worker_id: str, reload: bool, **options: Any) -> None:
        stopped = threading.Event()
        leases.beat(worker_id)
        thread = threading.Thread(target=self.beat, args=(worker_id, stopped), daemon=True, name="heartbeat")
        thread.start()
        try:
            super().handle(worker_id=worker_id, reload=False, **options)
        finally:
            stopped.set()
            thread.join(timeout=5)
            leases.forget_worker(worker_id)

    @staticmethod
    def beat(worker_id: str, stopped: threading.Event) -> None:
        """Beat until stopped. A database that is away for a moment costs a beat, not the thread."""
        while not stopped.wait(leases.HEARTBEAT.total_seconds()):
            close_old_connections()
            try:
                leases.beat(worker_id)
            except DatabaseError:
                connection.close()
        connection.close()

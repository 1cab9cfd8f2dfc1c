"""``manage.py bench_search``: time of searches on made-up pages. Leaves nothing behind."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.search import bench


class Command(BaseCommand):
    help = "Measures the database's search engine on made-up pages, in a transaction that is rolled back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pages", type=int, default=100_000)
        parser.add_argument("--runs", type=int, default=20)
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = bench.run(options["pages"], options["runs"])
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(f"{figures['engine']}, {figures['pages']} pages, indexed in {figures['seconds to index']} s")
        self.stdout.write(f"{'':28}{'p50 ms':>10}{'p95 ms':>10}")
        for name, times in figures["milliseconds"].items():
            self.stdout.write(f"{name:28}{times['p50']:>10}{times['p95']:>10}")

"""Tasks for the tests of the worker."""

import os
import time
from pathlib import Path

from django_tasks import task


@task()
def write_line(folder: str, wait: float) -> None:
    """Appends this process's id to ``folder/started``, waits, and to ``folder/finished``."""
    for name, pause in (("started", wait), ("finished", 0)):
        with (Path(folder) / name).open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(pause if len((Path(folder) / "started").read_text().split()) == 1 else 0)


@task()
def add_line(folder: str, number: int) -> None:
    """Appends ``number`` to ``folder/lines``."""
    with (Path(folder) / "lines").open("a") as file:
        file.write(f"{number}\n")

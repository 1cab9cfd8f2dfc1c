"""What an operator is told about files by ``manage.py check --deploy``."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def files_are_scanned(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """There is a scanner, or the operator chose to have none."""
    url = settings.CLAMD_URL
    if not url and settings.FILES_WITHOUT_SCANNER:
        return [
            checks.Warning(
                "Files that people send are served without having been scanned (FILES_WITHOUT_SCANNER).",
                hint="Name a clamd in CLAMD_URL.",
                id="files.W001",
            )
        ]
    if not url:
        return [
            Error(
                "There is no antivirus: nobody but its sender is given a file.",
                hint="Name a clamd in CLAMD_URL, or choose to run without by FILES_WITHOUT_SCANNER=1.",
                id="files.E001",
            )
        ]
    address = urlsplit(url)
    if not {"unix": address.path, "tcp": address.hostname}.get(address.scheme):
        return [
            Error(
                "CLAMD_URL is no address of a clamd.",
                hint="unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310",
                id="files.E002",
            )
        ]
    if settings.FILE_MAX_BYTES > settings.CLAMD_MAX_BYTES:
        return [
            checks.Warning(
                "Files too large to be scanned (CLAMD_MAX_MIB) are taken (FILE_MAX_MIB): nobody is served them.",
                id="files.W002",
            )
        ]
    return []

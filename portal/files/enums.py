"""What is known of a stored file."""

from django.db import models


class ScanState(models.TextChoices):
    """What the antivirus said. Readers have a ``CLEAN`` file only (``portal.files.selectors.served_states``)."""

    PENDING = "pending", "En attente d’analyse"
    CLEAN = "clean", "Sain"
    INFECTED = "infected", "Infecté"
    UNSCANNABLE = "unscannable", "Non analysable"
    ERROR = "error", "Analyse en échec, reprise plus tard"
    #: The operator runs without a scanner, and says so (``FILES_WITHOUT_SCANNER``).
    NOT_SCANNED = "not_scanned", "Non analysé : le portail n’a pas d’antivirus"


class Extension(models.TextChoices):
    """The kinds of files that a person may send, by the extension of their name (without its dot)."""

    PDF = "pdf", "PDF"
    ODT = "odt", "ODT"
    ODS = "ods", "ODS"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    PNG = "png", "PNG"
    JPG = "jpg", "JPG"
    JPEG = "jpeg", "JPEG"


#: The type told to browsers, which is that of the content: the one a browser announces is never kept.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
IMAGES = frozenset({"png", "jpg", "jpeg"})

"""Mail to a folder, for the demonstration and development."""

from django.core.mail.backends.filebased import EmailBackend


class FolderBackend(EmailBackend):
    """Each message in its own file of ``settings.MAIL_DIR``."""

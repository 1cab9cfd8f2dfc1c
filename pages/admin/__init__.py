"""What the pages app adds to Wagtail's admin; registered by ``pages.wagtail_hooks``."""

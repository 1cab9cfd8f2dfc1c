"""Settings common to every environment; everything that changes is read from the environment.

With no variable set, the portal runs embedded: SQLite, its full-text search, files on disk, mail to a folder.
``docs/operations.md`` lists the variables.
"""

from typing import Any

from .accounts import *  # noqa: F403
from .environment import BASE_DIR, SITE_URL, VAR_DIR, env
from .security import *  # noqa: F403

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "portal.core",
    "portal.jobs",
    "portal.territories",
    "portal.accounts",
    "portal.files",
    "portal.notifications",
    "portal.accounts.data",
    "portal.dashboard",
    "portal.search",
    "portal.api",
    "portal.demo",
    "pages",
    "events",
    "newsletters",
    "resources",
    "dossiers",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.table_block",
    "wagtail.contrib.routable_page",
    "wagtail_modeladmin",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "portal.search.apps.WagtailSearchConfig",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "anymail",
    "widget_tweaks",
    "dsfr",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    # Outermost: a warm page never reaches the session, the database or a template.
    "portal.core.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.headers.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.mfa.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.territories.middleware.ChosenTerritoryMiddleware",
    "portal.core.sites.SiteMiddleware",
    "pages.admin.gate.AdminGateMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.core.context.site_chrome",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock at BEGIN, so that a busy database waits instead of failing at the first write.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    _redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    CACHES = {
        "default": _redis | {"KEY_PREFIX": "portal"},
        "pages": _redis | {"KEY_PREFIX": "pages"},
        "renditions": _redis | {"KEY_PREFIX": "renditions"},
    }
else:
    CACHES = {
        # Shared by the web server, the worker and ``tick``: it carries the page cache's generation.
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            # Beyond it entries are dropped at random, and the limits on attempts with them: 300 as it comes.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        # One a process; its keys carry the shared generation, so a stale entry is never read.
        "pages": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "pages",
            "OPTIONS": {"MAX_ENTRIES": 1000},
        },
        "renditions": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "renditions",
            "TIMEOUT": 600,
            "OPTIONS": {"MAX_ENTRIES": 5000},
        },
    }

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

# --- Search ---------------------------------------------------------------------------------------------------------
# The database's own full-text search, or Elasticsearch 9 where SEARCH_URL is set (docs/search.md).
SEARCH_URL = env("SEARCH_URL", default="")
if SEARCH_URL:
    WAGTAILSEARCH_BACKENDS: dict = {
        "default": {
            "BACKEND": "portal.search.backends.elasticsearch",
            "URLS": [SEARCH_URL],
            "INDEX_PREFIX": env("SEARCH_INDEX_PREFIX", default="portail_"),
            "TIMEOUT": env.int("SEARCH_TIMEOUT", default=5),
        }
    }
else:
    WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backends.database"}}

# --- Mail -----------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Portail de l’inclusion numérique <ne-pas-repondre@exemple.fr>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DIR = VAR_DIR / "mail"
EMAIL_FILE_PATH = str(MAIL_DIR)
# EMAIL_PROVIDER names an Anymail backend (brevo, mailjet, scaleway, postmark…); EMAIL_URL an SMTP relay.
EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="")
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
    ANYMAIL = env.json("ANYMAIL", default={})
elif env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "portal.core.mail.FolderBackend"
EMAIL_TIMEOUT = 20
# Copies of a letter that one worker takes at a time: what may be left uncertain when it is killed.
LETTER_BATCH = env.int("LETTER_BATCH", default=100)
# Mailboxes that read what comes back of letters, and messages that unsubscribe; each copy's token follows a « + ».
# Empty: letters have neither.
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")
UNSUBSCRIBE_ADDRESS = env("UNSUBSCRIBE_ADDRESS", default="")
# Where both are read, imaps://user:password@host/INBOX (or pop3s://); empty where a mail server pipes them instead.
BOUNCE_MAILBOX_URL = env("BOUNCE_MAILBOX_URL", default="")
# Keys the hashes of addresses never to write to; empty, it is SECRET_KEY. Changing it forgets every exclusion.
SUPPRESSION_KEY = env("SUPPRESSION_KEY", default="")
# The domains (and those beneath them) whose addresses letters may be sent from; none: that of DEFAULT_FROM_EMAIL.
LETTER_SENDER_DOMAINS = env.list("LETTER_SENDER_DOMAINS", default=[])

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # What people send (docs/files.md): apart from media, without an address, readable by the portal alone.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "private",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
FILE_UPLOAD_HANDLERS = ["portal.files.uploads.SmallFileHandler", "portal.files.uploads.LimitedFileHandler"]
# Of one file sent by a person; a request may hold as many bytes as FILE_REQUEST_FILES of them.
FILE_MAX_BYTES = env.int("FILE_MAX_MIB", default=20) * 1024 * 1024
FILE_REQUEST_FILES = 5
# What one person may send within 24 hours.
FILE_DAY_BYTES = env.int("FILE_DAY_MIB", default=500) * 1024 * 1024
# After so long a file that nothing uses is deleted; an infected one is erased, its row stays.
FILE_UNUSED_DAYS = env.int("FILE_UNUSED_DAYS", default=7)
FILE_QUARANTINE_DAYS = env.int("FILE_QUARANTINE_DAYS", default=30)
# unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310. Without it nobody but its sender is given a file, unless the
# operator chooses to run without a scanner.
CLAMD_URL = env("CLAMD_URL", default="")
CLAMD_TIMEOUT = 60.0  # Seconds that one scan may last.
# As the daemon's StreamMaxLength. What is heavier is not sent to it, and served to nobody but its sender.
CLAMD_MAX_BYTES = env.int("CLAMD_MAX_MIB", default=25) * 1024 * 1024
FILES_WITHOUT_SCANNER = env.bool("FILES_WITHOUT_SCANNER", default=False)
# How a file is handed out: stream, x-accel-redirect (nginx), x-sendfile (Apache), redirect (a storage that signs).
FILES_DELIVERY = env("FILES_DELIVERY", default="stream")
FILES_INTERNAL_URL = env("FILES_INTERNAL_URL", default="/_fichiers/")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # A page with a long StreamField posts thousands of fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# An image of more pixels is refused before it is decoded (Pillow's own guard only warns up to twice its limit).
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.core.image_forms.CheckedImageForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "vtt", "webm", "ods", "odt", "pdf", "pptx", "odp", "xlsx", "ics"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.core.document_forms.CheckedDocumentForm"
# A recorded webinar; heavier ones belong on a video platform.
WAGTAILDOCS_MAX_UPLOAD_SIZE = env.int("DOCUMENT_MAX_MIB", default=100) * 1024 * 1024
# The permission-checked view answers, never the storage's own address.
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# --- Wagtail --------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Portail de l’inclusion numérique"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "pages.moderation.publication.publish_reviewed"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# What a French editor types, and what the pickers write.
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_PASSWORD_RESET_ENABLED = False
# One sign-in, the portal's; /admin/login/ leads there, and the address and password are changed under /compte/.
WAGTAILADMIN_LOGIN_URL = "admin_login"
WAGTAIL_FRONTEND_INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # How long the link of an invitation serves.
LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Before a page, or a document of a collection, kept under a shared password.
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "restricted/page.html"  # noqa: S105 - a template
WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "restricted/document.html"  # noqa: S105 - a template
WAGTAILFORMS_HELP_TEXT_ALLOW_HTML = False

# A published page that nobody published again or read again for that long is listed to its editors.
PAGE_STALE_DAYS = env.int("PAGE_STALE_DAYS", default=365)
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=600)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    # Logs name nobody (docs/personal-data.md).
    "filters": {"addresses": {"()": "portal.core.logs.MaskAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["addresses"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}

"""Settings common to every environment; everything that changes is read from the environment.

With no variable set, the portal runs embedded: SQLite, its full-text search, files on disk, mail to a folder.
``docs/operations.md`` lists the variables.
"""

from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

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

# --- Accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "signup": "portal.accounts.forms.SignupForm",
    "add_email": "portal.accounts.forms.AddEmailForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "set_password": "portal.accounts.forms.SetPasswordForm",
    "reset_password": "portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "telephone"
ACCOUNT_CHANGE_EMAIL = True  # One address a person; a new one replaces it once confirmed.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A sensitive act asks again who one is, once the last proof is older than this (docs/sign-in.md).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # Before another address too: it is a way to another password.
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.accounts.tokens.PasswordResetTokens"  # noqa: S105 - a class
SOCIALACCOUNT_ADAPTER = "portal.accounts.proconnect.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # A new account accepts the conditions of use, whichever way it comes.
SOCIALACCOUNT_FORMS = {"signup": "portal.accounts.proconnect.forms.ProConnectSignupForm"}
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# ProConnect (docs/sign-in.md): the issuer's address, and what it calls this portal. Absent, so is its button.
PROCONNECT_ISSUER = env("PROCONNECT_ISSUER", default="").rstrip("/")
PROCONNECT_CLIENT_ID = env("PROCONNECT_CLIENT_ID", default="")
PROCONNECT_CLIENT_SECRET = env("PROCONNECT_CLIENT_SECRET", default="")
MFA_ADAPTER = "portal.accounts.mfa.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs in before their address is confirmed. Without it, who has a second factor could not change address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # Clocks of telephones drift: the code before and the one after count too.
MFA_FORMS = {
    "authenticate": "portal.accounts.mfa_forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.mfa_forms.ReauthenticateForm",
    "activate_totp": "portal.accounts.mfa_forms.ActivateTotpForm",
    "add_webauthn": "portal.accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "portal.accounts.mfa_forms.EditPasskeyForm",
}
# Whoever may administer the portal or send letters has a second factor. Only a development set-up may exempt accounts
# (by address), and only with DEBUG; ``check --deploy`` refuses both.
SECOND_FACTOR_REQUIRED = True
SECOND_FACTOR_EXEMPT: tuple[str, ...] = ()
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # How long the link of an invitation serves.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Accounts nobody uses are told twice, then erased (docs/personal-data.md); administrators are only told.
INACTIVITY_FIRST_NOTICE_DAYS = env.int("INACTIVITY_FIRST_NOTICE_DAYS", default=700)
INACTIVITY_FINAL_NOTICE_DAYS = env.int("INACTIVITY_FINAL_NOTICE_DAYS", default=730)
INACTIVITY_GRACE_DAYS = env.int("INACTIVITY_GRACE_DAYS", default=30)
INACTIVITY_DISABLED_DAYS = env.int("INACTIVITY_DISABLED_DAYS", default=1095)

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
# Keys the hashes of addresses never to write to; empty, it is SECRET_KEY. Changing it forgets every exclusion.
SUPPRESSION_KEY = env("SUPPRESSION_KEY", default="")

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

# --- Security (spec: nothing inline on the public site; the admin has its own, looser policy) -------------------------
# Browsers hold « form-action » against the redirect that follows a form: signing in and out lead to ProConnect.
_FORM_TARGETS = ["'self'", *(["/".join(PROCONNECT_ISSUER.split("/")[:3])] if PROCONNECT_ISSUER else [])]
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": _FORM_TARGETS,
        "frame-ancestors": ["'self'"],
    },
}
# Wagtail's admin writes scripts and styles inside its pages; nothing else is looser there, no other host allowed.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": _FORM_TARGETS,
    "frame-ancestors": ["'self'"],
}
# What no page of the portal asks a browser for (https://www.w3.org/TR/permissions-policy/).
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "microphone": [],
    "geolocation": [],
    "payment": [],
    "usb": [],
    "midi": [],
    "browsing-topics": [],
    "display-capture": [],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Wagtail shows its previews in a frame of the same origin.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.core.errors.csrf_failure"

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

"""Settings of the site, read from the environment; ``.env.example`` lists them all.

Safe by default: DEBUG is off, and what production needs and does not find stops the
start with an error that names the variable. HTTPS-only behaviour follows the scheme
of SITE_URL, so that the same settings serve http://127.0.0.1:8000 and a public host.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from . import addresses

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or (DEBUG and "for-development-only")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
# Addresses begin with the path of SITE_URL, if the site stands below one.
SITE_ORIGIN = SITE_URL.removesuffix(urlsplit(SITE_URL).path)
FORCE_SCRIPT_NAME = urlsplit(SITE_URL).path or None
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# Beside the folder of the database, so that what fills them cannot stop it and each may
# be on a disk of its own.
IMPORT_DIR = Path(env.str("IMPORT_DIR", default=f"{VAR_DIR}-imports"))
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=f"{VAR_DIR}-backups"))
# To whom backups are encrypted: public keys of age, separated by commas.
BACKUP_RECIPIENT = env.list("BACKUP_RECIPIENTS", default=[])
# In megabytes; /readyz tells where less is free.
LEAST_FREE_MB = env.int("LEAST_FREE_MB", default=200)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_ORIGIN])

INSTALLED_APPS = [
    "icctracker.apps.TrackerConfig",
    "icctracker.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "icctracker.apps.TrackerStaticFilesConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "crispy_forms",
    "django_htmx",
    "simple_history",
    "import_export",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "icctracker.web.accounts.middleware.BrowserPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "icctracker.web.accounts.middleware.OnlyUtf8Middleware",
    "django.middleware.gzip.GZipMiddleware",
    "icctracker.web.accounts.cookies.SessionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "icctracker.web.accounts.bodies.BodyLengthMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "icctracker.web.accounts.middleware.PrivatePagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "icctracker.web.accounts.middleware.SessionEndMiddleware",
    "icctracker.web.accounts.known.KnownBrowserMiddleware",
    "icctracker.web.accounts.middleware.LastSeenMiddleware",
    "icctracker.web.accounts.middleware.TemporaryPasswordMiddleware",
    "icctracker.web.accounts.middleware.TwoFactorMiddleware",
    "icctracker.web.kit.answers.KeptAnswersMiddleware",
    "icctracker.web.kit.turns.TurnsMiddleware",
]

ROOT_URLCONF = "icctracker.urls"
WSGI_APPLICATION = "icctracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["icctracker.templatetags.tracker"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# An address typed without a scheme means https; what Django 6 does by default.
FORMS_URLFIELD_ASSUME_HTTPS = True

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR}/db.sqlite3"
DATABASES = {
    "default": addresses.database(
        DATABASE_URL, pool=env.bool("DATABASE_POOL", default=True)
    )
}
# A copy that open pages are read from, if it has all that they show.
if DATABASE_REPLICA_URL := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = addresses.replica(DATABASE_REPLICA_URL)
DATABASE_ROUTERS = ["icctracker.web.kit.replica.Router"]

# Shared by all processes, since limits that one process counts alone do not hold.
CACHES = addresses.caches(env.str("CACHE_URL", default="") or "dbcache://cache")
if "sessions" in CACHES:
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"
# Off, every page is built anew: for measuring, and for finding a fault.
KEEP_ANSWERS = env.bool("KEEP_ANSWERS", default=True)
# For so many seconds a shared cache may answer with an open page without asking here.
# Whoever sets it has the cache told of each change: manage.py tell_caches.
SHARED_MAX_AGE = env.int("SHARED_MAX_AGE", default=0)
PURGE_URLS = env.list("PURGE_URLS", default=[])
PURGE_METHOD = env.str("PURGE_METHOD", default="PURGE")
PURGE_HEADERS = env.dict("PURGE_HEADERS", default={})
# Whether a worker (``manage.py work``) does what is slow; else who asks for it waits,
# and imports have a process of their own.
WORKER = env.bool("WORKER", default=False)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# Every message goes into the outbox; from there, this is how it leaves.
MAIL_TRANSPORT = vars()["EMAIL_BACKEND"]
EMAIL_BACKEND = "icctracker.actions.outbox.Outbox"
# Without a worker the site sends messages itself, beside its pages; off, commands do.
MAIL_AT_ONCE = env.bool("MAIL_AT_ONCE", default=True)
# In minutes: how long after each attempt that failed the next one comes; after the last
# of them, none.
MAIL_PAUSES = env.list(
    "MAIL_PAUSES", cast=float, default=[1, 5, 15, 60, 180, 360, 720, 1440]
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tracker@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# A mail server that does not answer must not hold up the others' messages for long.
EMAIL_TIMEOUT = 10

AUTH_USER_MODEL = "icctracker.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}

# Reviewers and curators sign in with a second step. Not to be set from outside: a
# site that publishes in the name of others does not do without it.
REQUIRE_TWO_FACTOR = True
ACCOUNT_ADAPTER = "icctracker.web.accounts.security.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# People are invited to an address that a curator knows.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = (
    "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
)
# Short, so that nobody adds a key of theirs at a desk that somebody has left.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 3 * 60
ACCOUNT_SESSION_REMEMBER = True
# Amount / time / of whom: an address ("ip"), an account or name ("key"), a person.
ACCOUNT_RATE_LIMITS = {
    "login": "60/10m/ip",
    "login_failed": "30/10m/ip,10/15m/key",
    # In a browser in which the account was signed in before, and in all such together.
    "login_failed_known": "10/15m/key",
    "login_failed_all_known": "40/h/key",
    "reset_password": "20/h/ip,3/h/key",
    "reset_password_from_key": "20/10m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "10/10m/user",
    "manage_email": "10/10m/user",
    "signup": "20/10m/ip",
}
ACCOUNT_FORMS = {
    "login": "icctracker.web.accounts.forms.SignInForm",
    "change_password": "icctracker.web.accounts.forms.PasswordChangeForm",
    "reset_password": "icctracker.web.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "icctracker.web.accounts.forms.NewPasswordForm",
    "reauthenticate": "icctracker.web.accounts.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "icctracker.web.accounts.security.TwoFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "ICC Tracker"
MFA_RATE_LIMITS = {"webauthn_login": "30/10m/ip"}
MFA_FORMS = {
    "authenticate": "icctracker.web.accounts.forms.CodeForm",
    "reauthenticate": "icctracker.web.accounts.forms.ConfirmCodeForm",
    "activate_totp": "icctracker.web.accounts.forms.AppForm",
    "login_webauthn": "icctracker.web.accounts.forms.PasskeySignInForm",
    "authenticate_webauthn": "icctracker.web.accounts.forms.PasskeySecondStepForm",
    "reauthenticate_webauthn": "icctracker.web.accounts.forms.PasskeyConfirmForm",
    "add_webauthn": "icctracker.web.accounts.forms.PasskeyForm",
    "edit_webauthn": "icctracker.web.accounts.forms.PasskeyNameForm",
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["icctracker.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Pages ask for files by their hashed names; the others need not be compressed, too.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# No other site loads ours.
WHITENOISE_ALLOW_ALL_ORIGINS = False
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("All")
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["forms"]
CRISPY_FAIL_SILENTLY = False
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False

# Everything a page uses comes from this site; nothing is written inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{name}=()" for name in "camera geolocation microphone payment usb".split()),
        *(f"publickey-credentials-{does}=(self)" for does in ("create", "get")),
    ]
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Browsers take cookies of these names from this very host alone, and only by https.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "icctracker.web.accounts.cookies.Messages"
SESSION_COOKIE_HTTPONLY = True
KNOWN_BROWSER_COOKIE = "__Host-known" if HTTPS else "known"
SESSION_COOKIE_AGE = 60 * 60 * 12
# Of all that time, and however often it was used.
SESSION_ENDS_AFTER = 60 * 60 * 24 * 7
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many of the last addresses in X-Forwarded-For our own proxies have written.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=1) if BEHIND_PROXY else 0

# A form holds at most some hundreds of fields and a few pages of text; nobody who is
# not signed in sends more.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# One with a file of evidence, from somebody signed in; as in deploy/nginx.conf.
LARGEST_FILE_FORM = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "icctracker.admin.imports.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The largest file of the Council's record; the Library's voting file has 16 MB.
LARGEST_IMPORT = env.int("LARGEST_IMPORT_MB", default=100) * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "icctracker.settings.logs.WithoutSecrets",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="INFO"),
    },
}

"""Settings: everything that differs between machines comes from the environment, each with one name."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("KLYNGEFORUM_HOME", PACKAGE.parents[1]))
VAR = Path(os.environ.get("KLYNGEFORUM_VAR", HOME / "var"))
PROGRAMME = Path(os.environ.get("KLYNGEFORUM_PROGRAMME", HOME / "programme"))


def _switch(name: str, default: str = "no") -> bool:
    value = os.environ.get(name, default)
    if value not in ("yes", "no"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write yes or no")
    return value == "yes"


def _seconds(name: str, default: float) -> float:
    value = os.environ.get(name, str(default))
    try:
        return float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a number of seconds") from error


def _secret() -> str:
    """The key by value, or one kept beside the database: made once, read by this user alone."""
    given = os.environ.get("KLYNGEFORUM_SECRET_KEY")
    if given:
        return given
    file = VAR / "secret.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"secret.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(os.urandom(32).hex())
        with suppress(FileExistsError):  # the first of several processes wins
            os.link(draft, file)
        draft.unlink()
    return file.read_text().strip()


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'klyngeforum.sqlite3'}"
    if not url.startswith(("sqlite:", "postgres:", "postgresql:")):
        raise ImproperlyConfigured(
            f"the database is {url.partition('@')[2] or url!r}; write sqlite:///FILE or postgresql://…"
        )
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"] = {
            "NAME": str(VAR / "test.sqlite3")
        }  # a file, so that a killed process can be proven harmless
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
        }
    else:
        settings["CONN_HEALTH_CHECKS"] = True
    settings["CONN_MAX_AGE"] = 600  # opening anew costs more than most answers, on SQLite too
    return settings


DEBUG = _switch("KLYNGEFORUM_DEBUG")
DEMO = _switch("KLYNGEFORUM_DEMO")
SECRET_KEY = _secret()
ALLOWED_HOSTS = os.environ.get("KLYNGEFORUM_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("KLYNGEFORUM_ORIGINS", "").split() if origin]
SECURE = _switch("KLYNGEFORUM_HTTPS")
if DEMO and SECURE:
    raise ImproperlyConfigured(
        "KLYNGEFORUM_DEMO lets anybody sign in with one click; it cannot be on together with KLYNGEFORUM_HTTPS"
    )
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"

ROOMS = [
    "klyngeforum.ground.programme",
    "klyngeforum.ground.places",
    "klyngeforum.ground.industries",
    "klyngeforum.ground.bodies",
    "klyngeforum.ground.access",
    "klyngeforum.ground.trail",
    "klyngeforum.ground.letters",
    "klyngeforum.ground.jobs",
    "klyngeforum.ground.counts",
    "klyngeforum.registers.clusters",
    "klyngeforum.registers.memberships",
    "klyngeforum.records.activities",
    "klyngeforum.records.outcomes",
    "klyngeforum.records.economy",
    "klyngeforum.records.survey",
    "klyngeforum.records.intake",
    "klyngeforum.quality.indicators",
    "klyngeforum.quality.assessments",
    "klyngeforum.quality.labels",
    "klyngeforum.results.accounts",
    "klyngeforum.results.reports",
    "klyngeforum.results.landscape",
    "klyngeforum.results.strengths",
    "klyngeforum.results.effects",
    "klyngeforum.steering.leagues",
    "klyngeforum.steering.meetings",
    "klyngeforum.web",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    *ROOMS,
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "django_filters",
    "django_tables2",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "klyngeforum.web.language.LanguageByChoice",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "klyngeforum.web.typed.TypedText",  # last: its refusal is a page like others, with the person and the language
]

ROOT_URLCONF = "klyngeforum.web.urls"
WSGI_APPLICATION = "klyngeforum.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "klyngeforum.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "klyngeforum.web.templatetags.words"],
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "klyngeforum.web.sign_in.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # the subject names the house itself
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # whoever had the mail and chose a password goes on to the desk
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
LOGIN_REDIRECT_URL = "/hjem/"
LOGIN_URL = "/konto/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
# whose midnight ends a day; a country sets its own
TIME_ZONE = os.environ.get("KLYNGEFORUM_TIME_ZONE", "Europe/Copenhagen")
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
EXTRACTS = Path(
    os.environ.get("KLYNGEFORUM_EXTRACTS", VAR / "extracts")
)  # of the company register: rows of companies, never shown
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "klyngeforum.web.arriving.ExtractHandler",  # of the one address that takes a register; everywhere else the next two
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# seconds: a page says what was counted last where a count took longer, and a worker counts anew
COUNTED_LATER = _seconds("KLYNGEFORUM_COUNTED_LATER", 0.5)

# seconds within which long work has finished a part; then it is taken to hang and given up
LONGEST_PART = _seconds("KLYNGEFORUM_LONGEST_PART", 4 * 3600)

# how often (within so many seconds) a personal link of the survey is written through, and an address tries links that are none
SURVEY_LIMITS = {"link": (60, 60), "wrong": (20, 600)}

EMAIL_BACKEND = os.environ.get("KLYNGEFORUM_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
ADDRESS = os.environ.get(
    "KLYNGEFORUM_ADDRESS", "http://localhost:8000"
)  # where people find the house, for links in mails
DEFAULT_FROM_EMAIL = os.environ.get("KLYNGEFORUM_FROM", "klyngeforum@localhost")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF, NONCE],
        "script-src": [SELF, NONCE],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DJANGO_TABLES2_TEMPLATE = "components/table.html"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

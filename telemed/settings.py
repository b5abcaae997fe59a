"""All settings. What differs between places is an environment variable (see .env.example)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from telemed import env, runtime
from telemed.core.lines import Line

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA", default=str(BASE_DIR / "var")))
# Importing this file needs no server: a name without one fails when it is used, not before.
STACK = runtime.read(DATA_DIR)

SECRET_KEY = env.text("SECRET_KEY", default=STACK.get("secret_key", "embedded-only"))
# Encrypts identity numbers; losing it loses them, so it is kept apart from the database.
FIELD_KEY = env.text("FIELD_KEY", default=STACK.get("field_key", "embedded-only"))
DEMO = env.flag("DEMO", default=STACK.get("demo", "false") == "true")
DEBUG = env.flag("DEBUG", default=False)
HTTPS = env.flag("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # probes come from inside
# Only where a proxy that we trust sets the header itself and drops the client's.
if env.flag("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLOWED_HOSTS = env.text("ALLOWED_HOSTS", default="127.0.0.1,localhost,testserver").split(",")

# The application's role reads and writes; only `migrate` connects as the owner of the tables.
DATABASES = {
    "default": env.database("DATABASE_URL", default=STACK.get("database_url", "dbname=telemed")),
    "owner": env.database("OWNER_DATABASE_URL", default=STACK.get("owner_url", "dbname=telemed")),
}
# What telemed.core.statements and the FHIR store ask is planned once for each connection. (Django's
# own cursors bind on the client and prepare nothing.)
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 2
# Requests share connections; each is tried before use, because the database may have restarted.
if pool := env.number("DATABASE_POOL", default=20):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "connection_class": Line,
        "min_size": 1,
        "max_size": pool,
        "timeout": 5,
        # It tries again ever later, for as long as this; then whoever waits makes it try at once.
        "reconnect_timeout": 2,
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}  # tests: the owner's database, our own role

# One Valkey, two spellings: channels_redis and Celery do not read each other's socket URLs.
REDIS_URL = env.text("REDIS_URL", default=STACK.get("redis_url", "unix:///none"))
CELERY_BROKER_URL = env.text("BROKER_URL", default=STACK.get("broker_url", "redis+socket:///none"))
# A doorbell that does not answer must not keep waiting who rings it: what it would have told is
# in the database, and found there.
BELL_LIMITS = {"socket_timeout": 3, "socket_connect_timeout": 2}  # seconds
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, **BELL_LIMITS}]},
    }
}
CELERY_BROKER_TRANSPORT_OPTIONS = BELL_LIMITS
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
# Rate limits hold across processes. A Valkey that hangs costs a request half a second at most.
CACHES = {
    "default": {
        "BACKEND": "telemed.core.caches.Shared",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "limits",
        "OPTIONS": {"socket_timeout": 0.5},
    }
}
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_POOL = "threads"  # no processes of its own that could outlive it
CELERY_WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", default=4)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")


def every(task: str, **period: int) -> dict[str, Any]:
    """A tick that nobody took in time is worth nothing: the next one finds the same work."""
    pause = timedelta(**period)
    return {"task": task, "schedule": pause, "options": {"expires": pause.total_seconds() * 5}}


CELERY_BEAT_SCHEDULE = {
    "relay": every("telemed.core.tasks.relay_outbox_task", seconds=2),
    "clocks": every("telemed.core.tasks.fire_clocks_task", seconds=2),
    "pulse": every("telemed.core.tasks.show_pulse_task", seconds=2),
    "seal": every("telemed.audit.tasks.seal_audit_task", seconds=5),
    "rooms": every("consult.rooms.tasks.sweep_rooms_task", seconds=5),
    "media": every("consult.rooms.tasks.run_media_errands_task", seconds=5),
    "recordings": every("consult.recordings.tasks.finish_recordings_task", seconds=30),
    "expire": every("consult.recordings.tasks.expire_recordings_task", hours=6),
    "settle": every("records.imaging.tasks.settle_studies_task", seconds=5),
    "sweep": every("records.imaging.tasks.sweep_arrivals_task", hours=1),
    "unfinished": every("records.imaging.tasks.forget_unfinished_task", hours=1),
    "deliver": every("telemed.notifications.tasks.deliver_task", seconds=2),
    "tidy": every("telemed.notifications.tasks.tidy_deliveries_task", hours=1),
    "licences": every("telemed.staff.tasks.watch_licences_task", hours=1),
    "plan": every("scheduling.availability.tasks.plan_sessions_task", hours=1),
    "openings": every("scheduling.opening.tasks.prepare_openings_task", minutes=1),
    "lines": every("scheduling.opening.tasks.steer_openings_task", seconds=2),
    "duties": every("scheduling.duties.tasks.plan_duties_task", hours=1),
    "teams": every("scheduling.registration.tasks.hand_over_teams_task", seconds=5),
    "of_age": every("scheduling.registration.tasks.await_own_signatures_task", hours=24),
    "silence": every("telemed.oversight.tasks.watch_silence_task", hours=1),
    "signals": every("telemed.oversight.tasks.raise_signals_task", hours=6),
    "forget": every("telemed.core.tasks.forget_idempotency_keys_task", hours=1),
}
if DEMO:  # in case a worker died while it filled the province
    CELERY_BEAT_SCHEDULE["fill"] = every("telemed.demo.tasks.fill_province_task", minutes=1)
    CELERY_BEAT_SCHEDULE["seen"] = every("telemed.demo.tasks.note_running_task", seconds=10)

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "telemed.core",
    "telemed.audit",
    "telemed.organisations",
    "telemed.people",  # before allauth: its templates are ours
    "telemed.rota",
    "telemed.staff",
    "telemed.notifications",
    "telemed.web",
    "telemed.desks",
    "telemed.devices",
    "telemed.upkeep",
    "telemed.oversight",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "records.mpi",
    "records.consent",
    "records.fhir",
    "records.imaging",
    "records.chart",
    "records.family",
    "scheduling.availability",
    "scheduling.appointments",
    "scheduling.opening",
    "scheduling.registration",
    "scheduling.referrals",
    "scheduling.greens",
    "scheduling.duties",
    "scheduling.utilisation",
    "consult.requests",
    "consult.keyimages",
    "consult.opinions",
    "consult.archive",
    "consult.rooms",
    "consult.visits",
    "consult.recordings",
    "consult.guests",
    "consult.credit",
    "consult.residents",
    "telemed.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "telemed.web.middleware.PageHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "telemed.web.middleware.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "telemed.web.middleware.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "telemed.people.middleware.SecondStep",
    "telemed.desks.middleware.SignOutGivesUpThePlace",
    "telemed.web.middleware.DomainErrors",
]
ROOT_URLCONF = "telemed.urls"
ASGI_APPLICATION = "telemed.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "telemed.web.context.shell",
            ]
        },
    }
]

# Accounts: django-allauth with our templates; it limits the rate of sign-in attempts by itself.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["telemed.people.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    ]
]
ACCOUNT_ADAPTER = "telemed.people.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "phone", "password1*", "password2*"]
# Administrators enter the numbers; an account with an unverified one must still get in.
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_EMAIL_VERIFICATION = "none"
# Ten wrong passwords in a quarter of an hour lock an account for as long; an institution's people
# share one address.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,10/15m/key"}
ACCOUNT_SESSION_REMEMBER = False  # clinics share PCs: a session ends with the browser
# Roles that get no further than the page that sets it up, until they have a second step.
MFA_ROLES = env.text(
    "MFA_ROLES", default="" if DEMO else "administrator,auditor,medical_office,official"
).split(",")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
USERSESSIONS_ADAPTER = "telemed.people.accounts.SessionsAdapter"
# Sessions are listed since sign-in; tracking each page would cost every page five queries.
USERSESSIONS_TRACK_ACTIVITY = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
CSRF_FAILURE_VIEW = "telemed.web.error_pages.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Whom to ring when the page cannot help; shown at sign-in and on every error page.
ON_CALL_PHONE = env.text("ON_CALL_PHONE", default="0855-000-0000" if DEMO else "")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "telemed" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LANGUAGE_COOKIE_NAME = "language"

# Collected files have their hash in their name and are cached for good; until something is
# collected, each is served from where it is.
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "telemed.web.storage.Collected"},
}
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "telemed.core.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Beat ticks every 2 s; a line for each would hide everything else.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

# Messages that leave the house; what the gateways need is checked by `check --deploy`.
PUBLIC_URL = env.text("PUBLIC_URL", default=STACK.get("address", "http://127.0.0.1:8000"))
SMS_GATEWAY = env.text("SMS_GATEWAY", default="console")
SMS_URL = env.text("SMS_URL", default="https://dysmsapi.aliyuncs.com")
SMS_KEY_ID = env.text("SMS_KEY_ID", default="")
SMS_KEY_SECRET = env.text("SMS_KEY_SECRET", default="")
SMS_SIGN = env.text("SMS_SIGN", default="")
SMS_TEMPLATES = env.text("SMS_TEMPLATES", default="")
SMS_WEBHOOK_SECRET = env.text("SMS_WEBHOOK_SECRET", default="")
EMAIL_GATEWAY = env.text("EMAIL_GATEWAY", default="console")
EMAIL_WAY = "smtp" if EMAIL_GATEWAY == "smtp" else "dummy"  # what allauth sends goes there too
EMAIL_BACKEND = f"django.core.mail.backends.{EMAIL_WAY}.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", default="")
EMAIL_PORT = env.number("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.text("EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", default="")

UPLOAD_LIMIT_MB = env.number("UPLOAD_LIMIT_MB", default=600)  # one DICOM file or ZIP
IMAGING_CHILDREN = env.number("IMAGING_CHILDREN", default=4)  # processes that read foreign files


# Helpers for WebRTC behind NAT; without them two browsers must reach each other directly.
STUN_URLS = [url for url in env.text("STUN_URLS", default="").split(",") if url]
TURN_URLS = [url for url in env.text("TURN_URLS", default="").split(",") if url]
TURN_SECRET = env.text("TURN_SECRET", default="")
# How long credentials open a way; a page in a call asks for new ones before.
TURN_SECONDS = env.number("TURN_SECONDS", default=900)
# A media engine for rooms of more people than a mesh of browsers carries; without: meshes alone.
LIVEKIT_URL = env.text("LIVEKIT_URL", default="")
LIVEKIT_KEY = env.text("LIVEKIT_KEY", default="")
LIVEKIT_SECRET = env.text("LIVEKIT_SECRET", default="")

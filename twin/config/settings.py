"""All settings, in one file. What differs between installations comes from the environment (`env.py`)."""

import warnings
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from twin.config import env

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(env.text("TWIN_DATA_DIR", str(ROOT / ".local" / "data")))

SECRET_KEY = env.text("TWIN_SECRET_KEY")
FIELD_KEYS = env.keys("TWIN_FIELD_KEYS")  # the first one writes, all read
[INDEX_KEY] = env.keys("TWIN_INDEX_KEY")
DEBUG = env.flag("TWIN_DEBUG")
DEMO = env.flag("TWIN_DEMO")  # demo log-ins exist and are shown on the log-in page
DEMO_PASSWORD = "haitang-2026"  # noqa: S105  (public by intent, refused unless TWIN_DEMO is set)
DEMO_USERS = {
    "duty": {"zh": "指挥中心值班员", "en": "Duty officer"},
    "admin": {"zh": "平台管理员", "en": "Community admin"},
    "head": {"zh": "第1网格网格长", "en": "Head of grid 1"},
    "worker": {"zh": "第1网格网格员", "en": "Worker of grid 1"},
    "wall": {"zh": "大屏", "en": "Big screen"},
    "planner": {"zh": "规划员", "en": "Planner"},
    "auditor": {"zh": "审计员", "en": "Auditor"},
}
ALLOWED_HOSTS = env.items("TWIN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.items("TWIN_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "twin.admin",  # before Django's own: its templates are the house's
    "django.contrib.admin",
    "django.contrib.postgres",
    "django.contrib.gis",
    "channels",
    "rest_framework",
    "rest_framework_gis",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "twin.base",
    "twin.accounts",
    "twin.places",
    "twin.access",
    "twin.people",
    "twin.points",
    "twin.devices",
    "twin.patrol",
    "twin.reports",
    "twin.ingest",
    "twin.api",
    "twin.demo",
    "layers",
    "layers.live",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "twin.config.security.ContentSecurityPolicy",
    "twin.config.security.KeptByNobody",
    "twin.config.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "twin.base.http.ErrorsAsJson",
]

ROOT_URLCONF = "twin.config.urls"
ASGI_APPLICATION = "twin.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.database("TWIN_DATABASE_URL"),
        # Nested verbs inside requests need no connection of their own; a pool keeps threads of an ASGI server from
        # opening one each. Who gets none within the time-out is told 503 rather than kept waiting.
        # The pool's own pauses between attempts grow to minutes; given up soon, each request is a new attempt.
        # Ten threads keep theirs for good (layers/asgi.py, layers/live/hub.py); the others are for requests.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 5, "reconnect_timeout": 1}},
        "CONN_HEALTH_CHECKS": True,  # those of before a restart of the database are in the pool still
    }
}
SLOWEST_STATEMENT_S = env.seconds("TWIN_STATEMENT_TIMEOUT_S", 30)  # in web processes; twin/base/patience.py
# Only PostGIS names coordinate systems here; none that a user sends is ever handed to GDAL to be looked up.
# The front end may be built after the server has started.
SILENCED_SYSTEM_CHECKS = ["gis.W001", "staticfiles.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("TWIN_REDIS_URL", " ").strip()
CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
MQTT_URL = env.text("TWIN_MQTT_URL", " ").strip()

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login/"
SESSION_COOKIE_AGE = 12 * 3600  # one working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("TWIN_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TWIN_HTTPS") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "twin" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
FRONTEND_DIST = ROOT / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST]
WHITENOISE_USE_FINDERS = (
    True  # served from where they were built; collecting them first is for a web server in front
)
WHITENOISE_IMMUTABLE_FILE_TEST = (
    r"^/static/assets/.+-[\w-]{8}\.\w+$"  # the build writes a hash into these names
)
warnings.filterwarnings("ignore", message="No directory at")
MEDIA_ROOT = DATA / "media"

CACHES = {
    "default": (
        {
            "BACKEND": "twin.base.cache.RedisWhileItAnswers",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
            # Several installations may share one Redis, and their tiles have the same addresses.
            "KEY_PREFIX": sha256(f"{SECRET_KEY}|{env.text('TWIN_DATABASE_URL')}".encode()).hexdigest()[:16],
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
    )
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "twin.api.authentication.TokenAuthentication",
        "twin.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["twin.base.http.JsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "twin.base.http.ByNewest",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "twin.base.http.exception_handler",
    # A client may write any X-Forwarded-For. Behind a proxy the server has read the proxy's own (daphne --proxy-headers).
    "NUM_PROXIES": 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Community twin",
    "DESCRIPTION": "Places, devices, alarms and patrols of a community. Every answer is scoped to the viewer's roles.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "twin.api.schema.with_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "BuildingUse": "twin.places.models.building.Building.Use",
        "DwellingUse": "twin.places.models.building.Dwelling.Use",
        "GridKind": "twin.places.models.grid.Grid.Kind",
        "CompoundKind": "twin.places.models.compound.Compound.Kind",
        "ImportKind": "twin.places.models.importing.ImportRun.Kind",
        "ImportState": "twin.places.models.importing.ImportRun.State",
        "ImportVerdict": "twin.places.models.importing.ImportRow.Verdict",
        "TagCatalogueVerdict": "twin.people.models.catalogue.TagCatalogueRow.Verdict",
        "TagCatalogueRowKind": "twin.people.models.catalogue.TagCatalogueRow.Kind",
        "RosterVerdict": "twin.people.models.roster.RosterRow.Verdict",
        "RosterAddressState": "twin.people.models.roster.RosterAddress.State",
        "HouseholdKind": "twin.people.models.household.Household.Kind",
        "OrganisationKind": "twin.people.models.organisation.Organisation.Kind",
        "PersonalField": "twin.access.roles.Personal",
        "PersonState": "twin.people.counts.PersonState",
        "TenureEnum": "twin.people.models.household.Residence.Tenure",
        "ReportSubject": "twin.reports.field.Subject",
        "ReportFieldGroup": "twin.reports.field.Group",
        "ReportFieldKind": "twin.reports.field.Kind",
        "ReportAreaKind": "twin.reports.areas.AreaKind",
        "ClaimState": "twin.points.models.claim.Claim.State",
        "PointsEntryKind": "twin.points.models.ledger.Entry.Kind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"seldom": {"()": "twin.base.seldom.Seldom"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("TWIN_LOG_LEVEL", "INFO")},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        # Each tells of one outage again and again.
        "psycopg.pool": {"filters": ["seldom"]},
        "channels_redis.pubsub": {"filters": ["seldom"]},
    },
}

"""The whole of the twin as one ASGI application; servers load it by `asgi.py`, which looks at the keys first."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twin.config.settings")
from django.conf import settings

from twin.base.patience import give_up_after

give_up_after(settings.SLOWEST_STATEMENT_S, settings.DATABASES["default"])
http = get_asgi_application()  # first: it loads the apps that everything else imports

from channels.routing import ProtocolTypeRouter  # noqa: E402

from layers.asgi import Shapes  # noqa: E402
from layers.live.routing import websockets  # noqa: E402
from twin.base.canary import verify_keys_at_start  # noqa: E402

__all__ = ["application", "verify_keys_at_start"]

application = ProtocolTypeRouter({"http": Shapes("/layers/", otherwise=http), "websocket": websockets})

"""Settings of a twin that has kept no tile: every key is a new one, so all is looked up, drawn and kept as on a first day."""

import os
from itertools import count

from twin.config.settings import *  # noqa: F403
from twin.config.settings import CACHES

_number = count()
CACHES["default"]["KEY_FUNCTION"] = lambda key, prefix, version: f"{os.getpid()}:{next(_number)}"

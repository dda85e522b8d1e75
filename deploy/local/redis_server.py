"""The private Redis: a Unix socket in a closed folder, no port, nothing kept on disk."""

from urllib.parse import quote

from deploy.local.binaries import need
from deploy.local.place import Place
from deploy.local.postgres import answers
from deploy.local.program import Program

SOCKET = "redis.sock"


def redis_server(place: Place) -> Program:
    """Redis as a supervised program. It only rings the bell between processes, so it may forget."""
    path = place.sockets() / SOCKET
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "allkeys-lru",  # finished tiles would fill it, and then it would take no more
        "--daemonize": "no",
        "--set-proc-title": "no",  # the title would overwrite the mark that names this checkout
    }
    return Program(
        "redis",
        (
            *place.account.prefix(),
            str(need("redis-server")),
            *(word for pair in options.items() for word in pair),
        ),
        environment={"LC_ALL": "C.UTF-8"},
        folder=place.sockets(),
        ready=lambda: answers(path),
        shown=False,
    )


def redis_url(place: Place) -> str:
    return f"unix://{quote(str(place.sockets() / SOCKET))}?db=0"

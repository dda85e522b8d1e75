"""PostgreSQL, Redis and the MQTT broker of one place, and the environment that leads the twin to them."""

from collections.abc import Mapping

from deploy.local.broker import broker, broker_url
from deploy.local.keys import keys
from deploy.local.place import ROOT, Place
from deploy.local.ports import any_free
from deploy.local.postgres import database_url, postgres, prepare_database
from deploy.local.program import Program
from deploy.local.redis_server import redis_server, redis_url
from deploy.local.settings_file import read_settings, write_settings
from deploy.local.supervisor import Supervisor

BROKER_PORT = "BROKER_PORT"


def mark_of(place: Place) -> str:
    """What names this checkout and mode in the environment of each process."""
    return f"{ROOT}:{place.mode}"


async def start_servers(place: Place, supervisor: Supervisor) -> dict[str, str]:
    """Starts the three servers and answers with the TWIN_* variables that lead to them."""
    secrets = keys(place.secrets)
    port = broker_port(place)
    for program in programs(place, secrets, port):
        await supervisor.start(program)
    prepare_database(place, secrets)
    return environment(place, secrets, port)


def programs(place: Place, secrets: Mapping[str, str], port: int) -> list[Program]:
    return [postgres(place, secrets), redis_server(place), broker(place, secrets["BROKER_PASSWORD"], port)]


def broker_port(place: Place) -> int:
    """The port of the last start while it is free, else another; remembered for the next."""
    port = any_free(remembered_broker_port(place))
    write_settings(place.remembered, read_settings(place.remembered) | {BROKER_PORT: str(port)})
    return port


def remembered_broker_port(place: Place) -> int | None:
    before = read_settings(place.remembered).get(BROKER_PORT)
    return int(before) if before else None


def environment(place: Place, secrets: Mapping[str, str], port: int) -> dict[str, str]:
    uploads = place.state / "data"
    uploads.mkdir(mode=0o700, exist_ok=True)
    return {
        "TWIN_DATABASE_URL": database_url(place, secrets),
        "TWIN_REDIS_URL": redis_url(place),
        "TWIN_MQTT_URL": broker_url(secrets["BROKER_PASSWORD"], port),
        "TWIN_DATA_DIR": str(uploads),
        **{name: secrets[name] for name in ("TWIN_SECRET_KEY", "TWIN_FIELD_KEYS", "TWIN_INDEX_KEY")},
    }

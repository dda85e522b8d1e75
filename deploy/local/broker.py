"""The private MQTT broker: one loopback port, one user with a password."""

import subprocess

from deploy.local.binaries import need
from deploy.local.place import Place
from deploy.local.ports import accepts_tcp
from deploy.local.program import Program, SetUpError
from deploy.local.settings_file import write_private

USER = "twin"


def broker(place: Place, password: str, port: int) -> Program:
    """Mosquitto on `port` of the loopback address, as a supervised program."""
    folder = place.data("mqtt")
    passwords = folder / "passwords"
    write_private(passwords, f"{USER}:{password}\n")
    done = subprocess.run(
        [str(need("mosquitto_passwd")), "-U", str(passwords)], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SetUpError(f"The MQTT broker's password file could not be made: {done.stderr}")
    settings = folder / "mosquitto.conf"
    write_private(
        settings,
        f"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\npersistence false\n"
        "log_dest stdout\nlog_type error\nlog_type warning\nmax_inflight_messages 1000\nmax_queued_messages 100000\n",
    )
    for file in (passwords, settings):
        place.account.own(file)
    return Program(
        "mqtt",
        (*place.account.prefix(), str(need("mosquitto")), "-c", str(settings)),
        environment={"LC_ALL": "C.UTF-8"},
        folder=folder,
        ready=lambda: accepts_tcp(port),
        shown=False,
    )


def broker_url(password: str, port: int) -> str:
    return f"mqtt://{USER}:{password}@127.0.0.1:{port}"

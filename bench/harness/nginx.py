"""Debian's nginx, as a private process in a folder of its own; never the system's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness.processes import running

MODULES = Path("/usr/lib/nginx/modules")
CONFIGURATION = """
{load}
daemon off; worker_processes {workers}; pid {folder}/pid; error_log {folder}/log; {user}
events {{ worker_connections 4096; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


@contextmanager
def serving(port: int, locations: str, *, module: str | None = None, workers: int = 1) -> Iterator[int]:
    """nginx with these locations; its process id. Raises SystemExit where it, or its module, is not installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None or (module is not None and not (MODULES / module).exists()):
        raise SystemExit("nginx is missing: apt-get install nginx-light libnginx-mod-nchan")
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                load=f"load_module {MODULES / module};" if module else "",
                workers=workers,
                folder=folder,
                port=port,
                locations=locations,
                user="user root;"
                if Path("/root").stat().st_uid == 0 and Path(folder).owner() == "root"
                else "",
            )
        )
        with running([program, "-c", str(configuration), "-p", folder], port) as child:
            yield child.pid

"""HTTP load from wrk (Debian's package): a list of paths, over and over, on kept-alive connections."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
local lines = {{}}
for line in io.lines({paths!r}) do
    local path, etag = line:match("^(%S+)\\t?(.*)$")
    lines[#lines + 1] = {{path, etag}}
end
local at = 0
function init() math.randomseed({seed}); at = math.random(#lines) end
function request()
    at = at % #lines + 1
    local headers = {{["Accept-Encoding"] = "gzip"}}
    {cookie}
    if lines[at][2] ~= "" then headers["If-None-Match"] = lines[at][2] end
    return wrk.format("GET", lines[at][1], headers)
end
local function count(summary, latency, requests)
    io.write(string.format("RESULT %d %d %d %d\\n", summary.requests, summary.errors.status, summary.duration,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
done = count
"""


@dataclass(frozen=True)
class Load:
    answers: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


def load(
    port: int, paths: Sequence[str], seconds: float, *, connections: int = 4, cookie: str = "", seed: int = 1
) -> Load:
    """Ask for these paths ("path", or "path<tab>etag") for so long. Raises SystemExit when an answer is an error."""
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder) / "paths", Path(folder) / "script.lua"
        listed.write_text("\n".join(paths), encoding="ascii")
        line = f'headers["Cookie"] = "{cookie}"' if cookie else ""
        script.write_text(SCRIPT.format(paths=str(listed), seed=seed, cookie=line), encoding="ascii")
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "60s", "-s", str(script)]
        try:
            said = subprocess.run(
                [*words, f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True
            ).stdout
        except FileNotFoundError:
            raise SystemExit("wrk is missing: apt-get install wrk") from None
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", said)
    if found is None or int(found[2]) or int(found[4]):
        raise SystemExit(f"not every answer was good:\n{said}")
    return Load(int(found[1]), int(found[3]) / 1e6)

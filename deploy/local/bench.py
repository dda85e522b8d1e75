"""`make bench`: starts servers of its own and hands over to bench/run, with the tools of the set-up on its PATH.

The servers keep what they hold below .local/bench/, as those of `make run` do: what is measured is what will be run, to the
last fsync. `make bench BENCH="tiles_cold --dwellings 2000000"` runs one.
"""

import asyncio
import os
import shlex

from deploy.local.check import servers_of
from deploy.local.node import Node
from deploy.local.place import ROOT, place
from deploy.local.python_environment import VENV
from deploy.local.signals import until_told_to_stop
from deploy.local.terminal import Terminal

BENCH = ROOT / "bench" / "run"


def bench(node: Node, terminal: Terminal) -> bool:
    """Runs bench/run in the foreground; whether it succeeded."""
    return asyncio.run(measured(node, terminal))


async def measured(node: Node, terminal: Terminal) -> bool:
    path = os.pathsep.join((str(VENV / "bin"), node.environment.get("PATH", os.defpath)))
    words = shlex.split(os.environ.get("BENCH", ""))
    async with until_told_to_stop(), servers_of(place("bench"), terminal) as servers:
        child = await asyncio.create_subprocess_exec(
            str(BENCH), *words, cwd=ROOT, env={**node.environment, **servers, "PATH": path}
        )
        try:
            return await child.wait() == 0
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()
    return False

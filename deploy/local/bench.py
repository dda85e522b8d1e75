"""`make bench`: hands over to bench/run, with the tools of the set-up on its PATH."""

import os
import subprocess

from deploy.local.node import Node
from deploy.local.place import ROOT
from deploy.local.program import SetUpError
from deploy.local.python_environment import VENV

BENCH = ROOT / "bench" / "run"


def bench(node: Node) -> bool:
    """Runs bench/run in the foreground; whether it succeeded."""
    if not BENCH.exists():
        raise SetUpError("There is no bench/run in this checkout.")
    path = os.pathsep.join((str(VENV / "bin"), node.environment.get("PATH", os.defpath)))
    return (
        subprocess.run([str(BENCH)], check=False, cwd=ROOT, env={**node.environment, "PATH": path}).returncode
        == 0
    )

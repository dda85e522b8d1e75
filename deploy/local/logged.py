"""Runs a command of the set-up: its output goes to a log, its last line to the terminal while it runs."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.place import ROOT
from deploy.local.program import SetUpError
from deploy.local.terminal import Terminal

WORDS_OF_A_FAILURE = 30


def run_logged(
    command: Sequence[str],
    terminal: Terminal,
    title: str,
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    stdin: Path = Path(os.devnull),
) -> None:
    """Runs `command` to its end; SetUpError with its last lines when it fails. The command ends with this process."""
    last: list[str] = []
    with stdin.open("rb") as given, log.open("a", encoding="utf-8") as kept:
        kept.write(f"\n$ {' '.join(command)}\n")
        with subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *command],
            cwd=folder,
            env=dict(environment or os.environ),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running:
            assert running.stdout is not None
            try:
                for line in running.stdout:
                    kept.write(line)
                    last = [*last, line.rstrip()][-WORDS_OF_A_FAILURE:]
                    terminal.progress(title, line)
            except BaseException:
                running.terminate()
                raise
    if running.returncode != 0:
        said = "\n".join(f"    {line}" for line in last)
        raise SetUpError(
            f"{Path(command[0]).name} failed (exit status {running.returncode}); all of it: {log}\n{said}"
        )

"""What is measured by hand is seldom run; at least it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHES = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "bench/run", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_says_what_it_measures(name: str) -> None:
    told = run(name, "--help")
    assert told.returncode == 0, told.stderr
    assert "usage:" in told.stdout


def test_a_bench_that_does_not_exist_is_answered_with_those_that_do() -> None:
    told = run("nonsense")
    assert told.returncode == 2
    assert all(name in told.stdout for name in BENCHES)

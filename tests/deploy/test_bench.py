"""What is measured by hand is seldom run; at least it starts."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHES = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "bench/run", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One with a bench that tells by which Python it runs."""
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "run").write_bytes((ROOT / "bench" / "run").read_bytes())
    (tmp_path / "bench" / "which.py").write_text("import sys\nprint(sys.prefix)\n", encoding="utf-8")
    return tmp_path


def python_of_a_plain_shell(checkout: Path) -> str:
    """The one that an environment was made from, as `bench/run` finds it on the PATH of a shell."""
    words = [str(Path(sys.base_prefix) / "bin" / "python3"), "bench/run", "which"]
    told = subprocess.run(words, cwd=checkout, capture_output=True, text=True, check=True)
    return told.stdout.splitlines()[-1]


def test_from_a_plain_shell_the_python_of_the_set_up_measures(checkout: Path) -> None:
    venv.create(checkout / ".local" / "venv", with_pip=False)
    assert python_of_a_plain_shell(checkout) == str(checkout / ".local" / "venv")


def test_where_nothing_is_set_up_the_python_at_hand_measures(checkout: Path) -> None:
    assert python_of_a_plain_shell(checkout) == sys.base_prefix


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_says_what_it_measures(name: str) -> None:
    told = run(name, "--help")
    assert told.returncode == 0, told.stderr
    assert "usage:" in told.stdout


def test_a_bench_that_does_not_exist_is_answered_with_those_that_do() -> None:
    told = run("nonsense")
    assert told.returncode == 2
    assert all(name in told.stdout for name in BENCHES)

"""Small decisions of the set-up."""

from pathlib import Path

import pytest

from deploy.local.account import Account
from deploy.local.check import CLOSING, sample_data
from deploy.local.node import suits
from deploy.local.packages import TO_RUN, TO_TEST, described, to_ask
from deploy.local.place import ROOT, place
from deploy.local.python_environment import LOCKS
from deploy.local.single import AlreadyRunning, holder, only_one
from deploy.local.stamps import digest, is_done, mark_done


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.13.0", "v24.0.1", "v26.1.0"])
def test_a_node_that_can_build_the_front_end_is_taken(version: str) -> None:
    assert suits(version)


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.1", "v21.7.3", "v22.12.0", "v23.11.0", "", "none"])
def test_a_node_that_cannot_is_not(version: str) -> None:
    assert not suits(version)


def test_every_missing_package_is_named_with_its_use_and_what_to_ask_for() -> None:
    needs = list(TO_RUN + TO_TEST)
    for need in needs:
        assert need.why in described(needs)
        assert all(name in to_ask(needs) for name in need.packages)


def test_running_needs_nothing_that_only_tests_do() -> None:
    run = {name for need in TO_RUN for name in need.packages}
    assert not run & {name for need in TO_TEST for name in need.packages}
    assert "chromium" not in run


def test_who_must_ask_an_administrator_for_python_is_told_of_the_rest_too() -> None:
    text = (ROOT / "deploy" / "local" / "bootstrap.sh").read_text(encoding="utf-8")
    told = (
        next(line for line in text.splitlines() if line.startswith("next=")).removeprefix("next=").strip('"')
    )
    assert told.split() == [name for need in TO_RUN for name in need.packages]


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_file_pins_everything_with_hashes_and_names_no_registry(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in line and line.endswith("\\") for line in pins)
    assert "http" not in [word.split(":")[0] for word in text.split()]
    assert not any(line.startswith("-") for line in pins)


def test_a_step_is_done_again_only_when_its_files_changed(tmp_path: Path) -> None:
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    source.write_text("one")
    assert not is_done(stamp, digest([source]))
    mark_done(stamp, digest([source]))
    assert is_done(stamp, digest([source]))
    source.write_text("two")
    assert not is_done(stamp, digest([source]))


def test_only_one_supervisor_holds_a_place(tmp_path: Path) -> None:
    here = place("run", account=Account.of_the_caller(), root=tmp_path)
    assert holder(here) is None
    with only_one(here), pytest.raises(AlreadyRunning), only_one(here):
        pass
    assert holder(here) is None


@pytest.mark.parametrize(
    "line",
    [
        "============ 12 passed, 3 skipped in 4.20s ============",
        "======= 1 failed, 2 passed, 1 error in 61.00s (0:01:01) =======",
    ],
)
def test_the_lines_that_close_a_test_run_are_kept_for_the_end(line: str) -> None:
    assert CLOSING.search(line)


def test_a_heading_of_pytest_is_not_kept() -> None:
    assert not CLOSING.search("=========== short test summary info ===========")


def test_what_two_runs_of_pytest_say_of_the_sample_data_is_added_up() -> None:
    said = [
        "sample data: 3 ran, 1 skipped",
        "===== 9 passed in 1.00s =====",
        "sample data: 10 ran, 0 skipped",
    ]
    assert sample_data(said) == "sample data: 13 ran, 1 skipped"

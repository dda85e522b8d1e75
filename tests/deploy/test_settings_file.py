"""Settings that hold secrets: closed to others, and read alike by us and by a shell."""

import subprocess
from pathlib import Path

import pytest

from deploy.local.keys import WANTED, keys
from deploy.local.settings_file import read_settings, write_settings

AWKWARD = {
    "PLAIN": "one",
    "SPACES": "two words",
    "QUOTES": 'it\'s "quoted" $HOME `id`',
    "CHINESE": "海棠湾",
    "EMPTY": "",
}


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write_settings(tmp_path / "x.env", AWKWARD, "two lines\nof preface")
    assert read_settings(tmp_path / "x.env") == AWKWARD


def test_a_shell_reads_the_same(tmp_path: Path) -> None:
    write_settings(tmp_path / "x.env", AWKWARD)
    told = subprocess.run(
        ["sh", "-c", '. ./x.env; printf "%s" "$QUOTES"'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == AWKWARD["QUOTES"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    write_settings(tmp_path / "x.env", AWKWARD)
    assert (tmp_path / "x.env").stat().st_mode & 0o777 == 0o600


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.env").write_text("A=1\nno equals sign\n")
    with pytest.raises(ValueError, match=r"x\.env, line 2"):
        read_settings(tmp_path / "x.env")


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    made = keys(tmp_path / "secrets.env")
    assert set(made) == set(WANTED)
    assert keys(tmp_path / "secrets.env") == made


def test_a_secret_that_came_later_is_added_and_the_old_ones_stay(tmp_path: Path) -> None:
    write_settings(tmp_path / "secrets.env", {"TWIN_FIELD_KEYS": "older,oldest"})
    assert keys(tmp_path / "secrets.env")["TWIN_FIELD_KEYS"] == "older,oldest"
    assert set(read_settings(tmp_path / "secrets.env")) == set(WANTED)

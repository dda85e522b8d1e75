"""Where the private servers keep their files."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.account import Account
from deploy.local.place import SOCKET_PATH_LIMIT, Place, fits_a_socket, is_private, place

ME = Account.of_the_caller()


def deep(folder: Path) -> Path:
    """A checkout whose path has 120 characters."""
    found = folder / ("x" * (120 - len(str(folder)) - 1))
    found.mkdir()
    assert len(str(found)) == 120
    return found


@pytest.fixture
def far_away(tmp_path: Path) -> Iterator[Place]:
    """A place below a path that is too long for sockets."""
    made = place("run", account=ME, root=deep(tmp_path))
    yield made
    made.remove()


def test_a_short_checkout_keeps_its_sockets_inside(tmp_path: Path) -> None:
    short = Path(os.path.realpath("/tmp")) / f"twin-test-{os.getpid()}"
    short.mkdir()
    try:
        assert place("run", account=ME, root=short).sockets().is_relative_to(short)
    finally:
        shutil.rmtree(short)


def test_a_checkout_at_a_path_of_120_characters_gets_a_short_closed_folder_for_sockets(
    far_away: Place,
) -> None:
    folder = far_away.sockets()
    assert fits_a_socket(folder)
    assert len(str(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT
    assert is_private(folder, ME)
    assert far_away.sockets() == folder


def test_a_folder_for_sockets_that_others_opened_is_not_used_again(far_away: Place) -> None:
    folder = far_away.sockets()
    folder.chmod(0o755)
    try:
        assert far_away.sockets() != folder
    finally:
        folder.rmdir()


def test_a_folder_for_sockets_that_was_cleaned_away_is_made_anew(far_away: Place) -> None:
    far_away.sockets().rmdir()
    assert is_private(far_away.sockets(), ME)


def test_the_short_folder_goes_when_the_servers_have_stopped(far_away: Place) -> None:
    folder = far_away.sockets()
    (folder / "in use").touch()
    far_away.tidy()
    assert folder.exists()
    (folder / "in use").unlink()
    far_away.tidy()
    assert not folder.exists()


def test_data_is_closed_to_others(tmp_path: Path) -> None:
    assert place("test", account=ME, root=tmp_path).data("pg").stat().st_mode & 0o777 == 0o700


def test_removing_deletes_the_data_and_keeps_the_secrets(far_away: Place) -> None:
    sockets = far_away.sockets()
    (far_away.data("pg") / "PG_VERSION").write_text("15")
    far_away.secrets.write_text("KEY=1\n")
    far_away.remove()
    assert not sockets.exists()
    assert not (far_away.state / "pg").exists()
    assert far_away.secrets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_data_of_another_user_is_not_taken_over(tmp_path: Path) -> None:
    made = place("run", root=tmp_path)
    (made.state / "pg").mkdir()
    os.chown(made.state / "pg", 12345, 12345)
    with pytest.raises(PermissionError, match="belongs to user number 12345"):
        made.data("pg")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another user")
def test_root_keeps_data_that_the_servers_user_cannot_reach_outside_the_checkout(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    made = place("run", root=closed)
    try:
        data = made.data("pg")
        assert not data.is_relative_to(closed)
        assert made.account.reaches(data)
        assert data.stat().st_uid == made.account.uid
        assert (made.state / "pg").resolve() == data
    finally:
        made.remove()
    assert not data.exists()

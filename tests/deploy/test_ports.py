"""Which port is taken is asked of the kernel, with real sockets."""

import socket
from collections.abc import Iterator

import pytest

from deploy.local.ports import accepts_tcp, any_free, is_free, next_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_served_is_not_free_and_accepts(taken: int) -> None:
    assert not is_free(taken)
    assert accepts_tcp(taken)


def test_the_next_port_is_taken_when_the_wanted_one_is_served(taken: int) -> None:
    assert next_free(taken) > taken


def test_no_port_beyond_the_last_is_offered() -> None:
    with socket.create_server(("127.0.0.1", 65535)), pytest.raises(OSError, match="No free port from 65535"):
        next_free(65535)


def test_the_remembered_port_is_kept_while_it_is_free(taken: int) -> None:
    free = any_free()
    assert any_free(remembered=free) == free
    assert any_free(remembered=taken) != taken

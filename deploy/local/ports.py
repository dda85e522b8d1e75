"""Which TCP ports are free, and which are served."""

import socket


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `port` of `address` now.

    SO_REUSEADDR as servers set it: a port whose last connections are still closing counts as free.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def next_free(wanted: int, address: str = "127.0.0.1", tries: int = 100) -> int:
    """The first free port from `wanted` on; OSError when `tries` in a row are taken."""
    for port in range(wanted, min(wanted + tries, 65536)):
        if is_free(port, address):
            return port
    raise OSError(f"No free port from {wanted} to {wanted + tries - 1} on {address}.")


def any_free(remembered: int | None = None, address: str = "127.0.0.1") -> int:
    """The remembered port while it is free, else one that the kernel picks."""
    if remembered is not None and is_free(remembered, address):
        return remembered
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def accepts_tcp(port: int, address: str = "127.0.0.1") -> bool:
    """Whether something accepts connections on `port` of `address`."""
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False

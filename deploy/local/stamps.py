"""What a step was last done for, so that it is done again only when that has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(paths: Iterable[Path], *more: str) -> str:
    """SHA-256 over the paths and contents of files and over `more`, the same in any order of the files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
        total.update(path.read_bytes())
    for text in more:
        total.update(f"\0{text}".encode())
    return total.hexdigest()


def is_done(stamp: Path, state: str) -> bool:
    try:
        return stamp.read_text(encoding="ascii") == state
    except FileNotFoundError:
        return False


def mark_done(stamp: Path, state: str) -> None:
    stamp.write_text(state, encoding="ascii")

"""Files of NAME=value lines that a shell can source and only their owner can read."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path


def write_settings(path: Path, values: Mapping[str, str], preface: str = "") -> None:
    """Replaces `path` at once (0600), so that a reader never sees half of it."""
    lines = [f"# {line}" for line in preface.splitlines()]
    lines += [f"{name}={shlex.quote(value)}" for name, value in values.items()]
    write_private(path, "\n".join(lines) + "\n")


def read_settings(path: Path) -> dict[str, str]:
    """The values of `path`; empty when there is no such file. Raises ValueError naming a line that is no NAME=value."""
    if not path.exists():
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.removeprefix("export ").partition("=")
        words = shlex.split(value)
        if not equals or not name.isidentifier() or len(words) > 1:
            raise ValueError(f"{path}, line {number}: expected NAME=value")
        values[name] = words[0] if words else ""
    return values


def write_private(path: Path, text: str) -> None:
    """Replaces `path` at once with `text`, readable by its owner only."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)

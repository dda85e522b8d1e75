"""Progress of long work on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from twin.base.runs import Progress as Told


@contextmanager
def progress_on(console: Console) -> Iterator[Told]:
    """One bar for each step, from the moment that it begins."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as shown:
        tasks: dict[str, TaskID] = {}

        def told(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(step.replace("_", " "), total=total or None)
            shown.update(tasks[step], completed=done, total=total or None)

        yield told

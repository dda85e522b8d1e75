"""The frame of an import that makes a plan: what was looked at is planned once more, and carried out if it is the same."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from django.utils import timezone

from twin.base.errors import Conflict
from twin.base.runs import FileRun, Progress, State, Work


class Plan(Protocol):
    """What would become of every row."""

    @property
    def rows(self) -> Sequence[Any]: ...

    def digest(self) -> str:
        """The same for the same plan."""

    def report(self) -> dict[str, Any]:
        """As stored and sent."""


R = TypeVar("R", bound=FileRun)
P = TypeVar("P", bound=Plan)


class PlannedWork(Work[R, P]):
    """Say how a plan is made and written, where its rows are kept, and for whom to wait."""

    @abstractmethod
    def write(self, run: R, plan: P, progress: Progress) -> None:
        """Write what the plan says. Inside a verb only. Raises Conflict."""

    @abstractmethod
    def keep_rows(self, run: R, plan: P) -> None:
        """Replace the rows of a run with those of a plan. Inside a verb only."""

    def keep(self, run: R, plan: P) -> None:
        """Store the plan with the run: its report and its rows. Inside a verb only."""
        run.report = plan.report()
        run.done = run.total = len(plan.rows)
        run.save()
        self.keep_rows(run, plan)

    def apply(self, run: R, progress: Progress) -> None:
        """Do it, if what was looked at still holds. Inside a verb only. Raises Conflict, FileRefused."""
        plan = self.plan(run, progress)
        if plan.digest() != run.report["digest"]:
            raise Conflict(
                "The community has changed since the dry run; look at the new report, then apply.",
                code="plan_changed",
            )
        self.carry_out(run, plan, progress)

    def carry_out(self, run: R, plan: P, progress: Progress) -> None:
        """Write a plan, and that it is written. Inside a verb only. Raises Conflict."""
        self.write(run, plan, progress)
        run.state, run.applied_at, run.error, run.step = State.APPLIED, timezone.now(), None, ""
        self.keep(run, plan)

"""A pytest plugin: tests that need real sample data end with one line that says how many ran and how many did not."""

from __future__ import annotations

import pytest

_ran: set[str] = set()
_skipped: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "sample_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.sample_data)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if "sample_data" not in report.keywords:
        return
    if report.skipped:
        _skipped.add(report.nodeid)
    elif report.when == "call":
        _ran.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"sample data: {len(_ran)} ran, {len(_skipped)} skipped")

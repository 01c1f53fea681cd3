"""What the tests of the verification layer share: a summary of how much was compared."""

from collections import Counter

import pytest

COUNTED = ("devices", "obligations", "proved", "refuted", "unknown", "disagreements")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many random devices were compared with the explicit search, over all processes."""
    total: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        total.update({key: count for key, count in report.user_properties if key in COUNTED})
    if total:
        counts = ", ".join(f"{total[key]} {key}" for key in COUNTED)
        terminalreporter.write_line(f"compared with the explicit-state search: {counts}")

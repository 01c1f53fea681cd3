"""A bar on a terminal, which must not be in the way of the proofs."""

import threading
from io import StringIO

import pytest
from rich.console import Console

from stimproof.cli.console import Screen


def test_a_bar_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs are made in copies of the process, and a process with threads cannot be copied safely."""
    screen, drawn = Screen(), StringIO()
    monkeypatch.setattr(screen, "_error", Console(file=drawn, force_terminal=True, width=80))
    before = threading.active_count()
    with screen.progress("proving") as report:
        assert threading.active_count() == before
        report(1, 4, "properties.first")
        assert threading.active_count() == before
    assert "properties.first" in drawn.getvalue()
    assert "1/4" in drawn.getvalue()

"""Programs run in a process of their own, without the threads that a test runner may have."""

from __future__ import annotations

import subprocess
import sys


def run(program: str, *arguments: str, given: str = "") -> str:
    """Return what a program prints that reads ``given``; it must end well."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout

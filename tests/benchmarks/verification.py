"""How much of a verification is solving: total CPU time against the time of the two solvers.

z3's and cvc5's columns are their answers, cvc5's reading included; "all inside" adds what z3 does before it
can be asked: its contexts, and its work on what is asserted.

Run ``python tests/benchmarks/verification.py`` and paste what it prints into ``verification.md``. Only the
ratios of one run mean anything; the seconds depend on the machine.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import cvc5
import z3

from stimproof.project import library
from stimproof.specs.reader import read_folder
from stimproof.verify import recheck
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify

Times = dict[str, float]


@contextmanager
def stopwatch(times: Times, label: str) -> Iterator[None]:
    """Add the CPU time of a block to a label."""
    started = time.process_time()
    try:
        yield
    finally:
        times[label] = times.get(label, 0.0) + time.process_time() - started


def timed(owner: Any, name: str, times: Times, label: str) -> Callable[[], None]:
    """Time every call of a method; returns what puts the method back."""
    original = getattr(owner, name)

    @wraps(original)
    def call(*arguments: Any, **named: Any) -> Any:
        with stopwatch(times, label):
            return original(*arguments, **named)

    setattr(owner, name, call)
    return lambda: setattr(owner, name, original)


def measure(device: Any) -> tuple[Times, dict[str, int]]:
    """Return CPU seconds by part, and how many obligations have each verdict."""
    times: Times = {}
    restore = [
        timed(z3.Solver, "check", times, "z3"),
        timed(z3.Fixedpoint, "query", times, "z3"),
        timed(recheck, "run", times, "cvc5"),
        timed(z3.Context, "__init__", times, "asking"),
        timed(z3.Context, "__del__", times, "asking"),
        timed(z3.Solver, "assert_exprs", times, "asking"),
        timed(z3.Solver, "push", times, "asking"),
    ]
    try:
        with stopwatch(times, "read"):
            specification = read_folder(device.root / "specs")
        with stopwatch(times, "verify"):
            found = verify(specification)
    finally:
        for put_back in restore:
            put_back()
    return times, {verdict.title: found.count(verdict) for verdict in Verdict if found.count(verdict)}


def main() -> None:
    """Measure every reference device and print a table."""
    solvers = f"z3 {z3.get_version_string()}, cvc5 {cvc5.__version__}"
    print(f"Python {sys.version.split()[0]}, {solvers}\n")
    print("| device | verdicts | read, s | verify, s | z3, s | cvc5, s | verify / (z3 + cvc5)", end="")
    print(" | verify / all inside z3 and cvc5 |")
    print("|" + "---|" * 8)
    for device in library():
        times, verdicts = measure(device)
        solving = times["z3"] + times["cvc5"]
        told = ", ".join(f"{count} {name}" for name, count in verdicts.items())
        cells = [f"{times[part]:.2f}" for part in ("read", "verify", "z3", "cvc5")]
        cells += [f"{times['verify'] / part:.2f}" for part in (solving, solving + times["asking"])]
        print(f"| {device.id} | {told} | {' | '.join(cells)} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory: {peak:.0f} MB.")


if __name__ == "__main__":
    main()

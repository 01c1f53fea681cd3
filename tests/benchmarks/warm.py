"""How long ``stimproof verify`` takes where nothing has changed: whole processes, by the clock.

Run ``python tests/benchmarks/warm.py [DEVICE …]`` and paste what it prints into ``warm.md``. A fresh cache is
filled first. The shortest of several runs tells what the work costs, and the median what a person waits on
a machine that does other things as well.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from stimproof.project import library

RUNS = 9


def seconds(device: str, cache: str) -> tuple[float, float]:
    """Return how long one run takes by the clock, and the CPU time of all its processes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "stimproof", "verify", device, "--cache", cache]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    elapsed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3) or done.stderr:
        raise SystemExit(done.stderr)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(wanted: list[str]) -> None:
    """Measure devices of the library and print a table."""
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores\n")
    print("| device | first run, s | shortest, s | median, s | CPU, s |")
    print("|---|---|---|---|---|")
    for device in wanted or [device.id for device in library()]:
        with tempfile.TemporaryDirectory() as cache:
            first, _ = seconds(device, cache)
            runs = [seconds(device, cache) for _ in range(RUNS)]
        elapsed, used = ([run[part] for run in runs] for part in (0, 1))
        told = (first, min(elapsed), statistics.median(elapsed), statistics.median(used))
        print(f"| {device} | {' | '.join(f'{number:.2f}' for number in told)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Time and memory against the size of a device: modes, variables, machines and properties.

Run ``python tests/benchmarks/scaling.py`` and paste what it prints into ``scaling.md``. Each size runs in a
process of its own, once with an empty cache (cold) and once more with the cache that this leaves (warm).
Seconds are CPU seconds and depend on the machine; the ratios of all of ``verify`` to what the two solvers
take do not: to their answers alone, and to all that goes on inside them, which is z3's contexts and what it
does with assertions, too.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cvc5
import z3
from verification import Times, stopwatch, timed

from stimproof.specs.reader import read_string
from stimproof.verify import recheck
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify


@dataclass(frozen=True)
class Size:
    """How large a device is, all machines together; each property is a safety claim or a response."""

    machines: int
    modes: int
    variables: int
    properties: int


SIZES = (
    Size(1, 5, 5, 10),
    Size(1, 20, 20, 40),
    Size(1, 50, 20, 40),
    Size(1, 100, 20, 40),
    Size(1, 20, 50, 40),
    Size(1, 20, 200, 40),
    Size(2, 20, 20, 40),
    Size(8, 40, 40, 40),
    Size(1, 20, 20, 200),
    Size(8, 100, 200, 370),
)
"""The last has 100 modes, 200 variables, 8 machines, and with what machines owe about 500 obligations."""


def device(size: Size) -> str:
    """Return a device: trees of modes, each of which turns its own output on, or others off, and counts."""
    lines = [
        "stimproof: 1",
        "device: {id: scaled, name: Scaled, component: ipg}",
        "sources: {}",
        "variables:",
    ]
    of_machine = [range(number, size.variables, size.machines) for number in range(size.machines)]
    for number in range(size.variables):
        kind = (
            "{type: boolean, initial: false}"
            if number // size.machines % 2 == 0
            else "{type: integer, range: [0, 20], overflow: saturate, initial: 0}"
        )
        lines.append(f"  v{number}: {kind}")
    lines += ["events: {" + ", ".join(f"e{number}: {{}}" for number in range(8)) + "}", "machines:"]
    for machine in range(size.machines):
        lines += _machine(machine, size.modes // size.machines, list(of_machine[machine]))
    lines.append("properties:")
    for number in range(size.properties):
        lines.append(_property(number, size, of_machine))
    return "\n".join(lines) + "\n"


def _machine(machine: int, modes: int, variables: list[int]) -> list[str]:
    """Return one tree: entering an odd mode sets the flags that belong to it, all others clear them."""
    name = f"A{machine}_"
    flags, counters = variables[::2], variables[1::2]
    lines = [f"  m{machine}:", f"    initial: {name}0", "    modes:"]
    for mode in range(modes):
        writes = [
            f"v{flag}: {str(bool(place % modes == mode and mode % 2)).lower()}"
            for place, flag in enumerate(flags)
        ]
        lines.append(f"      {name}{mode}: {{entry: {{{', '.join(writes)}}}}}")
    lines.append("    transitions:")
    for mode in range(1, modes):
        counts = [f"v{item}: v{item} + 1" for place, item in enumerate(counters) if place % modes == mode]
        does = f", do: {{{', '.join(counts)}}}" if counts else ""
        lines.append(
            f"      - {{from: {name}{(mode - 1) // 3}, to: {name}{mode}, event: e{(mode - 1) % 3}{does}}}"
        )
        lines.append(f"      - {{from: {name}{mode}, to: {name}0, event: e3}}")
    return lines


def _property(number: int, size: Size, of_machine: list[range]) -> str:
    """Return that a flag is not set in another mode than its own, or that a counter stays where it stops."""
    machine, turn = number % size.machines, number // size.machines
    modes, variables = size.modes // size.machines, list(of_machine[machine])
    flags, counters = variables[::2], variables[1::2]
    if turn % 2:
        name = counters[turn // 2 % len(counters)]
        return f'  p{number}: {{sentence: "the ipg shall always satisfy v{name} <= 20"}}'
    place = turn // 2 % min(len(flags), modes)
    mode = f"A{machine}_{(place + 1) % modes}"
    return f'  p{number}: {{sentence: "in {mode} mode the ipg shall never satisfy v{flags[place]}"}}'


def measure(size: Size) -> dict[str, Any]:
    """Return the times of reading, of a cold and of a warm run, and the peak of memory in MB."""
    times: Times = {}
    with stopwatch(times, "read"):
        specification = read_string(device(size))
    with tempfile.TemporaryDirectory() as folder:
        for run in ("cold", "warm"):
            parts: Times = {}
            restore = [
                timed(z3.Solver, "check", parts, "solving"),
                timed(z3.Fixedpoint, "query", parts, "solving"),
                timed(recheck, "run", parts, "solving"),
                timed(z3.Context, "__init__", parts, "asking"),
                timed(z3.Context, "__del__", parts, "asking"),
                timed(z3.Solver, "assert_exprs", parts, "asking"),
                timed(z3.Solver, "push", parts, "asking"),
            ]
            with stopwatch(times, run):
                found = verify(specification, cache=Path(folder))
            for put_back in restore:
                put_back()
            times[f"{run} solving"] = parts.get("solving", 0.0)
            times[f"{run} inside"] = parts.get("solving", 0.0) + parts.get("asking", 0.0)
    counts = {verdict.title: found.count(verdict) for verdict in Verdict if found.count(verdict)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"times": times, "counts": counts, "obligations": len(found.results), "memory": memory}


def apart(size: Size) -> dict[str, Any]:
    """Measure in a process of its own, so that no size profits from another or adds to its memory."""
    asked = json.dumps(asdict(size))
    ran = subprocess.run(  # this very file
        [sys.executable, __file__, asked], capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def main() -> None:
    """Measure every size and print a table."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()},", end=" ")
    print(f"z3 {z3.get_version_string()}, cvc5 {cvc5.__version__}\n")
    print(
        "| machines | modes | variables | obligations | verdicts | read, s | cold, s | of it solving, s |",
        end="",
    )
    print(" ratio | ratio to all inside z3 and cvc5 | warm, s | of it solving, s | memory, MB |")
    print("|" + "---|" * 13)
    for size in SIZES:
        got = apart(size)
        times = got["times"]
        verdicts = ", ".join(f"{count} {name}" for name, count in got["counts"].items())
        cells = [size.machines, size.modes, size.variables, got["obligations"], verdicts]
        cells += [f"{times[part]:.2f}" for part in ("read", "cold", "cold solving")]
        cells += [f"{times['cold'] / times[part]:.2f}" for part in ("cold solving", "cold inside")]
        cells += [f"{times[part]:.2f}" for part in ("warm", "warm solving")]
        print("| " + " | ".join(map(str, [*cells, f"{got['memory']:.0f}"])) + " |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(Size(**json.loads(sys.argv[1])))))
    else:
        main()

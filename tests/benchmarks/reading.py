"""What reading a large specification costs beside parsing its YAML with the same library.

Run ``python tests/benchmarks/reading.py`` and paste what it prints into ``reading.md``. Only ratios mean
anything; the seconds depend on the machine.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import yaml
from ruamel.yaml import YAML

from stimproof.specs.reader import read_string

ROUNDS = 5
PER_MACHINE = 20


def specification(size: int) -> str:
    """Return a specification with ``size`` variables, ``size`` transitions and ``size`` properties.

    A machine has 4 modes and 20 transitions; each transition has a guard over two variables and one update,
    each property a scope and a comparison; there is one event for ten transitions.
    """
    events = max(size // 10, 1)
    lines = ["stimproof: 1", "device: {id: large, name: Large}", "variables:"]
    for index in range(size):
        top = index % 50 + 10
        lines.append(f"  v{index}: {{type: integer, range: [0, {top}], overflow: saturate, initial: 0}}")
    lines += ["events:", *(f"  e{index}: {{}}" for index in range(events)), "machines:"]
    for machine in range(size // PER_MACHINE):
        lines += _machine(machine, size, events)
    lines.append("properties:")
    for index in range(size):
        scope = f"in M{index // PER_MACHINE}_{index % 4} mode"
        sentence = f"{scope} the device shall always satisfy v{index} <= {index % 50 + 10}"
        lines += [f"  p{index}:", f"    sentence: {sentence}"]
    return "\n".join(lines) + "\n"


def _machine(machine: int, size: int, events: int) -> list[str]:
    lines = [f"  m{machine}:", f"    initial: M{machine}_0", "    modes:"]
    lines += [f"      M{machine}_{mode}: {{}}" for mode in range(4)]
    lines.append("    transitions:")
    for number in range(PER_MACHINE):
        index = machine * PER_MACHINE + number
        lines += [
            f"      - from: M{machine}_{number % 4}",
            f"        to: M{machine}_{(number + 1) % 4}",
            f"        event: e{index % events}",
            f"        guard: v{index} < {index % 50 + 5} and v{(index + 7) % size} <= 3",
            f"        do: {{v{index}: v{index} + 1}}",
        ]
    return lines


def seconds(call: Callable[[], Any]) -> float:
    """Return the CPU seconds of one call, the least of several."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        call()
        best = min(best, time.process_time() - started)
    return best


def parse(text: str) -> Any:
    """Parse YAML with ruamel alone, which reads whatever libyaml could read differently."""
    return YAML(typ="safe", pure=True).load(text)


def parse_fast(text: str) -> Any:
    """Parse YAML with PyYAML over libyaml, whose events are taken where both surely agree."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def main() -> None:
    """Measure specifications of several sizes and print a table."""
    read_string(specification(PER_MACHINE))  # loads the grammar and the units
    print(f"Python {sys.version.split()[0]}, ruamel.yaml {version('ruamel.yaml')}, lark {version('lark')}\n")
    print("| of each | bytes | ruamel, s | libyaml, s | reading, s | reading / ruamel |")
    print("|---|---|---|---|---|---|")
    for size in (200, 1000, 2000):
        text = specification(size)
        alone, whole = seconds(lambda text=text: parse(text)), seconds(lambda text=text: read_string(text))
        fast = seconds(lambda text=text: parse_fast(text))
        shares = f"{alone:.2f} | {fast:.2f} | {whole:.2f} | {whole / alone:.2f}"
        print(f"| {size} | {len(text)} | {shares} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory: {peak:.0f} MB.")


if __name__ == "__main__":
    main()

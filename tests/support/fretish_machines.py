"""Small random machines whose modes are all that a requirement sees, with every run that they have.

A machine is a graph of modes. An event that a mode does not handle, and time that passes, keep the mode; so
every mode can follow itself, and every endless run of up to so many modes can be listed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

SCOPES = ("", "in", "not in", "only in", "before", "only before", "after", "only after")
CONDITIONS = ("", "upon", "whenever")
TIMINGS = (
    "immediately", "at the next timepoint", "eventually", "always", "never", "finally",
    "within {} steps", "for {} steps", "after {} steps", "until {}", "before {}",
)  # fmt: skip
FORMS = tuple(product(SCOPES, CONDITIONS, TIMINGS))


@dataclass(frozen=True)
class Graph:
    """Modes ``S0 … Sn``; ``events`` hold for each mode where it leads, or ``None``."""

    size: int
    first: int
    events: tuple[tuple[int | None, ...], ...]

    def following(self, mode: int) -> list[int]:
        """Return every mode that one step leads to: the same, or another by an event."""
        return sorted({mode} | {event[mode] for event in self.events if event[mode] is not None})

    def lassos(self, most: int) -> Iterator[tuple[list[int], list[int]]]:
        """Yield every stem and loop that have together at most so many modes."""
        runs = [[self.first]]
        while runs:
            run = runs.pop()
            for back in range(len(run)):
                if run[back] in self.following(run[-1]):
                    yield run[:back], run[back:]
            if len(run) < most:
                runs += [[*run, mode] for mode in self.following(run[-1])]

    def specification(self, sentences: list[str]) -> str:
        """Return the machine with requirements ``p0 …`` as the text of a specification."""
        transitions = [
            {"from": f"S{mode}", "to": f"S{target}", "event": f"e{number}"}
            for number, event in enumerate(self.events)
            for mode, target in enumerate(event)
            if target is not None
        ]
        machine: dict[str, Any] = {
            "initial": [f"S{self.first}"],
            "modes": {f"S{mode}": {} for mode in range(self.size)},
            "transitions": transitions,
        }
        document = {
            "stimproof": 1,
            "device": {"id": "graph", "name": "Graph"},
            "events": {f"e{number}": {} for number in range(len(self.events))},
            "machines": {"m": machine},
            "properties": {f"p{number}": {"sentence": text} for number, text in enumerate(sentences)},
        }
        return json.dumps(document)


def graph(random: Random) -> Graph:
    """Return a random graph of three or four modes and two events."""
    size = random.choice((3, 4))
    events = tuple(
        tuple(random.choice((None, *range(size))) for _ in range(size)) for _ in range(random.choice((1, 2)))
    )
    return Graph(size, random.randrange(size), events)


def sentence(form: tuple[str, str, str], size: int, random: Random) -> str:
    """Return a requirement of one form, about random sets of modes."""

    def some() -> str:
        chosen = [mode for mode in range(size) if random.random() < 0.5] or [random.randrange(size)]
        return "(" + " or ".join(f"m == S{mode}" for mode in chosen) + ")"

    scope, condition, timing = form
    where = f"{scope} {some()} " if scope else ""
    when = f"{condition} {some()} " if condition else ""
    how = timing.format(random.randint(1, 2) if "steps" in timing else some())
    return f"{where}{when}the device shall {how} satisfy {some()}"


def trace(modes: list[int]) -> list[dict[str, str]]:
    """Return a run as the trace that a requirement is judged on."""
    return [{"m": f"S{mode}"} for mode in modes]

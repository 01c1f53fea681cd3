"""Tiny timelines of a requirement: one that satisfies it and one that violates it, found by trying all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from stimproof.specs.property.domains import domains, letters
from stimproof.specs.property.evaluation import View, truths
from stimproof.specs.property.forms import Condition, Scope
from stimproof.specs.property.formulas import names
from stimproof.specs.property.judge import intervals, satisfied, starts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from stimproof.specs.expressions import Value
    from stimproof.specs.property.requirement import Requirement

    Timeline = tuple[Mapping[str, Value], ...]

BUDGET = 60_000
"""How many timelines are tried at most."""
LONGEST = 8
SHORT_DURATION = 2
"""What a longer duration is shown as; whether a form can be satisfied or violated does not depend on it."""


@dataclass(frozen=True, slots=True)
class Timelines:
    """What the search found; every timeline of up to ``tried`` steps was looked at where one is missing."""

    satisfying: Timeline | None
    violating: Timeline | None
    tried: int
    requirement: Requirement
    """What was judged: the given requirement, with a long duration shortened."""


def timelines(requirement: Requirement, values: Mapping[str, tuple[Value, ...]] | None = None) -> Timelines:
    """Return a shortest violating timeline, and a satisfying one that differs in as little as can be.

    Args:
        requirement: what is judged; a duration above two steps is shortened to two.
        values: the values to try for each name; chosen from the requirement's conditions by default.

    Raises:
        OperatorError: a value does not fit its use in the requirement.
    """
    shown = replace(requirement, duration=min(requirement.duration, SHORT_DURATION))
    alphabet = letters(shown, values if values is not None else domains(shown))
    violating, tried = _first(alphabet, lambda line: not satisfied(shown, line))
    if violating is None:
        satisfying, _ = _first(alphabet, lambda line: satisfied(shown, line))
        return Timelines(satisfying, None, tried, shown)
    satisfying = _neighbour(shown, alphabet, violating)
    if satisfying is None:
        satisfying, tried = _first(alphabet, lambda line: satisfied(shown, line))
    return Timelines(satisfying, violating, tried, shown)


def _first(
    alphabet: Sequence[Mapping[str, Value]], wanted: Callable[[Timeline], bool]
) -> tuple[Timeline | None, int]:
    """Return the first of the shortest wanted timelines, and the length up to which all were tried."""
    spent, length = 0, 0
    while length < LONGEST and spent + len(alphabet) ** (length + 1) <= BUDGET:
        length += 1
        spent += len(alphabet) ** length
        for line in product(alphabet, repeat=length):
            if wanted(line):
                return line, length
    return None, length


def _neighbour(
    requirement: Requirement, alphabet: Sequence[Mapping[str, Value]], line: Timeline
) -> Timeline | None:
    """Return a satisfying timeline that differs in one step, if possible in the response alone."""
    around = names(requirement.mode) | names(requirement.trigger) | names(requirement.stop)

    def cost(other: Timeline) -> tuple[bool, int, int]:
        changed = [
            name for old, new in zip(line, other, strict=True) for name in new if new[name] != old[name]
        ]
        return not started(requirement, other), sum(name in around for name in changed), len(changed)

    found = [other for other in _changed(alphabet, line) if satisfied(requirement, other)]
    return min(found, key=cost, default=None)


def _changed(alphabet: Sequence[Mapping[str, Value]], line: Timeline) -> Iterator[Timeline]:
    for step in reversed(range(len(line))):
        for letter in alphabet:
            yield (*line[:step], letter, *line[step + 1 :])


def started(requirement: Requirement, line: Timeline) -> list[int]:
    """Return the steps of a timeline at which the timing starts to count."""
    size = len(line)
    mode = [] if requirement.scope is Scope.GLOBAL else truths(requirement.mode, View(line))
    spans = intervals(requirement.scope, mode, size)
    none = requirement.condition is Condition.NONE
    trigger = [] if none else truths(requirement.trigger, View(line, spans))
    return [step for begin, end in spans for step in starts(requirement.condition, trigger, begin, end)]

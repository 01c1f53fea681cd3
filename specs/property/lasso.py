"""Whether an infinite trace, a stem and then a loop for ever, satisfies a requirement.

The trace is unrolled far enough that every value repeats with the loop's length, every interval of the scope
that ends is seen to end, and every start of the timing repeats one that is judged. An interval that does not
end has no last step, so that ``finally`` demands nothing in it, and ``eventually`` does demand an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.errors import OperatorError
from stimproof.specs.property.evaluation import View, truths
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.formulas import Temporal, parts
from stimproof.specs.property.judge import Demand, intervals, starts

if TYPE_CHECKING:
    from stimproof.specs.property.evaluation import Trace
    from stimproof.specs.property.requirement import Requirement

MAX_MEMORY = 1_000_000
"""How many steps the conditions may look back or ahead together."""


def satisfied_forever(requirement: Requirement, stem: Trace, loop: Trace) -> bool:
    """Return whether the trace ``stem``, ``loop``, ``loop``, … satisfies a requirement.

    Raises:
        OperatorError: the loop is empty, the trace does not fit the requirement, or a condition looks further
            than ``MAX_MEMORY`` steps.
    """
    if not loop:
        raise OperatorError("the loop of an infinite trace has at least one step")
    memory = _memory(requirement, len(loop))
    judged = len(stem) + memory + 2 * len(loop)  # a start from here on repeats an earlier one
    if memory > MAX_MEMORY:
        raise OperatorError(
            f"a condition looks {memory} steps far; an infinite trace has room for {MAX_MEMORY}"
        )
    duration = _folded(requirement.duration, judged + len(loop), len(loop))
    seen = judged + duration + 3 * len(loop) + 2
    trace = [*stem, *(loop[step % len(loop)] for step in range(seen + memory - len(stem)))]
    scope, endless = requirement.scope, seen - 1
    mode = [] if scope is Scope.GLOBAL else truths(requirement.mode, View(trace))
    spans = intervals(scope, mode, len(trace))
    view = View(trace, [(begin, len(trace) if end >= endless else end) for begin, end in spans])
    response = truths(requirement.response, view)[:seen]
    trigger = [] if requirement.condition is Condition.NONE else truths(requirement.trigger, view)
    stop = truths(requirement.stop, view)[:seen] if requirement.timing.stopped else []
    demand = Demand(requirement.timing, duration, response, stop, negated=scope.only)
    return all(
        demand.met(start, min(end, endless))
        for begin, end in spans
        if begin < judged and not (requirement.timing is Timing.FINALLY and end >= endless)
        for start in starts(requirement.condition, trigger, begin, min(end, judged))
    )


def _folded(duration: int, longest: int, loop: int) -> int:
    """Return a short duration that demands the same: past all that ends, whole loops change nothing."""
    return duration if duration <= longest else longest + (duration - longest) % loop


def _memory(requirement: Requirement, loop: int) -> int:
    """Return how many steps the conditions look back or ahead at most until they repeat with the loop."""
    conditions = (requirement.mode, requirement.trigger, requirement.stop, requirement.response)
    return sum(
        part.high + loop + 1
        for condition in conditions
        for part in parts(condition)
        if isinstance(part, Temporal)
    )

"""Requirements over four plain names, and their traces."""

from itertools import product

from stimproof.specs.property import Requirement
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.formulas import Name
from stimproof.specs.property.requirement import FALSE, TRUE

NAMES = ("mode", "trigger", "stop", "response")
FORMS = tuple(product(Scope, Condition, Timing))
"""All 264 combinations."""


def requirement(scope: Scope, condition: Condition, timing: Timing, steps: int = 0) -> Requirement:
    """Return a requirement whose conditions are the four names."""
    return Requirement(
        scope,
        TRUE if scope is Scope.GLOBAL else Name("mode"),
        condition,
        TRUE if condition is Condition.NONE else Name("trigger"),
        timing,
        steps if timing.timed else 0,
        Name("stop") if timing.stopped else FALSE,
        Name("response"),
    )


def used(scope: Scope, condition: Condition, timing: Timing) -> tuple[bool, bool, bool, bool]:
    """Return which of the four names a form mentions."""
    return scope is not Scope.GLOBAL, condition is not Condition.NONE, timing.stopped, True

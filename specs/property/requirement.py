"""A FRETish requirement whose conditions are formulas over the names of a trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.specs.property.formulas import Constant, Formula, names

if TYPE_CHECKING:
    from stimproof.specs.property.forms import Condition, Scope, Timing

TRUE, FALSE = Constant(True), Constant(False)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of any FRETish form; ``duration`` counts trace steps.

    ``mode`` is ``TRUE`` for the global scope, ``trigger`` ``TRUE`` without a condition, ``stop`` ``FALSE``
    and ``duration`` 0 for a timing that takes none.
    """

    scope: Scope
    mode: Formula
    condition: Condition
    trigger: Formula
    timing: Timing
    duration: int
    stop: Formula
    response: Formula
    component: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Every name that a trace must give a value, or that may be a word compared with one."""
        return names(self.mode) | names(self.trigger) | names(self.stop) | names(self.response)

"""Requirements in NASA's FRETish and their meaning on discrete traces.

>>> requirement = parse_requirement("in MRI mode upon magnet the ipg shall within 2 ticks satisfy off")
>>> off, on = {"MRI": True, "magnet": False, "off": True}, {"MRI": True, "magnet": True, "off": False}
>>> holds(requirement, [on, on, off])
True
>>> holds(requirement, [on, on, on])
False
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.property.evaluation import steps_of
from stimproof.specs.property.judge import satisfied
from stimproof.specs.property.lasso import satisfied_forever
from stimproof.specs.property.requirement import Requirement
from stimproof.specs.property.sentence import parse_requirement

if TYPE_CHECKING:
    from stimproof.specs.property.evaluation import Trace


def holds(requirement: Requirement | str, trace: Trace) -> bool:
    """Return whether a finite trace satisfies a requirement, exactly as FRET judges it.

    Args:
        requirement: a FRETish sentence, or what :func:`parse_requirement` made of it.
        trace: the value of each name at each step: truth values, numbers, text. A float stands for the
            shortest decimal number that names it, so that 0.1 is one tenth; from there on, computing is
            exact. A duration counts steps of the trace, whatever its unit. The empty trace satisfies every
            requirement.

    Raises:
        SpecificationError: the sentence cannot be read.
        OperatorError: the trace lacks a name of the requirement, or has a value of the wrong type.
    """
    return satisfied(_read(requirement), steps_of(trace))


def holds_forever(requirement: Requirement | str, stem: Trace, loop: Trace) -> bool:
    """Return whether the infinite trace ``stem``, ``loop``, ``loop``, … satisfies a requirement.

    This is FRET's meaning on infinite traces: an interval that never ends has no last step.

    Raises:
        SpecificationError: the sentence cannot be read.
        OperatorError: the loop is empty, or the trace does not fit the requirement.
    """
    return satisfied_forever(_read(requirement), steps_of(stem), steps_of(loop))


def _read(requirement: Requirement | str) -> Requirement:
    return parse_requirement(requirement) if isinstance(requirement, str) else requirement


__all__ = ["Requirement", "holds", "holds_forever", "parse_requirement"]

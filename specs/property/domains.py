"""Values worth trying for the names of a requirement: those that make its conditions true or false."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING

from stimproof.specs.property.evaluation import View, values
from stimproof.specs.property.formulas import Constant, Formula, Name, Operation, Temporal, parts
from stimproof.specs.property.operators import ARITHMETIC, EQUALITY, ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.specs.expressions import Value
    from stimproof.specs.property.requirement import Requirement

_MOST = 20_000
"""How many valuations are looked at."""
TRUTHS: tuple[Value, ...] = (False, True)
_COMPUTING = {*ARITHMETIC, *ORDER, "negate", "abs", "to_real"}


def conditions(requirement: Requirement) -> tuple[Formula, ...]:
    """Return the four conditions of a requirement."""
    return requirement.mode, requirement.trigger, requirement.stop, requirement.response


def domains(requirement: Requirement) -> dict[str, tuple[Value, ...]]:
    """Return values for each name in the order of mention, from how it is used.

    A name that is computed with, or compared with a number, is a number, and gets values at and around the
    numbers of the requirement; any other name is a truth value.
    """
    formulas = conditions(requirement)
    numbers = set(_numeric(formulas))
    around = _around(formulas)
    mentioned = dict.fromkeys(
        part.name for formula in formulas for part in parts(formula) if isinstance(part, Name)
    )
    return {name: around if name in numbers else TRUTHS for name in mentioned}


def _numeric(formulas: tuple[Formula, ...]) -> Iterator[str]:
    for formula in formulas:
        for part in parts(formula):
            if not isinstance(part, Operation):
                continue
            named = [argument.name for argument in part.args if isinstance(argument, Name)]
            facing = [argument for argument in part.args if not isinstance(argument, Name)]
            if part.op in _COMPUTING or (part.op in EQUALITY and any(map(_is_number, facing))):
                yield from named


def _is_number(formula: Formula) -> bool:
    if isinstance(formula, Temporal):
        return formula.op == "pre" and any(map(_is_number, formula.args))
    if isinstance(formula, Constant):
        return isinstance(formula.value, int | Fraction) and not isinstance(formula.value, bool)
    return isinstance(formula, Operation) and formula.op in _COMPUTING - ORDER.keys()


def _around(formulas: tuple[Formula, ...]) -> tuple[Value, ...]:
    found: dict[Value, None] = {}
    for formula in formulas:
        for part in parts(formula):
            if isinstance(part, Constant) and _is_number(part) and not isinstance(part.value, str):
                found.update(dict.fromkeys((part.value, part.value + 1, part.value - 1)))
    return tuple(found) or (0, 1)


def letters(requirement: Requirement, given: Mapping[str, tuple[Value, ...]]) -> list[dict[str, Value]]:
    """Return one valuation of the names for each way in which the conditions can come out at a step.

    Two valuations are alike where they agree on every part of the conditions that looks at one step only.
    """
    atoms = [atom for formula in conditions(requirement) for atom in _atoms(formula)]
    found: dict[tuple[Value, ...], dict[str, Value]] = {}
    for chosen in islice(product(*given.values()), _MOST):
        valuation = dict(zip(given, chosen, strict=True))
        found.setdefault(tuple(values(atom, View([valuation]))[0] for atom in atoms), valuation)
    return list(found.values())


def _atoms(formula: Formula) -> Iterator[Formula]:
    """Yield the largest parts of a formula that look at one step only."""
    if not any(isinstance(part, Temporal) for part in parts(formula)):
        yield formula
    elif isinstance(formula, Operation | Temporal):
        for argument in formula.args:
            yield from _atoms(argument)

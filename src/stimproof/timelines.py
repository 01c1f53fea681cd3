"""What a requirement says, as the tiny timelines that satisfy and violate it, and how to read their signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.specs.errors import OperatorError
from stimproof.specs.property import parse_requirement
from stimproof.specs.property.timelines import SHORT_DURATION, timelines
from stimproof.specs.property.typed import on_steps, values
from stimproof.specs.quantities import duration
from stimproof.specs.specification import FretRequirement, Response

if TYPE_CHECKING:
    from stimproof.specs.property.timelines import Timelines
    from stimproof.specs.specification import Property, Specification


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, what the signs in its timelines stand for, and the timelines."""

    sentence: str
    note: str
    found: Timelines


def of_sentence(sentence: str) -> Told:
    """Return the timelines of a FRETish sentence whose durations count steps.

    Raises:
        SpecificationError: it is no such sentence.
    """
    requirement = parse_requirement(sentence)
    return Told(sentence, _shortened(requirement.duration), timelines(requirement))


def of_property(specification: Specification, name: str) -> Told:
    """Return the timelines of a property; ``properties.`` before its name may be written or left out.

    Raises:
        OperatorError: there is no such property.
    """
    item = specification.properties.get(name.removeprefix("properties."))
    if item is None:
        known = ", ".join(specification.properties) or "none"
        raise OperatorError(f"there is no property '{name}'; there are: {known}")
    found = timelines(on_steps(item.meaning, SHORT_DURATION), values(item.meaning, specification))
    return Told(item.sentence, _step(item), found)


def _shortened(steps: int) -> str:
    shown = f"; {steps} steps are shown as {SHORT_DURATION}" if steps > SHORT_DURATION else ""
    return f"# is true, . is false{shown}"


def _step(item: Property) -> str:
    """Return what the signs stand for, and how long a step of the timelines is."""
    meaning = item.meaning
    if isinstance(meaning, Response):
        length = meaning.within
    elif isinstance(meaning, FretRequirement) and not meaning.in_steps:
        length = meaning.duration
    else:
        return _shortened(int(meaning.duration) if isinstance(meaning, FretRequirement) else 0)
    each = f"; a step stands for {duration(length / SHORT_DURATION)}" if length else ""
    return _shortened(0) + each

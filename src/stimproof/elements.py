"""The elements of a specification in words: what a proof core names by place, told to people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Core

_LISTED = 12
_PLACE = re.compile(
    r"machines\.(?P<machine>[^.]+)\.(?:transitions\.(?P<transition>[^.]+)|modes\.(?P<mode>[^.]+))"
    r"\.(?P<part>\w+)(?:\.(?P<variable>[^.]+))?"
)
_OTHER = {
    "initial": "where {1} starts",
    "range": "the range of {1}",
    "tolerance": "the delivery tolerance of {1}",
    "step": "the steps of {1}",
}


def element_words(specification: Specification, element: str) -> str:
    """Return an element in words, such as ``the guard of ipg T4: POWER_ON → SLEEP on boot``."""
    place = _PLACE.fullmatch(element)
    if place is None:
        return _plain(element)
    if place["transition"] is not None:
        known = specification.machines[place["machine"]].transitions
        title = next(item.title for item in known if place["transition"] in (item.name, f"T{item.number}"))
        return {
            "guard": f"the guard of {title}",
            "to": f"the target of {title}",
            "updates": f"what {title} assigns to {place['variable']}",
        }[place["part"]]
    mode = f"{place['machine']}'s mode {place['mode']}"
    return {
        "entry": f"what entering {mode} assigns to {place['variable']}",
        "exit": f"what leaving {mode} assigns to {place['variable']}",
        "stay": f"how long {mode} may last",
    }[place["part"]]


def _plain(element: str) -> str:
    """Return the words for an element that is no part of a mode or a transition."""
    parts = element.split(".")
    if parts[0] == "interlocks":
        return f"the interlock {parts[1]}"
    return _OTHER[parts[-1]].format(*parts) if parts[-1] in _OTHER else element


def core_words(specification: Specification, core: Core) -> Iterator[str]:
    """Yield what a proof needs and, shortened, what it does not need."""
    if core.needs:
        yield "this proof needs"
        yield from (f"  {element_words(specification, name)}" for name in core.needs)
    else:
        yield "this proof needs none of the guards, assignments, targets, first values and ranges"
    if core.spare:
        yield "it does not need, and would hold whatever they were,"
        yield from (f"  {line}" for line in _some(specification, core.spare))
    yield f"(confirmed by {core.confirmed_by} with only what is needed put in)"


def _some(specification: Specification, names: Sequence[str]) -> Iterator[str]:
    yield from (element_words(specification, name) for name in names[:_LISTED])
    if len(names) > _LISTED:
        yield f"and {len(names) - _LISTED} more (all of them with --json)"

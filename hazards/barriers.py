"""How many independent barriers stand between a cause and a harm.

Every control on the way is a barrier. It falls when one of its *foundations* fails: an element that it
consists of, an element of a control that it relies on, or the control itself. The number of independent
barriers on a way is the least number of failures after which none of its controls stands: the least vertex
cut of its foundations, which for barriers that need several foundations is a minimum hitting set. It is
computed exactly by branching on the barrier with the fewest foundations left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stimproof.hazards.measures import Control


def least_cut(barriers: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return a smallest set that meets every barrier; each barrier is the non-empty set of its foundations.

    >>> sorted(least_cut([frozenset("ab"), frozenset("bc")]))
    ['b']
    """
    sets = _minimal(barriers)
    best = frozenset(min(item) for item in sets)
    return _branch(sets, frozenset(), best)


def _minimal(barriers: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Return the barriers without those that fall with another one anyway."""
    kept: list[frozenset[str]] = []
    for item in sorted(set(barriers), key=lambda item: (len(item), sorted(item))):
        if not any(other <= item for other in kept):
            kept.append(item)
    return tuple(kept)


def _branch(sets: tuple[frozenset[str], ...], chosen: frozenset[str], best: frozenset[str]) -> frozenset[str]:
    if not sets:
        return min(best, chosen, key=len)
    if len(chosen) + _packing(sets) >= len(best):
        return best
    for name in sorted(sets[0]):
        left = tuple(item for item in sets if name not in item)
        best = _branch(left, chosen | {name}, best)
    return best


def _packing(sets: tuple[frozenset[str], ...]) -> int:
    """Return how many barriers share nothing: so many failures are needed at least."""
    seen: frozenset[str] = frozenset()
    count = 0
    for item in sets:
        if not item & seen:
            count += 1
            seen |= item
    return count


@dataclass(frozen=True)
class Foundations:
    """On what each control stands; elements that lie in one another count as one."""

    controls: Mapping[str, Control]

    def of(self, control: str) -> frozenset[str]:
        """Return the foundations of a control, itself among them."""
        return self._foundations[control]

    @cached_property
    def _foundations(self) -> Mapping[str, frozenset[str]]:
        found = {}
        for control in self.controls:
            standing = (control, *self.relied(control))
            elements = {name for item in standing for name in self.controls[item].elements}
            found[control] = frozenset({*standing, *(self._outermost[name] for name in elements)})
        return found

    def relied(self, control: str) -> tuple[str, ...]:
        """Return the other controls without which one does not work, directly or not."""
        found = [control]
        for name in found:  # grows while it is walked
            found += [other for other in self.controls[name].relies_on if other not in found]
        return tuple(found[1:])

    def shared(self, one: str, other: str) -> tuple[str, ...]:
        """Return what two controls have in common, so that one failure takes both."""
        return tuple(sorted(self.of(one) & self.of(other)))

    @cached_property
    def _outermost(self) -> Mapping[str, str]:
        """For each element, the outermost one named by any control that it lies in."""
        names = sorted({name for control in self.controls.values() for name in control.elements})
        found: dict[str, str] = {}
        for name in names:
            parts = name.split(".")
            outer = (".".join(parts[:length]) for length in range(1, len(parts)))
            found[name] = next((found[item] for item in outer if item in found), name)
        return found

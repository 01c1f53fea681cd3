"""What an assumption carries: the verdicts that fall if it falls, directly and in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Result

_SETTLED = (Verdict.PROVED, Verdict.REFUTED)


@dataclass(frozen=True)
class Carried:
    """The results that lean on one assumption: those with an answer to lose, and those without one yet.

    ``in_turn`` lean on a result that falls: by what gives their claim its meaning, or by an interlock that
    such a result discharges.
    """

    direct: tuple[Result, ...]
    in_turn: tuple[Result, ...]
    open: tuple[Result, ...]


def carried(specification: Specification, results: Sequence[Result], leaning: Sequence[Result]) -> Carried:
    """Return what falls with an assumption on which the results ``leaning`` lean."""
    direct = tuple(item for item in leaning if item.verdict in _SETTLED)
    fallen = {item.obligation.id for item in direct}
    first = set(fallen)
    while True:
        more = {item.obligation.id for item in results if _falls(specification, item, fallen)} - fallen
        if not more:
            break
        fallen |= more
    in_turn = tuple(item for item in results if item.obligation.id in fallen - first)
    return Carried(direct, in_turn, tuple(item for item in leaning if item.verdict not in _SETTLED))


def _falls(specification: Specification, result: Result, fallen: set[str]) -> bool:
    """Return whether a proof stands on a result that has fallen."""
    if result.verdict is not Verdict.PROVED:
        return False
    locks = (
        lock
        for lock in specification.interlocks.values()
        if any(entry.startswith(f"interlock '{lock.name}': ") for entry in result.assumptions)
    )
    return bool(fallen & {*result.obligation.depends_on, *(lock.shown_by for lock in locks)})

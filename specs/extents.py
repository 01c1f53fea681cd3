"""How large a term is when it is written out, though what it repeats is held once."""

from __future__ import annotations

from stimproof.specs.expressions import Apply, Expression

MAX_TERM = 20_000
MAX_DEPTH = 200
"""How many parts and levels a term may have; what walks over a term meets a shared part more than once."""


class Extents:
    """Counts the parts and levels of terms, those of a shared part once."""

    def __init__(self) -> None:
        # The term is kept beside its extent, so that its id is never that of another term.
        self._held: dict[int, tuple[Expression, int, int]] = {}

    def of(self, term: Expression) -> tuple[int, int]:
        """Return how many parts and levels a term has, each shared part counted wherever it stands."""
        if not isinstance(term, Apply):
            return 1, 1
        held = self._held.get(id(term))
        if held is None:
            inner = [self.of(argument) for argument in term.args]
            total = 1 + sum(size for size, _ in inner), 1 + max(depth for _, depth in inner)
            held = self._held[id(term)] = (term, *total)
        return held[1], held[2]

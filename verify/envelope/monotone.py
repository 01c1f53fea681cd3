"""Proofs that a claim is monotone in one programmed value, so that bisection finds its whole boundary.

For the value ``p`` the script asks for two settings that agree in all but ``p`` and what is delivered of
it, ``p <= q`` programmed and ``d <= e`` delivered, such that the claim holds at the larger one and fails at
the smaller. Where there are none, *safe at b implies safe at a* for all ``a <= b``: had ``a`` a delivery
``d`` that breaks the claim, then ``e = d + l (b - a)``, with ``l`` the lower factor of the tolerance, is a
delivery of ``b`` and ``e >= d``; so the claim would fail there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Expression, Op, Reference, compare, negate, substitute
from stimproof.verify import recheck, solver
from stimproof.verify.certificates import claim_script

if TYPE_CHECKING:
    from stimproof.verify.problem import Problem

OTHER = ".other"
"""How the second copy of a value is called in the script; no parameter's name has a dot."""


def proof(given: Problem, name: str, title: str, budget: int, *, falling: bool = False) -> str | None:
    """Return the script, confirmed by both solvers, that a larger value is never safer than a smaller one.

    With ``falling``, that a smaller value is never safer than a larger one. ``None``: not proved.
    """
    kinds = dict(given.variables())
    copied = {item: f"{item}{OTHER}" for item in (name, name + DELIVERED) if item in kinds}
    copies: dict[str, Expression] = {item: Reference(other, kinds[item]) for item, other in copied.items()}
    ordered = [
        compare(Op.GE if falling else Op.LE, Reference(item, kinds[item]), copies[item]) for item in copied
    ]
    domain = dict.fromkeys(given.domain())
    domain.update(dict.fromkeys(substitute(term, copies) for term in given.domain()))
    premises = (*domain, *ordered, substitute(given.claim, copies))
    kinds.update({other: kinds[item] for item, other in copied.items()})
    try:
        if solver.find([*premises, negate(given.claim)], kinds, budget) is not None:
            return None
    except solver.GaveUpError:
        return None
    script = claim_script(kinds, premises, given.claim, title)
    return script if recheck.run(script).confirmed else None

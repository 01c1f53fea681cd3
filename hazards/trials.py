"""Which controls can be tried by removing them: their elements, and the obligations that they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.ablation import Trial

if TYPE_CHECKING:
    from stimproof.hazards.risk_file import RiskFile


def trials(risk_file: RiskFile) -> tuple[Trial, ...]:
    """Return a trial for each control that names elements of the specification, in the order of the file.

    A control serves what its requirements cite, and what is said to show that it is there and that it helps.
    """
    return tuple(_trial(risk_file, name) for name, item in risk_file.controls.items() if item.elements)


def _trial(risk_file: RiskFile, name: str) -> Trial:
    control = risk_file.controls[name]
    served = [
        obligation
        for requirement in control.requirements
        for obligation in risk_file.requirements[requirement].verified_by
    ]
    served += [*control.implementation.obligations, *control.effectiveness.obligations]
    return Trial(name, control.elements, tuple(dict.fromkeys(served)))

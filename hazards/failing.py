"""What declared faults mean for the risk file: which claims to verify with each, and what that shows.

A cause that names a fault asks about the claims of the controls on its ways: a control is a barrier against
the fault only if its claims hold while the fault is present. A fault that no cause names is asked about every
property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stimproof.hazards.effectiveness import implementing
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.verify.fault_effects import FaultEffect, FaultResult, FaultTrial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.faults import Fault
    from stimproof.specs.findings import Location

_BEHAVIOUR = ("properties.", "machines.", "variables.")
"""Claims that a fault can touch; limits speak of settings alone."""
_BREAKING = (FaultEffect.BROKEN, FaultEffect.BROKEN_ANYWAY)


@dataclass(frozen=True, slots=True)
class FaultStatus:
    """What one fault does: to which claims, and which causes name it.

    ``claims`` are (obligation, effect, why or the file of the run); ``standing`` are the controls on the ways
    of those causes all of whose claims are tolerated, ``fallen`` those with a claim that breaks.
    """

    fault: str
    sentence: str
    causes: tuple[str, ...]
    claims: tuple[tuple[str, str, str], ...]
    standing: tuple[str, ...] = ()
    fallen: tuple[str, ...] = ()

    def having(self, effect: FaultEffect) -> tuple[str, ...]:
        """Return the claims on which the fault has one effect."""
        return tuple(name for name, found, _ in self.claims if found == effect.value)

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "fault": self.fault,
            "sentence": self.sentence,
            "causes": list(self.causes),
            "claims": [
                {"obligation": name, "effect": effect, "told": told} for name, effect, told in self.claims
            ],
            "standing": list(self.standing),
            "fallen": list(self.fallen),
        }


def trials(risk_file: RiskFile) -> tuple[FaultTrial, ...]:
    """Return every declared fault with the claims to verify with it, in the order of the specification."""
    faults = risk_file.specification.faults
    return tuple(FaultTrial(name, _claims(risk_file, name)) for name in faults)


def _claims(risk_file: RiskFile, fault: str) -> tuple[str, ...]:
    controls = [name for cause in causes_of(risk_file, fault) for name in controls_against(risk_file, cause)]
    cited = {claim for name in controls for claim in _served(risk_file, name)}
    every = (item.id for item in risk_file.obligations)
    return tuple(name for name in every if (name in cited if cited else name.startswith("properties.")))


def causes_of(risk_file: RiskFile, fault: str) -> tuple[str, ...]:
    """Return the causes that name a fault."""
    return tuple(name for name, cause in risk_file.causes.items() if fault in cause.faults)


def controls_against(risk_file: RiskFile, cause: str) -> tuple[str, ...]:
    """Return the controls on the ways of a cause: they stop it, its situations, or what these lead to."""
    situations = {name for name, item in risk_file.situations.items() if cause in item.causes}
    harms = {name for name, item in risk_file.harms.items() if situations & set(item.situations)}
    passed = {cause, *situations, *harms}
    return tuple(name for name, item in risk_file.controls.items() if passed & set(item.stops))


def _served(risk_file: RiskFile, control: str) -> tuple[str, ...]:
    """Return the claims of a control that a fault can touch."""
    item = risk_file.controls[control]
    claims = dict.fromkeys((*implementing(risk_file, item), *item.effectiveness.obligations))
    return tuple(name for name in claims if name.startswith(_BEHAVIOUR))


def statuses(risk_file: RiskFile, results: tuple[FaultResult, ...]) -> tuple[FaultStatus, ...]:
    """Return what each fault that was tried does, in the order of the specification."""
    found = (_status(risk_file, fault, results) for fault in risk_file.specification.faults.values())
    return tuple(item for item in found if item.claims)


def _status(risk_file: RiskFile, fault: Fault, results: tuple[FaultResult, ...]) -> FaultStatus:
    own = {item.obligation: item for item in results if item.fault == fault.name}
    causes = causes_of(risk_file, fault.name)
    controls = dict.fromkeys(name for cause in causes for name in controls_against(risk_file, cause))
    # A claim that nobody asked about is no reason to stand.
    asked = {claim: item.effect for claim, item in own.items()}
    effects = {name: [asked.get(claim) for claim in _served(risk_file, name)] for name in controls}
    return FaultStatus(
        fault.name,
        fault.sentence,
        causes,
        tuple((name, item.effect.value, item.file or item.reason) for name, item in own.items()),
        tuple(name for name, kinds in effects.items() if kinds and set(kinds) == {FaultEffect.TOLERATED}),
        tuple(name for name, kinds in effects.items() if set(kinds) & set(_BREAKING)),
    )


def findings(risk_file: RiskFile, found: tuple[FaultStatus, ...]) -> Iterator[Finding]:
    """Yield what breaks with a fault, and what has no answer.

    It is an error where a cause names the fault, no control on the ways of that cause is known to stand, and
    nobody is said to control elsewhere what it leads to.
    """
    for item in found:
        fault = risk_file.specification.faults[item.fault]
        place = _place(risk_file, item) if item.causes else fault.location
        told = f"the fault {item.fault} ({item.sentence})"
        broken = [name for effect in _BREAKING for name in item.having(effect)]
        if broken:
            stands = f"; still standing: {', '.join(item.standing)}" if item.standing else ""
            bare = [cause for cause in item.causes if not _kept(risk_file, cause, item.standing)]
            ways = f"the way of {', '.join(bare)}" if item.standing else "its ways"
            yield Finding(
                Code.FAULT_BREAKS,
                place,
                f"with {told}, {_breaks(broken)}"
                + (f", and with that {', '.join(item.fallen)}" if item.fallen else "")
                + stands
                + (f"; no control on {ways} is shown to stand" if bare else ""),
                "add a control whose claims hold with the fault, or say who controls it",
                Severity.ERROR if bare else None,
            )
        unknown = item.having(FaultEffect.UNKNOWN)
        if unknown:
            yield Finding(
                Code.FAULT_UNKNOWN,
                place,
                f"with {told}, there is no answer about {', '.join(unknown)}",
                "'stimproof faults' tells why",
            )


def _kept(risk_file: RiskFile, cause: str, standing: tuple[str, ...]) -> bool:
    """Return whether a control against a cause stands, or all that it leads to is controlled elsewhere."""
    if set(standing) & set(controls_against(risk_file, cause)):
        return True
    led_to = [item for item in risk_file.situations.values() if cause in item.causes]
    return bool(led_to) and all(item.elsewhere is not None for item in led_to)


def _place(risk_file: RiskFile, item: FaultStatus) -> Location:
    """Return where the first cause that names a fault does so."""
    cause = item.causes[0]
    return risk_file.at("causes", cause, "faults", risk_file.causes[cause].faults.index(item.fault))


def _breaks(names: list[str]) -> str:
    return f"{', '.join(names)} {'breaks' if len(names) == 1 else 'break'}"

"""Is each control shown to help: findings about effectiveness, failed tests and risks that controls bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.hazards.effectiveness import Effects, ablations, claimed, judged, shown
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.verify.effects import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stimproof.hazards.measures import External
    from stimproof.hazards.risk_file import RiskFile

_CODES = {
    Effect.REDUNDANT: Code.CONTROL_REDUNDANT,
    Effect.INSUFFICIENT: Code.CONTROL_INSUFFICIENT,
    Effect.UNKNOWN: Code.ABLATION_UNKNOWN,
}
_ADVICE = {
    Effect.REDUNDANT: "remove the control, or say under 'explanation:' what it is good for",
    Effect.INSUFFICIENT: "strengthen the control; 'stimproof explain' shows how the obligation breaks",
    Effect.UNKNOWN: "remove its elements and prove again; 'stimproof trace' does where it can",
}
_WITHOUT_ELEMENTS = {
    Effect.REDUNDANT: "name the elements that it consists of, or say under 'explanation:' what else shows it",
    Effect.INSUFFICIENT: "implement the control, and name its elements",
    Effect.UNKNOWN: "state what the control keeps as a property or limit that can be answered",
}


@dataclass(frozen=True, slots=True)
class EffectGaps:
    """Looks at the controls of one risk file with the results of ablation."""

    risk_file: RiskFile
    effects: Effects

    def find(self) -> Iterator[Finding]:
        """Yield every finding about effects."""
        yield from self._ablated()
        yield from self._not_shown()
        yield from self._tests()
        yield from self._raised()

    def _ablated(self) -> Iterator[Finding]:
        for planned in ablations(self.risk_file):
            effect, why = judged(planned, self.effects)
            if effect is Effect.EFFECTIVE:
                continue
            explained = self.risk_file.controls[planned.control].explanation.strip()
            kept = effect is not Effect.UNKNOWN and bool(explained)
            key = "elements_none" if planned.nothing else "elements"
            yield Finding(
                _CODES[effect],
                self.risk_file.at("controls", planned.control, key),
                f"the control {planned.control} is {effect.value}: {why.removesuffix('.')}"
                + (f"; explained: {explained}" if explained else ""),
                (_WITHOUT_ELEMENTS if planned.nothing else _ADVICE)[effect],
                Severity.WARNING if kept else None,
            )

    def _not_shown(self) -> Iterator[Finding]:
        tried = {planned.control for planned in ablations(self.risk_file)}
        for name, control in self.risk_file.controls.items():
            if name in tried:
                continue
            place = self.risk_file.at("controls", name)
            given = control.effectiveness
            if control.means == "software" and claimed(self.risk_file, control) and not given.beside_proofs:
                message = f"the control {name} was never tried: it names no elements and does not say why"
                advice = "name the elements that it consists of, or say under 'elements_none:' why none does"
                yield Finding(Code.EFFECT_NOT_SHOWN, place, message, advice)
            elif not shown(control):
                message = f"nothing shows that the control {name} helps"
                advice = "name the elements that it consists of, or under 'effectiveness:' what shows it"
                yield Finding(Code.EFFECT_NOT_SHOWN, place, message, advice)

    def _tests(self) -> Iterator[Finding]:
        for path, items in self._outside():
            for number, item in enumerate(items):
                if item.result == "failed":
                    yield Finding(
                        Code.TEST_FAILED,
                        self.risk_file.at(*path, number),
                        f"{path[0].removesuffix('s')} {path[1]} rests on a test that failed: {item.ref}",
                        "mend what was tested, and test again",
                    )

    def _outside(self) -> Iterator[tuple[tuple[str, ...], Iterable[External]]]:
        for name, requirement in self.risk_file.requirements.items():
            yield ("requirements", name, "tests"), requirement.tests
        for name, control in self.risk_file.controls.items():
            for side in ("implementation", "effectiveness"):
                yield ("controls", name, side, "tests"), getattr(control, side).tests

    def _raised(self) -> Iterator[Finding]:
        controls = self.risk_file.controls.items()
        left = [name for name, item in controls if not item.raises and not item.raises_none.strip()]
        if left:
            yield Finding(
                Code.RISKS_FROM_CONTROLS,
                self.risk_file.at("controls"),
                f"nobody says whether {len(left)} controls bring new risks: {', '.join(left)}",
                "name the situations under 'raises:', or say under 'raises_none:' why there are none",
            )

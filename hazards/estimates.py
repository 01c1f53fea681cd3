"""How great each risk is, before and after its controls, for everybody and for each population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stimproof.hazards.ratings import UNKNOWN, Probability, Rating, Residual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.hazards.document import Harm, Situation
    from stimproof.hazards.matrix import Acceptability
    from stimproof.hazards.risk_file import Path, RiskFile
    from stimproof.hazards.scales import Chances


@dataclass(frozen=True, slots=True)
class Estimate:
    """The risk of one harm for one population (``""`` is everybody).

    ``stated`` is the probability that the file states, ``combined`` the one that P1 and P2 give; each is
    ``None`` where it is not known. ``before`` and ``after`` are what the policy says without and with the
    controls. ``places`` are the paths of the estimates that decide.
    """

    harm: str
    population: str
    severity: Rating
    stated: Chances | None
    combined: Chances | None
    before: Acceptability
    residual: Residual
    remaining: Chances | None
    after: Acceptability
    probability_rating: Probability
    residual_path: Path
    probability_path: Path

    @property
    def probability(self) -> Chances | None:
        """The probability of the harm without the controls: as stated, else from P1 and P2."""
        return self.stated or self.combined

    @property
    def whom(self) -> str:
        """For whom, as words to follow the harm's name."""
        return f" for {self.population}" if self.population else ""


def estimates(risk_file: RiskFile) -> Iterator[Estimate]:
    """Yield the risk of every harm, for everybody first and then for each population that differs."""
    for name, harm in risk_file.harms.items():
        for population in ("", *_populations(risk_file, harm)):
            yield _estimate(risk_file, name, harm, population)


def estimate(risk_file: RiskFile, harm: str) -> Estimate:
    """Return the risk of a harm for everybody."""
    return _estimate(risk_file, harm, risk_file.harms[harm], "")


def _populations(risk_file: RiskFile, harm: Harm) -> tuple[str, ...]:
    starts = (risk_file.situations[name].variants for name in harm.situations)
    return tuple(dict.fromkeys((*harm.variants, *(group for variants in starts for group in variants))))


def _estimate(risk_file: RiskFile, name: str, harm: Harm, population: str) -> Estimate:
    scale, evaluate = risk_file.scale, risk_file.matrix.evaluate
    severity: Rating = _differing(harm, "severity", population)
    probability: Probability = _differing(harm, "probability", population)
    residual: Residual = _differing(harm, "residual", population)
    p2: Probability = _differing(harm, "p2", population)
    stated = scale.chances(probability)
    found = [
        scale.combine(scale.chances(p1(risk_file.situations[start], population)), scale.chances(p2))
        for start in harm.situations
    ]
    # The harm comes about by any of its situations: unless all are known, nothing bounds it.
    combined = scale.worst([item for item in found if item is not None]) if all(found) else None
    remaining = scale.chances(residual)
    before = stated or combined
    return Estimate(
        name,
        population,
        severity,
        stated,
        combined,
        evaluate(severity.level, before.worst if before else None),
        residual,
        remaining,
        evaluate(residual.severity or severity.level, remaining.worst if remaining else None),
        probability,
        _path(harm, name, "residual", population),
        _path(harm, name, "probability", population),
    )


def p1(situation: Situation, population: str) -> Probability:
    """Return the probability of a situation for a population."""
    variant = situation.variants.get(population)
    return variant.p1 if variant is not None and variant.p1 != Probability() else situation.p1


def _differing(harm: Harm, part: str, population: str) -> Any:
    variant = harm.variants.get(population)
    own = getattr(variant, part) if variant is not None else None
    return own if own is not None else getattr(harm, part)


def _path(harm: Harm, name: str, part: str, population: str) -> Path:
    variant = harm.variants.get(population)
    if variant is not None and getattr(variant, part) is not None:
        return ("harms", name, "variants", population, part)
    return ("harms", name, part)


def shown(chances: Chances | None) -> str:
    """Return a probability as the matrix prints it."""
    return str(chances) if chances is not None else UNKNOWN

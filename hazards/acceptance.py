"""Are the risks accepted on good grounds: estimates, evidence, benefit, the whole, clauses, reviews."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.hazards.citations import evidence_lists
from stimproof.hazards.estimates import Estimate, estimates, shown
from stimproof.hazards.matrix import Acceptability
from stimproof.hazards.reviews import judge
from stimproof.specs.findings import Code, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.hazards.risk_file import RiskFile

_DOUBTFUL = ("recalled", "uncertain")


@dataclass(frozen=True)
class Acceptance:
    """Looks at one risk file alone; no graph and no verdict is needed."""

    risk_file: RiskFile

    def find(self) -> Iterator[Finding]:
        """Yield every finding about why risks are accepted."""
        yield from self._residual()
        for item in self._estimates:
            yield from self._conflict(item)
            yield from self._decision(item)
        yield from self._contradicted()
        yield from self._benefit()
        yield from self._whole()
        yield from self._clauses()
        yield from self._reviews()

    @cached_property
    def _estimates(self) -> tuple[Estimate, ...]:
        return tuple(estimates(self.risk_file))

    @cached_property
    def _outweighed(self) -> set[str]:
        """The harms whose residual risk a benefit outweighs."""
        weighed = self.risk_file.benefit_risk.values()
        return {harm for item in weighed if item.conclusion == "outweighs" for harm in item.harms}

    def _residual(self) -> Iterator[Finding]:
        unknown: list[str] = []
        for item in self._estimates:
            if (
                self._outside(item.harm)
                or item.residual.benefit_risk.strip()
                or item.harm in self._outweighed
            ):
                continue
            if item.after is Acceptability.ACCEPTABLE:
                continue
            if item.remaining is None:
                unknown.append(item.harm + item.whom)
                continue
            severity = item.residual.severity or item.severity.level
            yield Finding(
                Code.RESIDUAL_RISK,
                self.risk_file.at(*item.residual_path),
                f"the residual risk of {item.harm}{item.whom} ({severity}, {shown(item.remaining)}) "
                f"is: {item.after.value}",
                "control it further, or weigh it against the benefit under 'benefit_risk:'",
                None if item.after is Acceptability.UNACCEPTABLE else Severity.WARNING,
            )
        if unknown:
            yield Finding(
                Code.RESIDUAL_UNKNOWN,
                self.risk_file.at("harms"),
                f"nobody has estimated the residual risk of {len(unknown)} harms: {', '.join(unknown)}",
                "by severity alone the policy does not accept them; give each a 'residual:' with its ground",
            )

    def _outside(self, harm: str) -> bool:
        """Return whether every situation that leads to a harm is controlled elsewhere."""
        start = self.risk_file.harms[harm].situations
        return all(self.risk_file.situations[name].elsewhere is not None for name in start)

    def _conflict(self, item: Estimate) -> Iterator[Finding]:
        """Yield a stated probability that is lower than what P1 and P2 give."""
        if item.stated is None or item.combined is None:
            return
        levels = self.risk_file.scale.levels
        if levels.index(item.stated.worst) < levels.index(item.combined.worst):
            yield Finding(
                Code.PROBABILITY_CONFLICT,
                self.risk_file.at(*item.probability_path),
                f"the probability of {item.harm}{item.whom} is said to be {item.stated}, "
                f"yet P1 and P2 give {item.combined}",
                "leave it out, or mend P1 or P2",
            )

    def _decision(self, item: Estimate) -> Iterator[Finding]:
        """Yield a residual probability of doubtful origin without which the risk were not accepted."""
        if item.remaining is None or item.after is not Acceptability.ACCEPTABLE:
            return
        severity = item.residual.severity or item.severity.level
        if self.risk_file.matrix.evaluate(severity, None) is Acceptability.ACCEPTABLE:
            return
        doubts = [*self._doubts(item.residual.evidence)]
        if item.residual.confidence in _DOUBTFUL:
            doubts.insert(0, f"the estimate itself is {item.residual.confidence}")
        if doubts:
            yield Finding(
                Code.UNVERIFIED_DECISION,
                self.risk_file.at(*item.residual_path),
                f"the residual risk of {item.harm}{item.whom} is accepted because of a doubtful number: "
                + "; ".join(doubts),
                "read the number in its source, or decide without it",
            )

    def _doubts(self, names: tuple[str, ...]) -> Iterator[str]:
        for name in names:
            item = self.risk_file.evidence[name]
            if item.confidence in _DOUBTFUL:
                yield f"{name} is {item.confidence}"
            if item.integrity:
                yield f"{name}: {'; '.join(item.integrity)}"

    @cached_property
    def _against(self) -> Mapping[str, set[str]]:
        """For each piece of evidence, what contradicts it, whichever of the two says so."""
        found: dict[str, set[str]] = {}
        for name, item in self.risk_file.evidence.items():
            for other in item.contradicts:
                found.setdefault(name, set()).add(other)
                found.setdefault(other, set()).add(name)
        return found

    def _contradicted(self) -> Iterator[Finding]:
        for path, names in evidence_lists(self.risk_file):
            if path[0] == "evidence":
                continue
            for number, name in enumerate(names):
                passed_over = sorted(self._against.get(name, set()) - {*names})
                if passed_over:
                    yield Finding(
                        Code.EVIDENCE_CONTRADICTED,
                        self.risk_file.at(*path, number),
                        f"{name} is cited, and what contradicts it is not: {', '.join(passed_over)}",
                        "cite both sides; they are printed side by side and never averaged",
                    )

    def _benefit(self) -> Iterator[Finding]:
        for name, item in self.risk_file.benefit_risk.items():
            if item.conclusion != "outweighs":
                yield Finding(
                    Code.BENEFIT_RISK,
                    self.risk_file.at("benefit_risk", name, "conclusion"),
                    f"the benefit-risk analysis {name} concludes: {item.conclusion}",
                    "reduce the risk further; without a benefit that outweighs it, it cannot be accepted",
                )

    def _whole(self) -> Iterator[Finding]:
        overall = self.risk_file.overall
        if overall is None or overall.conclusion != "acceptable":
            told = (
                "is not judged" if overall is None or overall.conclusion == "unknown" else "is not acceptable"
            )
            place = ("risk_file",) if overall is None else ("overall_residual_risk", "conclusion")
            yield Finding(
                Code.OVERALL_RISK,
                self.risk_file.at(*place),
                f"the overall residual risk {told}",
                "state under 'overall_residual_risk:' by which method and criteria it is judged, and how",
                Severity.ERROR if told == "is not acceptable" else None,
            )
        if not self.risk_file.post_production:
            yield Finding(
                Code.NO_POST_PRODUCTION,
                self.risk_file.at("risk_file"),
                "nothing says what is collected in production and afterwards",
                "state it under 'post_production:'",
            )

    def _clauses(self) -> Iterator[Finding]:
        for name, clause in self.risk_file.clauses.items():
            if not clause.answered_by:
                yield Finding(
                    Code.UNANSWERED_CLAUSE,
                    self.risk_file.at("clauses", name),
                    f"nothing answers {clause.standard}, {clause.clause} ({clause.demands})",
                    "name under 'answered_by:' what does",
                )

    def _reviews(self) -> Iterator[Finding]:
        for item in judge(self.risk_file):
            if item.state != "current":
                yield Finding(
                    Code.STALE_REVIEW if item.state == "stale" else Code.SUSPECT_REVIEW,
                    self.risk_file.at("reviews", item.number),
                    f"the review of {item.review.item} by {item.review.by} on {item.review.on} no longer "
                    f"stands: {item.why}",
                    "review it again; 'stimproof review' records it",
                )

"""Tracing: from each hazard to the proofs that its controls work, and what is missing on the way."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from stimproof.hazards import failing as failures
from stimproof.hazards.acceptance import Acceptance
from stimproof.hazards.controls import statuses, verdict_title
from stimproof.hazards.effectiveness import Effects
from stimproof.hazards.effects import EffectGaps
from stimproof.hazards.estimates import estimate, shown
from stimproof.hazards.explained import explained
from stimproof.hazards.gaps import Gaps
from stimproof.hazards.graph import build, following, preceding, stopping
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.hazards.ratings import UNKNOWN
from stimproof.hazards.report import ControlState, ControlStatus, Coverage, TraceReport, TraceRow
from stimproof.hazards.weaknesses import Weaknesses
from stimproof.specs.findings import Code, Finding, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stimproof.hazards.nodes import Graph
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.verify.fault_effects import FaultResults
    from stimproof.verify.results import Result, Verification


def trace(
    risk_file: RiskFile,
    verification: Verification | None = None,
    effects: Effects = (),
    faults: FaultResults = (),
) -> TraceReport:
    """Trace every hazard to its proofs; the same input gives the same report, in the order of the file.

    ``effects`` are the results of ablation, ``faults`` those with each declared fault. A verification of
    another text of the specification counts as none, and so do such results.
    """
    stale = verification is not None and verification.specification.sha256 != risk_file.spec_sha256
    usable = None if stale else verification
    results = usable.by_id() if usable else {}
    with_faults = tuple(item for item in faults if item.spec_sha256 == risk_file.spec_sha256)
    graph = build(risk_file, usable, with_faults)
    failing = failures.statuses(risk_file, with_faults)
    tried = tuple(item for item in effects if item.spec_sha256 == risk_file.spec_sha256)
    controls = statuses(risk_file, results, tried)
    findings: Iterable[Finding] = chain(
        Gaps(risk_file, graph, results if usable else None).find(),
        Weaknesses(risk_file, graph).find(),
        EffectGaps(risk_file, tried).find(),
        Acceptance(risk_file).find(),
        failures.findings(risk_file, failing),
    )
    if not risk_file.present:
        # One finding says it all; 52 uncovered hazards would only bury it.
        findings = (replace(finding, severity=None) for finding in risk_file.findings)
    ordered = tuple(in_order(chain(_stale(risk_file) if stale else (), findings), _files(risk_file)))
    return TraceReport(
        device=risk_file.device,
        edition=risk_file.edition,
        spec_sha256=risk_file.spec_sha256,
        verified=usable is not None,
        rows=tuple(_Rows(risk_file, graph, results, {item.control: item for item in controls}).all()),
        controls=controls,
        coverage=tuple(_coverage(risk_file)),
        findings=ordered,
        counts=tuple(_counts(risk_file, controls)),
        faults=failing,
        explained=explained(risk_file, ordered),
    )


def _stale(risk_file: RiskFile) -> Iterator[Finding]:
    yield Finding(
        Code.STALE_VERIFICATION,
        risk_file.at(),
        "the verification is about another text of the specification",
        "verify again",
    )


def _files(risk_file: RiskFile) -> tuple[str, ...]:
    """Return the files of the risk file, its own first, and then those of the specification."""
    documents = (*risk_file.documents, *risk_file.specification.documents)
    return tuple(document.file for document in documents)


def _coverage(risk_file: RiskFile) -> Iterator[Coverage]:
    addressed = risk_file.addressed
    for name, entry in risk_file.catalogue.hazards.items():
        if name in addressed:
            yield Coverage(name, entry.title, "addressed", addressed[name])
        elif name in risk_file.not_applicable:
            yield Coverage(name, entry.title, "not applicable", risk_file.not_applicable[name].why)
        else:
            yield Coverage(name, entry.title, "uncovered", "")


def _counts(risk_file: RiskFile, controls: Iterable[ControlStatus]) -> Iterator[tuple[str, int]]:
    dispositions = [item.disposition for item in _coverage(risk_file)]
    states = [item.state for item in controls]
    for section in ("hazards", "situations", "harms", "controls", "requirements"):
        yield section, len(getattr(risk_file, section))
    yield "catalogue", len(dispositions)
    for disposition in ("addressed", "not applicable", "uncovered"):
        yield f"catalogue {disposition}", dispositions.count(disposition)
    elsewhere = [item for item in risk_file.situations.values() if item.elsewhere is not None]
    yield "situations controlled elsewhere", len(elsewhere)
    for state in ControlState:
        yield f"controls {state.value}", states.count(state)


_Row = dict[str, Any]
"""The fields of a row so far; making a row at each station would cost most of the time."""


class _Rows:
    """Walks the graph from hazards to evidence; each way gives one row, cut short where it ends."""

    def __init__(
        self,
        risk_file: RiskFile,
        graph: Graph,
        results: Mapping[str, Result],
        controls: Mapping[str, ControlStatus],
    ) -> None:
        self.risk_file = risk_file
        self.graph = graph
        self.results = results
        self.controls = controls
        self._claims: dict[str, _Row] = {}

    def all(self) -> Iterator[TraceRow]:
        """Yield every row in the order of the file."""
        return (TraceRow(**row) for row in self._hazards())

    def _hazards(self) -> Iterator[_Row]:
        for name, hazard in self.risk_file.hazards.items():
            row: _Row = {
                "hazard": name,
                "hazard_text": hazard.hazard,
                "catalogue": hazard.catalogue or "",
            }
            situations = following(self.graph, Node(NodeKind.HAZARD, name), EdgeKind.EXPOSES)
            for situation in situations:
                yield from self._situation(row, situation)
            if not situations:
                yield row

    def _situation(self, row: _Row, name: str) -> Iterator[_Row]:
        situation = self.risk_file.situations[name]
        row = dict(
            row,
            situation=name,
            situation_text=situation.situation,
            causes=preceding(self.graph, Node(NodeKind.SITUATION, name), EdgeKind.CAUSES),
            elsewhere=situation.elsewhere.control if situation.elsewhere else "",
            p1=situation.p1.level,
            estimates=situation.p1.evidence,
        )
        harms = following(self.graph, Node(NodeKind.SITUATION, name), EdgeKind.LEADS)
        for harm in harms:
            yield from self._harm(row, harm)
        if not harms:
            yield row

    def _harm(self, row: _Row, name: str) -> Iterator[_Row]:
        harm = self.risk_file.harms[name]
        risk = estimate(self.risk_file, name)
        row = dict(
            row,
            harm=name,
            harm_text=harm.harm,
            severity=harm.severity.level,
            severity_confidence=harm.severity.confidence or UNKNOWN,
            p2=harm.p2.level,
            probability=shown(risk.probability),
            risk=risk.before.value,
            residual_probability=shown(risk.remaining),
            residual_risk=risk.after.value,
            estimates=tuple(
                dict.fromkeys((*row["estimates"], *harm.p2.evidence, *harm.probability.evidence))
            ),
        )
        controls = stopping(self.graph, row["situation"], name)
        for control in controls:
            yield from self._control(row, control)
        if not controls:
            yield row

    def _control(self, row: _Row, name: str) -> Iterator[_Row]:
        found = self.controls[name]
        row = dict(
            row,
            control=name,
            control_text=found.text,
            control_kind=found.kind,
            control_state=found.state.value,
        )
        requirements = self.risk_file.controls[name].requirements
        for requirement in requirements:
            yield from self._requirement(row, requirement)
        if not requirements:
            yield row

    def _requirement(self, row: _Row, name: str) -> Iterator[_Row]:
        requirement = self.risk_file.requirements[name]
        row = dict(row, requirement=name, requirement_text=requirement.text)
        for obligation in requirement.verified_by:
            yield row | self._obligation(obligation)
        for ref in requirement.external:
            yield dict(row, verdict=ControlState.EXTERNAL.value, evidence=(ref,))
        if not requirement.shown:
            yield row

    def _obligation(self, name: str) -> _Row:
        """Return what every row says about an obligation, made once."""
        if name not in self._claims:
            node = Node(NodeKind.OBLIGATION, name)
            shown = [preceding(self.graph, node, kind) for kind in (EdgeKind.PROVES, EdgeKind.REFUTES)]
            self._claims[name] = {
                "obligation": name,
                "statement": str(self.graph.nodes[node]["label"]),
                "verdict": verdict_title(self.results, name),
                "evidence": tuple(chain.from_iterable(shown)),
            }
        return self._claims[name]

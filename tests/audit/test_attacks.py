"""What somebody who builds a false dossier from scratch, pages and manifest included, must not get past."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.audit.conftest import edit, edit_results, entry, write_project

from stimproof.audit import audit
from stimproof.dossier import manifest
from stimproof.dossier.build import build
from stimproof.dossier.inputs import DossierInputs
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.verify.certificates import claim_script
from stimproof.verify.prepared import ledger, prepare, unverified
from stimproof.verify.remarks import remarks
from stimproof.verify.results import Certificate, Result, Verdict, Verification
from stimproof.verify.run import verify

SPECIFICATION = """\
stimproof: 1
device: {id: forged, name: Forged stimulator, component: ipg}
sources:
  manual: {title: "A made-up manual"}
parameters:
  a:
    range: [0 mA, 5 mA]
    step: 1 mA
    tolerance: {value: 0 %, source: manual, confidence: seen}
    source: manual
    confidence: seen
interlocks:
  low: {claim: "a <= 1 mA", source: manual, confidence: seen}
  high: {claim: "a >= 2 mA", source: manual, confidence: seen}
limits:
  zero: {claim: "a <= 0 mA"}
variables:
  on: {type: boolean, initial: false}
events: {go: {}}
machines:
  ipg:
    initial: OFF
    modes: {OFF: {}, NEVER: {}}
    transitions:
      - {from: OFF, to: OFF, event: go}
      - {from: NEVER, to: OFF, event: go, do: {on: true}}
properties:
  empty: {sentence: "in NEVER mode the ipg shall always satisfy on"}
"""


def _dossier(tmp_path: Path, forge: Callable[[Verification], Verification]) -> Path:
    """Build a whole dossier, every page of it, from a verification that was tampered with."""
    project = load(write_project(tmp_path / "project", SPECIFICATION))
    forged = forge(verify(project.specification))
    report = trace(project.risk_file, forged)
    out = tmp_path / "dossier"
    build(DossierInputs(project.specification, forged, project.risk_file, report, project.sources), out)
    return out


def _with(given: Verification, identity: str, change: Callable[[Result], Result]) -> Verification:
    results = tuple(change(item) if item.obligation.id == identity else item for item in given.results)
    return replace(given, results=results, findings=remarks(given.specification, results))


def _findings(dossier: Path) -> str:
    report = audit(dossier)
    assert not report.ok
    return "\n".join(report.findings)


def test_the_honest_dossier_is_confirmed(tmp_path: Path) -> None:
    """The specification of the forgeries, honestly verified, passes its audit."""
    assert audit(_dossier(tmp_path, lambda given: given)).findings == ()


def test_interlocks_that_exclude_every_setting_prove_nothing(tmp_path: Path) -> None:
    """A certificate whose assumptions contradict each other is refused, though every answer is unsat."""

    def forge(given: Verification) -> Verification:
        spec = given.specification
        limit = prepare(spec, spec.limits["zero"]).problem
        locks = tuple(spec.interlocks)
        domain = (*limit.domain(), *(spec.interlocks[name].claim for name in locks))
        path = "certificates/limits.zero/claim.smt2"
        script = claim_script(limit.variables(), domain, limit.claim, "limits.zero")
        kept = {name: text for name, text in given.files.items() if name != "traces/limits.zero.json"}
        return _with(
            replace(given, files={**kept, path: script}),
            "limits.zero",
            lambda result: replace(
                result,
                verdict=Verdict.PROVED,
                counterexample=None,
                certificate=Certificate((path,), ("cvc5",)),
                assumptions=ledger(spec, locks),
                unverified=unverified(spec, limit, locks),
            ),
        )

    assert "its interlocks exclude every programmable setting" in _findings(_dossier(tmp_path, forge))


def test_a_proof_about_nothing_must_say_so(tmp_path: Path) -> None:
    """That a proved property can never be violated because it never applies cannot be hidden."""

    def forge(given: Verification) -> Verification:
        return _with(given, "properties.empty", lambda result: replace(result, vacuous=""))

    assert "can never happen" in _findings(_dossier(tmp_path, forge))


def test_a_remark_about_the_verdicts_cannot_be_left_out(tmp_path: Path) -> None:
    """The findings of a dossier are those that its verdicts give."""
    dossier = _dossier(tmp_path, lambda given: replace(given, findings=()))
    assert "the findings are not what the verdicts give" in _findings(dossier)


@pytest.mark.parametrize("path", ["approval.html", "evidence/approval.json", "obligations/extra.html"])
def test_a_page_that_no_evidence_gives_is_named(dossier: Path, path: str) -> None:
    """A file that is listed in the manifest but follows from nothing is named."""
    (dossier / path).write_text("<h1>Approved</h1>", "utf-8")
    manifest.write(dossier)
    assert f"{path}: the evidence gives no such file" in _findings(dossier)


def _moved(data: dict[str, Any]) -> None:
    entry(data, "properties.quiet")["location"]["line"] = 99


@pytest.mark.parametrize("change", [lambda data: data.update(gate="passed"), _moved], ids=["key", "place"])
def test_results_say_nothing_of_their_own(dossier: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """What is added to the results, or moved in them, is named even where no page shows it."""
    edit_results(dossier, change)
    manifest.write(dossier)
    assert "evidence/results.json" in _findings(dossier)


def test_the_order_of_the_results_is_that_of_the_specification(dossier: Path) -> None:
    """Results in another order are named."""
    edit_results(dossier, lambda data: data["obligations"].reverse())
    manifest.write(dossier)
    assert "order" in _findings(dossier)


@pytest.mark.parametrize("text", ["(+)", "(and", "()", "(not " * 5000 + "true" + ")" * 5000])
def test_a_senseless_invariant_is_a_finding(dossier: Path, text: str) -> None:
    """An invariant that is no term, however deep, is named and never stops the audit."""

    def change(proof: str) -> str:
        return json.dumps({**json.loads(proof), "invariant": text})

    edit(dossier, "evidence/certificates/properties.quiet/proof.json", change)
    manifest.write(dossier)
    assert "properties.quiet" in _findings(dossier)

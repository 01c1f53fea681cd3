"""How to re-check the dossier: which files hold the evidence, and how many of each there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, code, join, notice, row, table
from stimproof.dossier.words import count
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View


PACKED = (
    ("certificates/", ".smt2", "script", "SMT-LIB 2.6: each answer must be unsat"),
    ("certificates/", ".json", "proof", "invariants, from which the scripts can be written again"),
    ("traces/", ".json", "run", "counterexamples and witnesses, with exact rational numbers"),
)


def packed(view: View) -> Markup:
    """What stands under ``evidence/``, and what each file shows."""
    inputs = view.inputs
    told = "the exact text of the specification and of the risk file"
    rows = [
        row(code("sources/"), count(len(inputs.sources), "file"), told),
        row(view.evidence("results.json"), "1 file", "every claim, its verdict and its evidence"),
    ]
    if inputs.trace is not None:
        told = "hazards, controls, requirements and what verifies them"
        rows.append(row(view.evidence("trace.json"), "1 file", told))
    for folder, ending, noun, shows in PACKED:
        found = [
            path for path in inputs.verification.files if path.startswith(folder) and path.endswith(ending)
        ]
        rows.append(row(code(f"{folder}*{ending}"), count(len(found), noun), shows))
    return table(("File", "How many", "What it shows"), rows, label="evidence files")


def scripts(view: View) -> Markup:
    """Every proof script with the claim that it proves and who re-checked it."""
    rows = [
        row(
            view.link("obligation", result.obligation.id),
            join((view.evidence(path, path.rsplit("/", 1)[-1]) for path in result.certificate.scripts), ", "),
            ", ".join(result.certificate.rechecked_by) or "nobody",
        )
        for result in view.results
        if result.certificate is not None and result.verdict is not Verdict.ERROR
    ]
    if not rows:
        return notice("No verdict rests on a proof script.")
    return table(("Claim", "Scripts", "Re-checked by"), rows, label="proof scripts")

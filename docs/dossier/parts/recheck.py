"""How to re-check the dossier: which files hold the evidence, and how many of each there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, code, join, notice, row, table
from stimproof.dossier.words import count
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View


def packed(view: View) -> Markup:
    """What stands under ``evidence/``, and what each file shows."""
    files = view.inputs.verification.files
    scripts = sum(path.endswith(".smt2") for path in files)
    rows = [
        row(
            code("sources/"),
            count(len(view.inputs.sources), "file"),
            "the exact text of the specification and of the risk file",
        ),
        row(view.evidence("results.json"), "1 file", "every claim, its verdict and its evidence"),
        row(code("certificates/"), count(scripts, "script"), "SMT-LIB 2.6: each answer must be unsat"),
        row(
            code("traces/"),
            count(len(files) - scripts, "file"),
            "counterexamples and witnesses, with exact rational numbers",
        ),
    ]
    if view.inputs.trace is not None:
        rows.append(
            row(
                view.evidence("trace.json"),
                "1 file",
                "hazards, controls, requirements and what verifies them",
            )
        )
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

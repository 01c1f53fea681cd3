"""Every certificate in the corpus, put to two solvers that read nothing but its text."""

from pathlib import Path

import pytest
import z3

from corpus import CASES, name, verified
from stimproof.verify import recheck
from stimproof.verify.results import Verdict


def scripts(case: Path) -> dict[str, str]:
    """Return the scripts of a case by path."""
    return {path: text for path, text in verified(case).files.items() if path.endswith(".smt2")}


@pytest.mark.parametrize("case", CASES, ids=name)
def test_two_solvers_find_every_script_unsatisfiable(case: Path) -> None:
    """cvc5 and z3, each by its own SMT-LIB parser, answer unsat to the one question of every script."""
    for path, text in scripts(case).items():
        assert text.count("(check-sat)") == 1, path
        assert recheck.run(text).answers == ("unsat",), path
        solver = z3.Solver()
        solver.add(z3.parse_smt2_string(text))
        assert solver.check() == z3.unsat, path


@pytest.mark.parametrize("case", CASES, ids=name)
def test_no_script_is_unsatisfiable_by_its_declarations_alone(case: Path) -> None:
    """Without its last assertion every script is satisfiable, unless the negated claim was all it said."""
    for path, text in scripts(case).items():
        head, _, _ = text.rpartition("(assert ")
        answer = recheck.run(head + "\n(check-sat)\n")
        trivial = path.endswith(
            ("safety.smt2", "initiation.smt2")
        )  # an invariant may exclude all but nothing
        assert answer.answers == ("sat",) or trivial, (path, answer)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_every_proof_has_scripts_and_every_script_belongs_to_a_result(case: Path) -> None:
    """A proved obligation names its scripts; no script lies about that no result names."""
    found = verified(case)
    named = {path for result in found.results if result.certificate for path in result.certificate.scripts}
    assert named == scripts(case).keys()
    for result in found.results:
        if result.verdict is Verdict.PROVED:
            assert result.certificate is not None
            assert result.certificate.scripts
            assert result.certificate.rechecked_by == (recheck.name(),)

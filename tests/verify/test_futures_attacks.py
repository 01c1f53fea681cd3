"""Forged evidence about what lies ahead: loops that do not close, deadlines, plans and traps made up."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus import CORPUS, verified
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Verification

LOOP = ("refuted/bounded_modes_take_turns_for_ever", "properties.FOUND")
DEADLINE = ("proved/answer_after_two_bounded_modes", "properties.ANSWER")
PLANS = ("proved/recovery_after_a_lockout", "properties.UNLOCK")
TRAP = ("refuted/controller_lost_takes_the_only_exit", "properties.RESUMES")


def evidence(case: str) -> tuple[Verification, dict[str, dict[str, Any]], dict[str, str]]:
    """Return a case's verification, its stated results by id, and a copy of its files."""
    found = verified(Path(CORPUS) / f"{case}.yaml")
    stated = {item.obligation.id: json.loads(json.dumps(item.as_json())) for item in found.results}
    return found, stated, dict(found.files)


def problems(found: Verification, stated: dict[str, Any], files: dict[str, str], name: str) -> list[str]:
    """Return what is wrong with one stated result."""
    obligation = found.by_id()[name].obligation
    return EvidenceCheck(found.specification, files).check(obligation, stated[name])


@pytest.mark.parametrize("given", [LOOP, DEADLINE, PLANS, TRAP], ids=lambda given: given[1])
def test_what_is_not_forged_is_convincing(given: tuple[str, str]) -> None:
    """Each of the four, as it was written, has no problem."""
    found, stated, files = evidence(given[0])
    assert problems(found, stated, files, given[1]) == []


@pytest.mark.parametrize("loop", [None, -1, -3, 0, 2, 4, 99])
def test_a_loop_that_does_not_close_is_found(loop: int | None) -> None:
    """Another start of the loop, none at all, or one outside the run shows nothing."""
    case, name = LOOP
    found, stated, files = evidence(case)
    shown = stated[name]["counterexample"]
    assert shown["loop"] == 1
    shown.pop("loop")
    if loop is not None:
        shown["loop"] = loop
    files[f"traces/{name}.json"] = json.dumps({"obligation": name, **shown})
    assert problems(found, stated, files, name)


def test_another_deadline_than_the_proof_is_about_is_found() -> None:
    """The scripts must be those of the deadline that the proof names."""
    case, name = DEADLINE
    found, stated, files = evidence(case)
    path = f"certificates/{name}/proof.json"
    proof = json.loads(files[path])
    assert proof["bound"] == "4"
    files[path] = json.dumps({**proof, "bound": "3"})
    assert problems(found, stated, files, name)
    files[path] = json.dumps({key: value for key, value in proof.items() if key != "bound"})
    assert problems(found, stated, files, name)


def test_a_strategy_without_one_of_its_plans_is_found() -> None:
    """Fewer plans, plans with other terms, and a strategy told otherwise do not pass."""
    case, name = PLANS
    found, stated, files = evidence(case)
    path = f"certificates/{name}/proof.json"
    proof = json.loads(files[path])
    files[path] = json.dumps({**proof, "plans": proof["plans"][1:]})
    assert problems(found, stated, files, name)
    other = json.loads(files[path].replace("42", "43"))
    files[path] = json.dumps(other)
    assert problems(found, stated, files, name)
    files[path] = json.dumps(proof)
    stated[name]["reason"] = "it is there already, wherever it is asked for"
    assert problems(found, stated, files, name)


def test_a_trap_that_is_none_is_found() -> None:
    """A trap around another state, or one whose set is made up, does not pass."""
    case, name = TRAP
    found, stated, files = evidence(case)
    path = f"certificates/{name}/proof.json"
    proof = json.loads(files[path])
    files[path] = json.dumps({**proof, "invariant": "true"})
    assert problems(found, stated, files, name)
    files[path] = json.dumps(proof)
    shown = stated[name]["counterexample"]
    shown["steps"], shown["length"] = shown["steps"][:-1], shown["length"] - 1
    files[f"traces/{name}.json"] = json.dumps({"obligation": name, **shown})
    assert problems(found, stated, files, name)

"""What a proof needs, and that it holds whatever the rest is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from corpus import text
from stimproof.elements import element_words
from stimproof.specs.expressions import FALSE, INTEGER, TRUE, Expression, Literal
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify import cores, recheck
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Core, Verdict
from stimproof.verify.run import DEFAULT_BUDGET, verify

DEVICE = """\
stimproof: 1
device: {id: cored, name: What is needed, component: ipg}
sources: {manual: {title: "A made-up manual"}}
parameters:
  amplitude: {range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}
  rate: {range: [1 Hz, 9 Hz], step: 1 Hz, source: manual, confidence: seen}
interlocks:
  slow: {claim: "rate <= 5 Hz", source: manual, confidence: seen, discharged_by: "a test"}
limits:
  cap: {claim: "amplitude <= 5 mA"}
variables:
  output_on: {type: boolean, initial: false}
  level: {type: integer, range: [0, 9], overflow: forbid, initial: 3}
  idle: {type: clock}
inputs:
  wanted: {type: integer, range: [0, 4]}
events: {start: {}, stop: {}, set: {}}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false, idle: 0 s}}
      ON: {entry: {output_on: true}}
    transitions:
      - {from: OFF, to: ON, event: start, guard: "level > 2"}
      - {from: ON, to: OFF, event: stop, guard: "level > 1"}
      - {from: ON, event: set, guard: "wanted != 3", do: {level: wanted}}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  low: {sentence: "the ipg shall always satisfy level <= 4"}
"""


def core(name: str, text: str = DEVICE) -> Core:
    """Return the core of one obligation."""
    (result,) = verify(read_string(text), only=[name], cores=True).results
    assert result.core is not None
    return result.core


def test_strategies_and_traps_have_no_core() -> None:
    """Asked for cores, a run with a strategy or a trap in it ends as ever: those have none."""
    for case in ("proved/recovery_after_a_lockout", "refuted/machine_waits_for_one_that_has_ended"):
        found = verify(read_string(text(case)), cores=True)
        told = [item for item in found.results if item.engine in ("strategy", "trap")]
        assert told
        assert all(item.core is None for item in told)


def test_the_core_of_a_proof_names_what_it_rests_on() -> None:
    """Output is off in OFF: it is off at first, OFF is entered so, and what turns it on leads elsewhere."""
    assert set(core("properties.quiet").needs) == {
        "variables.output_on.initial",
        "machines.ipg.modes.OFF.entry.output_on",
        "machines.ipg.transitions.T1.to",
    }
    assert set(core("properties.low").needs) == {
        "variables.level.initial",
        "machines.ipg.transitions.T3.updates.level",
        "inputs.wanted.range",
    }


def test_the_core_of_a_limit_names_ranges_and_interlocks() -> None:
    """The range of the amplitude is enough; nobody needs the interlock."""
    found = core("limits.cap")
    assert found.needs == ("parameters.amplitude.range",)
    assert "interlocks.slow" in found.spare


def mutants(specification: Specification, spare: tuple[str, ...]) -> Iterator[Specification]:
    """Yield the device with one thing changed that a proof does not need."""
    machine = specification.machines["ipg"]
    for number, item in enumerate(machine.transitions):
        changed = []
        place = f"machines.ipg.transitions.T{number + 1}"
        if f"{place}.guard" in spare:
            changed += [replace(item, guard=guard) for guard in (TRUE, FALSE)]
        changed += [
            replace(item, updates=tuple((n, _other(t)) if n == name else (n, t) for n, t in item.updates))
            for name, _ in item.updates
            if f"{place}.updates.{name}" in spare
        ]
        for other in changed:
            transitions = (*machine.transitions[:number], other, *machine.transitions[number + 1 :])
            yield replace(specification, machines={"ipg": replace(machine, transitions=transitions)})
    for name, variable in specification.variables.items():
        if f"variables.{name}.initial" in spare and variable.initial is not None:
            initial = replace(variable, initial=_other(variable.initial))
            yield replace(specification, variables={**specification.variables, name: initial})


def _other(term: Expression) -> Literal:
    """Return another value: the other truth value, or the most that the level may be."""
    if isinstance(term, Literal) and isinstance(term.value, bool):
        return Literal(not term.value, term.type)
    return Literal(9, INTEGER)


@pytest.mark.parametrize("name", ["properties.quiet", "properties.low"])
def test_what_a_proof_does_not_need_may_be_anything(name: str) -> None:
    """With a spare guard, assignment or first value changed, the claim is proved all the same."""
    specification = read_string(DEVICE)
    changed = list(mutants(specification, core(name).spare))
    assert len(changed) >= 3
    for mutant in changed:
        (result,) = verify(mutant, only=[name]).results
        assert result.verdict is Verdict.PROVED


def test_what_the_second_solver_does_not_confirm_is_no_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """A core is evidence too: without the second solver's word there is none."""
    specification = read_string(DEVICE)
    found = verify(specification, only=["properties.quiet", "limits.cap"])
    monkeypatch.setattr(recheck, "run", lambda script: recheck.Recheck(("sat",)))
    for result in found.results:
        assert cores.core_of(specification, result, found.files, DEFAULT_BUDGET) is None


def test_a_budget_too_small_gives_no_core() -> None:
    """Where the solver stops, nothing is said about what is needed."""
    specification = read_string(DEVICE)
    found = verify(specification, only=["properties.quiet"])
    assert cores.core_of(specification, found.results[0], found.files, 1) is None


def test_what_has_no_proof_has_no_core() -> None:
    """A refuted claim and a mode that a run reaches have runs to show, and need no core."""
    text = DEVICE.replace("level <= 4", "level <= 2")
    found = verify(read_string(text), only=["properties.low", "machines.ipg.modes.ON"], cores=True)
    assert [result.core for result in found.results] == [None, None]


def test_every_element_has_words() -> None:
    """No place in a core is left unexplained."""
    specification = read_string(DEVICE)
    found = verify(specification, cores=True)
    names = {
        name for result in found.results if result.core for name in (*result.core.needs, *result.core.spare)
    }
    told = {name: element_words(specification, name) for name in names}
    assert told["machines.ipg.transitions.T2.guard"] == "the guard of ipg T2: ON → OFF on stop"
    assert told["machines.ipg.modes.OFF.entry.output_on"] == (
        "what entering ipg's mode OFF assigns to output_on"
    )
    assert [name for name, words in told.items() if words == name] == []


def test_an_auditor_finds_each_core_again_and_no_other() -> None:
    """A core that is stated is computed anew; one with an element more or less is a problem."""
    specification = read_string(DEVICE)
    found = verify(specification, only=["properties.quiet", "limits.cap"], cores=True)
    for result in found.results:
        check = EvidenceCheck(specification, found.files)
        assert check.check(result.obligation, result.as_json()) == []
        assert result.core is not None
        forged = replace(result, core=replace(result.core, needs=result.core.needs[1:]))
        assert check.check(result.obligation, forged.as_json()) == ["its core is not what its proof needs"]

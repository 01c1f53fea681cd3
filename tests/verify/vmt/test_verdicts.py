"""Models with known verdicts, and small random ones against a search of every state."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vmt_models
import vmt_translated
from stimproof.verify import recheck
from stimproof.verify.results import Verdict
from stimproof.verify.solver import GaveUpError
from stimproof.verify.vmt.engine import Engine
from stimproof.verify.vmt.evaluation import values
from stimproof.verify.vmt.model import Model
from stimproof.verify.vmt.outcome import Answer
from stimproof.verify.vmt.proving import Question, verify
from stimproof.verify.vmt.reading import read_text
from stimproof.verify.vmt.reducing import reduced
from stimproof.verify.vmt.scanner import Scanner
from stimproof.verify.vmt.slicing import sliced
from stimproof.verify.vmt.tokens import Tokens
from stimproof.verify.vmt.trimming import trimmed
from vmt_models import Case, system

SLOW = {"many-unsafe", "wrapping-8-safe", "loop-sum-safe", "fischer-3-safe"}
CASES = [
    pytest.param(item, marks=[pytest.mark.slow] if item.name in SLOW else [], id=item.name)
    for item in (*vmt_models.cases(), *vmt_translated.cases())
]


def _confirmed(answer: Answer) -> None:
    """Check again, from the files that would be written, what stands behind each proof."""
    files = answer.files()
    for entry in answer.as_json()["properties"]:
        if entry["verdict"] == "proved":
            assert entry["certificate"]["scripts"]
            for path in entry["certificate"]["scripts"]:
                assert recheck.run(files[path]).confirmed, path
        if entry["verdict"] == "refuted":
            assert entry["trace"] in files


@pytest.mark.parametrize("case", CASES)
def test_a_model_has_its_verdict(case: Case) -> None:
    """Each model is proved with a certificate, or refuted with a replayed run as short as there is one."""
    answer = verify(read_text(case.text, case.name))
    (outcome,) = answer.outcomes
    assert outcome.verdict is (Verdict.PROVED if case.safe else Verdict.REFUTED), outcome.reason
    if case.length is not None:
        assert outcome.run is not None
        assert len(outcome.run.states) - 1 == case.length
    _confirmed(answer)


def test_there_are_enough_models_of_each_sort() -> None:
    """At least 30 models, safe and unsafe ones, over every sort that is read."""
    texts = [item.text for item in vmt_models.cases()]
    assert len(texts) >= 30
    assert (
        min(sum(item.safe for item in vmt_models.cases()), sum(not item.safe for item in vmt_models.cases()))
        >= 10
    )
    for sort in ("Bool", "Int", "Real", "(_ BitVec"):
        assert sum(f"() {sort}" in text for text in texts) >= 5, sort


def _only(text: str) -> tuple[Verdict, str, tuple[str, ...]]:
    (outcome,) = verify(read_text(text)).outcomes
    return outcome.verdict, outcome.reason, outcome.notes


def test_nothing_is_proved_of_a_model_without_initial_states() -> None:
    """A contradictory initial condition satisfies everything, which is no proof."""
    verdict, reason, _ = _only(system({"x": "Int"}, "(and (> x 0) (< x 0))", "(= x' x)", "(= x 7)"))
    assert (verdict, "no initial state" in reason) == (Verdict.UNKNOWN, True)


def test_a_blocked_relation_is_told() -> None:
    """Where no step is possible the proof is about initial states alone, and a note says so."""
    verdict, _, notes = _only(system({"x": "Int"}, "(= x 0)", "(and (= x' (+ x 1)) (> x 0))", "(= x 0)"))
    assert verdict is Verdict.PROVED
    assert "no step is possible" in notes[0]


def test_a_state_without_successors_still_counts() -> None:
    """A violation in a state where every run ends is a violation; induction does not step over it."""
    relation = "(and (< x 3) (= x' (+ x 1)))"
    assert _only(system({"x": "Int"}, "(= x 0)", relation, "(< x 3)"))[0] is Verdict.REFUTED
    assert _only(system({"x": "Int"}, "(= x 0)", relation, "(<= x 3)"))[0] is Verdict.PROVED


def test_a_property_over_inputs_is_about_all_their_values() -> None:
    """A property that mentions an input must hold for each value; the first state shares its own."""
    inputs = {"i": "Int"}
    loose = system({"x": "Int"}, "(= x 0)", "(and (= x' x) (= i 0))", "(= i 0)", inputs=inputs)
    assert _only(loose)[0] is Verdict.REFUTED
    weak = system({"x": "Int"}, "(= x 0)", "(= x' x)", "(=> (> i 0) (< x i))", inputs=inputs)
    assert _only(weak)[0] is Verdict.PROVED
    shared = system({"x": "Int"}, "(= x i)", "(= x' 0)", "(=> (> x 0) (= x i))", inputs=inputs)
    assert _only(shared)[0] is Verdict.PROVED


def test_a_run_that_divides_by_zero_is_not_believed() -> None:
    """What a division by zero is, each solver may choose; neither choice is a refutation."""
    text = system(
        {"x": "Int", "y": "Int"}, "(and (= x 4) (= y 0))", "(and (= x' (div x y)) (= y' y))", "(= x 4)"
    )
    assert _only(text)[0] is Verdict.UNKNOWN


def test_what_does_not_matter_is_left_out_and_comes_back_in_the_run() -> None:
    """A variable that only reads is left out of the question; the run has its values again."""
    state = {"x": "Int", "seen": "Int", "other": "Real"}
    relation = "(and (= x' (+ x 1)) (= seen' (+ (* 2 x) seen)) (= other' (+ other r)))"
    init = "(and (= x 0) (= seen 5) (> other 2))"
    model = read_text(system(state, init, relation, "(< x 3)", inputs={"r": "Real"}))
    (outcome,) = verify(model).outcomes
    assert [item.name for item in sliced(model, model.properties[0]).part.state] == ["x"]
    assert outcome.run is not None
    assert [values[:2] for values in outcome.run.states] == [(0, 5), (1, 5), (2, 7), (3, 11)]


def test_a_first_value_that_is_no_state_comes_back_in_the_run() -> None:
    """What begins in relation to a variable that no step reads is left out, and both are found again."""
    state = {"x": "Int", "seen": "Int", "gone": "Int"}
    init = "(and (= x 0) (> seen gone) (> gone 7))"
    relation = "(and (= x' (+ x 1)) (= seen' (+ seen x)) (= gone' x))"
    model = read_text(system(state, init, relation, "(< x 2)"))
    part = reduced(model, model.properties).part
    assert [item.name for item in part.state] == ["x", "seen"]
    assert [item.name for item in sliced(part, model.properties[0]).part.state] == ["x"]
    (outcome,) = verify(model).outcomes
    assert outcome.run is not None, outcome.reason
    x, seen, gone = outcome.run.states[0]
    assert (x, seen > gone > 7) == (0, True)


def test_what_constrains_a_step_is_never_left_out() -> None:
    """A variable that a second conjunct constrains can block a step, so it stays."""
    state = {"x": "Int", "gate": "Int"}
    relation = "(and (= x' (+ x 1)) (= gate' (+ gate 1)) (< gate' 3))"
    text = system(state, "(and (= x 0) (= gate 0))", relation, "(< x 3)")
    assert _only(text)[0] is Verdict.PROVED


def test_live_properties_have_no_answer() -> None:
    """A property of another kind than an invariant is ``unknown`` with its reason; the others are decided."""
    text = system({"x": "Int"}, "(= x 0)", "(= x' x)", "(= x 0)")
    text += "(define-fun q () Bool (! (> x 0) :live-property 1))"
    first, second = verify(read_text(text)).outcomes
    assert first.verdict is Verdict.PROVED
    assert second.verdict is Verdict.UNKNOWN
    assert "only invariants" in second.reason


def test_a_tiny_budget_ends_in_unknown() -> None:
    """With next to no budget there is no verdict, and no wrong one."""
    hard = next(item for item in vmt_models.cases() if item.name == "fischer-3-safe")
    (outcome,) = verify(read_text(hard.text), budget=10).outcomes
    assert outcome.verdict is Verdict.UNKNOWN
    assert outcome.reason


def test_answers_do_not_depend_on_the_run() -> None:
    """Two runs give the same bytes."""
    texts = [
        item.text
        for item in vmt_models.cases()
        if item.name in ("tickets-safe", "fischer-2-unsafe", "bucket-safe")
    ]
    for text in texts:
        assert verify(read_text(text)).files() == verify(read_text(text)).files()


def _reached(model: Model, width: int) -> int | None:
    """Return the length of the shortest violation, by trying every state and input."""
    terms, state, inputs = (
        model.terms,
        [item.now for item in model.state],
        [item.now for item in model.inputs],
    )
    states = list(product(range(1 << width), repeat=len(state)))
    choices = [
        dict(zip(inputs, choice, strict=True)) for choice in product(range(1 << width), repeat=len(inputs))
    ]
    (claim,) = model.properties
    known = {here: [dict(zip(state, here, strict=True)) | choice for choice in choices] for here in states}
    layer = {here for here in states if any(values(terms, [model.initial], case)[0] for case in known[here])}
    seen, depth = set(layer), 0
    while layer:
        for here in layer:
            if not all(values(terms, [claim.term], case)[0] for case in known[here]):
                return depth
        following = set()
        for there in set(states) - seen:
            after = {item.after: value for item, value in zip(model.state, there, strict=True)}
            if any(
                values(terms, [model.relation], case | after)[0] for here in layer for case in known[here]
            ):
                following.add(there)
        layer, depth = following, depth + 1
        seen |= layer
    return None


WIDTH = 2
NAMES = ["x", "y", "i"]


@st.composite
def _number(draw: st.DrawFn, depth: int) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([*NAMES, "#b00", "#b01", "#b10", "#b11"]))
    name = draw(
        st.sampled_from(["bvadd", "bvsub", "bvand", "bvor", "bvxor", "bvmul", "bvudiv", "bvshl", "bvashr"])
    )
    return f"({name} {draw(_number(depth - 1))} {draw(_number(depth - 1))})"


@st.composite
def _truth(draw: st.DrawFn, depth: int) -> str:
    if depth == 0 or draw(st.booleans()):
        name = draw(st.sampled_from(["bvult", "bvsle", "=", "distinct", "bvsgt"]))
        return f"({name} {draw(_number(1))} {draw(_number(1))})"
    name = draw(st.sampled_from(["and", "or", "=>", "xor"]))
    return f"({name} {draw(_truth(depth - 1))} {draw(_truth(depth - 1))})"


@st.composite
def _systems(draw: st.DrawFn) -> str:
    moves = [
        f"(and {draw(_truth(1))} (= x' {draw(_number(2))}) (= y' {draw(_number(2))}))"
        for _ in range(draw(st.integers(1, 3)))
    ]
    sort = f"(_ BitVec {WIDTH})"
    init = f"(and (= x {draw(_number(0))}) {draw(_truth(0))})"
    relation = f"(or false {' '.join(moves)})"
    return system({"x": sort, "y": sort}, init, relation, draw(_truth(2)), inputs={"i": sort})


def _agree(text: str, width: int = WIDTH) -> None:
    model = read_text(text)
    (outcome,) = verify(model).outcomes
    if "no initial state" in outcome.reason:
        return
    shortest = _reached(model, width)
    assert outcome.verdict is (Verdict.PROVED if shortest is None else Verdict.REFUTED), text
    if outcome.run is not None and outcome.engine == "bounded search":
        assert len(outcome.run.states) - 1 == shortest, text


@settings(max_examples=25)
@given(_systems())
def test_random_systems_against_a_search_of_all_states(text: str) -> None:
    """The verdict, and the length of a violation, are those of an exhaustive search."""
    _agree(text)


@st.composite
def _synchronous(draw: st.DrawFn) -> str:
    """Draw a program of which each part of an expression is a stream, as translators write them."""
    bits, made = "(_ BitVec 1)", vmt_translated.Streams()
    names = ["i", "x", "y"]

    def some() -> str:
        return draw(st.sampled_from([*names, "#b0", "#b1"]))

    def before(text: str) -> str:
        return f"~{text}" if text in ("i", "x", "y") else text

    made.free("i", bits)
    for name in ("a", "b"):
        kind = draw(st.sampled_from(["equal", "either", "before"]))
        if kind == "equal":
            made.equal(name, bits, f"(bvadd {some()} {some()})")
        elif kind == "either":
            made.either(name, bits, f"(bvult {some()} {some()})", some(), some())
        else:
            made.either(name, bits, f"(bvule {before('x')} {before('i')})", before("y"), some())
        names.append(name)
    for name in ("x", "y"):
        made.memory(
            name, bits, draw(st.sampled_from(["i", "#b0", "#b1"])), draw(st.sampled_from(["a", "b", "~x"]))
        )
    made.equal("ok", "Bool", f"(distinct {some()} (bvadd {some()} {some()}))")
    return made.text("ok")


@settings(max_examples=25)
@given(_synchronous())
def test_random_programs_in_streams_against_a_search_of_all_states(text: str) -> None:
    """What a reduction leaves out changes neither a verdict nor the length of a violation."""
    _agree(text, 1)


@pytest.mark.slow
@settings(max_examples=300)
@given(_synchronous())
def test_many_random_programs_in_streams_against_a_search_of_all_states(text: str) -> None:
    """The same for many more programs."""
    _agree(text, 1)


def test_streams_are_no_state() -> None:
    """Of a synchronous program only what a step reads again is state, and a run tells the values of all."""
    model = read_text(vmt_translated.invalidation(broken=True))
    part = reduced(model, model.properties).part
    assert {item.name for item in part.state} == {"env", "invalid", "valid", "dirty", "sofar", "ok"}
    assert len(model.state) > 20
    (outcome,) = verify(model).outcomes
    assert outcome.run is not None
    first = dict(zip((item.name for item in model.state), outcome.run.states[0], strict=True))
    assert first["sofar"] == (first["alone"] and first["lines"] > 0)


def test_an_equation_that_reads_its_own_variable_stays() -> None:
    """Values are put in place of variables only where this ends: two that define each other stay."""
    state = {"x": "Int", "u": "Int", "v": "Int"}
    circle = "(and (= u' (+ v' 1)) (= v' (- u' 1)) (= x' (ite (> u' 0) 1 0)))"
    text = system(state, "(and (= x 0) (= u 1) (= v 0))", circle, "(>= x 0)")
    assert _only(text)[0] is Verdict.PROVED
    text = system(state, "(and (= x 0) (= u 1) (= v 0))", circle, "(<= x 0)")
    assert _only(text)[0] is Verdict.REFUTED


@pytest.mark.slow
@settings(max_examples=500)
@given(_systems())
def test_many_random_systems_against_a_search_of_all_states(text: str) -> None:
    """The same for many more systems."""
    _agree(text)


def test_a_run_takes_rational_values_near_irrational_ones() -> None:
    """Where the solver finds a violation at an irrational place, one at a rational place nearby is found."""
    step = """(and (= (+ z' (* y' x' x')) (+ 2 (* x' x'))) (< (+ (* y' y' x') (* y' x')) (- (* z' z' z') 1))
        (<= (+ x' y') (+ 1 (* y' z'))) (> x' 1) (<= y' 2))"""
    text = system(dict.fromkeys("xyz", "Real"), "(= x y z 0)", step, "(< x 0.5)")
    (outcome,) = verify(read_text(text), budget=20_000_000).outcomes
    assert outcome.verdict is Verdict.REFUTED, outcome.reason


PADDED = system(
    {"x": "Int", "y": "Int", "z": "Int"},
    "(and (= x 0) (= y 0) (= z 0))",
    "(and (= x' (+ x y)) (= y' (+ y 1)) (= z' (+ z 2)))",
    "(>= x 0)",
)


def _parts(model: Model, *claims: str) -> list[int]:
    """Return claims over the state as terms of a model."""
    scanner = Scanner(Tokens(" ".join(claims), "claims"), model.terms)
    scanner.names.update({variable.name: variable.now for variable in model.state})
    return [scanner.term() for _ in claims]


def test_an_invariant_keeps_what_the_property_and_its_own_steps_need() -> None:
    """Trimming keeps the conjuncts on which the property rests, those on which these rest, and no more."""
    model = read_text(PADDED)
    (item,) = model.properties
    z, y, x, both = parts = _parts(model, "(>= z 0)", "(>= y 0)", "(>= x 0)", "(>= (+ y z) 0)")
    engine = Engine(model, [item])
    assert set(trimmed(engine, item, model.terms.both(parts), 10**6)) == {x, y}
    with pytest.raises(GaveUpError, match="not inductive"):
        trimmed(engine, item, model.terms.both([z, x, both]), 10**6)


def test_an_invariant_that_is_not_confirmed_as_a_whole_is_confirmed_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the second solver gives up on the whole, it is asked about each conjunct that is needed."""

    def limited(script: str, budget: int) -> recheck.Recheck:
        hard = "z" in script.rpartition("(assert")[2]
        return recheck.Recheck(("unknown",)) if hard else answer(script, budget)

    answer = recheck.run
    monkeypatch.setattr(recheck, "run", limited)
    model = read_text(PADDED)
    (item,) = model.properties
    reduction = reduced(model, [item])
    prover = Question(item, reduction, sliced(model, item), Engine(model, [item]), 10**7)
    invariant = model.terms.both(_parts(model, "(>= y 0)", "(>= x 0)", "(>= z 0)"))
    outcome = prover._proved(invariant, "spacer")
    assert outcome.verdict is Verdict.PROVED
    assert sorted(outcome.scripts) == [
        "consecution-0.smt2",
        "consecution-1.smt2",
        "initiation.smt2",
        "safety.smt2",
    ]
    assert not any("z" in text for text in outcome.invariant.split())
    assert all(answer(text).confirmed for text in outcome.scripts.values())

"""What is read as VMT-LIB, what is refused, and where a refusal points."""

from __future__ import annotations

from pathlib import Path

import pytest

from stimproof.specs.errors import ModelError
from stimproof.verify.vmt.evaluation import values
from stimproof.verify.vmt.model import Model
from stimproof.verify.vmt.reading import read_file, read_text

HEAD = """\
(declare-const x Int) (declare-const x' Int) (define-fun nx () Int (! x :next x'))
(declare-const r Real) (declare-const b Bool) (declare-const w (_ BitVec 8))
"""


def _model(claim: str, before: str = "") -> Model:
    return read_text(f"{HEAD}{before}(define-fun p () Bool (! {claim} :invar-property 0))")


def _value(claim: str, before: str = "", **known: object) -> object:
    model = _model(claim, before)
    variables = {item.name: item.now for item in (*model.state, *model.inputs)}
    given = {variables[name]: value for name, value in known.items() if name in variables}
    return values(model.terms, [model.properties[0].term], given)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "claim",
    [
        "(= (/ 1 2) 0.5)",
        "(= (/ 8 2 2) 2)",
        "(= (- 5) (- 0 5) -5)",
        "(= (- 1 2 3) (- 4))",
        "(< 1 2 3)",
        "(not (< 1 3 2))",
        "(= 1 1.0 (to_real 1))",
        "(distinct 1 2 3)",
        "(not (distinct 1 2 1))",
        "(=> true false true)",
        "(not (=> true true false))",
        "(xor true true true)",
        "(= (ite true 1 2.5) 1.0)",
        "(= (div 7 2) 3)",
        "(= (div (- 7) 2) (- 4))",
        "(= (div (- 7) (- 2)) 4)",
        "(= (mod (- 7) (- 2)) 1)",
        "(= (abs (- 3)) 3)",
        "(= (to_int (- 2.5)) (- 3))",
        "(and (is_int 4.0) (not (is_int 0.5)))",
        "((_ divisible 3) 9)",
        "(let ((y 1) (z 2)) (let ((y z) (z y)) (and (= y 2) (= z 1))))",
        "(let () true)",
        "(= (! (+ 1 2) :named three :comment |any text|) 3 three)",
        "(= #xaF #b10101111 (_ bv175 8))",
        "(= (concat #b1 #b01 #b0) #b1010)",
        "(= ((_ extract 6 1) #b01010100) #b101010)",
        "(= ((_ sign_extend 2) #b10) #b1110)",
        "(= ((_ zero_extend 2) #b10) #b0010)",
        "(= ((_ rotate_left 1) #b1001) #b0011)",
        "(= ((_ rotate_right 1) #b1001) #b1100)",
        "(= ((_ repeat 2) #b10) #b1010)",
        "(= (bvsdiv #b1001 #b0010) #b1101)",
        "(= (bvsrem #b1001 #b0010) #b1111)",
        "(= (bvsmod #b1001 #b0010) #b0001)",
        "(= (bvudiv #b1001 #b0000) #b1111)",
        "(= (bvurem #b1001 #b0000) #b1001)",
        "(= (bvashr #b1001 #b0010) #b1110)",
        "(= (bvshl #b1001 #b0100) #b0000)",
        "(= (bvcomp #b1 #b1) #b1)",
        "(= (bv2nat #b1001) 9)",
        "(= (sbv_to_int #b1001) (- 7))",
        "(= (sbv_to_int #b0111) 7)",
        "(iff true (implies false false))",
        "(= ((_ int_to_bv 4) (- 1)) #b1111)",
        "(= (bvadd #b01 #b01 #b01) #b11)",
        "(and true)",
        "; a comment ( with a parenthesis\n true",
    ],
)
def test_a_term_means_what_smt_lib_says(claim: str) -> None:
    """Each operator has the value that the SMT-LIB theories give it; mixed numbers become reals."""
    assert _value(claim) is True


def test_definitions_with_arguments_stand_for_their_bodies() -> None:
    """A defined function is its body with arguments in place; parameters hide outer names for a while."""
    before = """(define-sort Level () Int)
(define-fun twice ((x Level)) Level (* 2 x))
(define-fun mix ((x Real) (b Int)) Real (+ x (twice b)))
"""
    assert _value("(and (= (mix 1 3) 7) (= (twice x) 8) (= x 4))", before, x=4) is True


def test_quoted_and_plain_symbols_are_one() -> None:
    """``|a|`` and ``a`` are the same symbol, and a quoted symbol may hold anything but bars."""
    text = "(declare-const |a (b| Bool)(declare-const |c| Bool)"
    text += "(define-fun p () Bool (! (or |a (b| c) :invar-property 3))"
    model = read_text(text)
    assert {item.name for item in model.inputs} == {"a (b", "c"}
    assert model.properties[0].number == 3


def test_constants_without_next_are_inputs_and_those_of_the_first_state_are_shared() -> None:
    """An input that the initial condition mentions joins the state, so that both speak of one value."""
    model = read_text(
        HEAD + "(define-fun i () Bool (! (= x r) :init true))(define-fun p () Bool (! b :invar-property 0))"
    )
    assert [item.name for item in model.inputs] == ["b"]
    assert [(item.name, item.free) for item in model.state] == [("x", False), ("r", True)]


def test_parts_of_one_kind_hold_together() -> None:
    """Several ``:init`` and ``:trans`` terms are conjunctions; a missing one restricts nothing."""
    text = HEAD + (
        "(define-fun i () Bool (! (> x 0) :init true))"
        "(define-fun j () Bool (! (! (< x 9) :init true) :named k))"
        "(define-fun p () Bool (! k :invar-property 0))(define-fun q () Bool (! b :invar-property 1))"
    )
    model = read_text(text)
    assert len(model.terms.conjuncts(model.initial)) == 2
    assert model.relation == model.terms.truth(True)
    assert [item.number for item in model.properties] == [0, 1]


def test_files_that_mathsat_prints_are_read() -> None:
    """An unused next value need not be declared, and ``:init`` and ``:trans`` need no value."""
    text = """(set-info :source |printed by MathSAT|)
(declare-fun .x0 () Bool) (declare-fun main@%_4_0 () Int)
(define-fun .def_20 () Bool (! .x0 :next |.x0_1|))
(define-fun .def_50 () Bool (! (or .def_20 (= main@%_4_0 (- 1))) :init ))
(define-fun .def_51 () Bool (! (or .def_20 .def_50) :trans ))
(define-fun .def_52 () Bool (! .def_50 :invar-property 0))
(assert true)
"""
    model = read_text(text)
    assert [(item.name, item.free) for item in model.state] == [(".x0", False), ("main@%_4_0", True)]
    assert model.initial != model.terms.truth(True)


@pytest.mark.parametrize("depth", [50_000])
def test_nesting_is_limited_by_nothing(depth: int) -> None:
    """Terms, ``let`` and annotations may be nested as deep as a tool writes them."""
    assert _value("(not " * depth + "true" + ")" * depth) is True
    assert _value("(let ((y 1)) " * depth + "(= y 1)" + ")" * depth) is True


@pytest.mark.parametrize(
    ("claim", "place", "slug", "words"),
    [
        ("(< x true)", (3, 26), "type", "differ in sort: Bool, Int"),
        ("(< x y)", (3, 31), "unknown-name", "nothing declares 'y'"),
        ("(frob x)", (3, 27), "unknown-name", "no operator 'frob'"),
        ("(select x 1)", (3, 27), "unsupported", "'select'"),
        ("(forall ((z Int)) (> z x))", (3, 27), "unsupported", "'forall'"),
        ("(and b\n  (bvult w #b1))", (4, 3), "type", "arguments of sort (_ BitVec 8)"),
        ("((_ extract 8 0) w)", (3, 26), "type", "bits 8 to 0 of a bit-vector of 8 bits"),
        ("(= w (_ bv256 8))", (3, 31), "type", "256 does not fit in 8 bits"),
        ("(let ((y 1) (y 2)) b)", (3, 39), "duplicate-name", "binds 'y' twice"),
        ("(not b b)", (3, 26), "type", "it takes 1 argument, and has 2"),
        ("(= x' 0)", (3, 35), "type", "mentions 'x'', a value after a step"),
        ("x", (3, 23), "type", "of sort Bool and its body of Int"),
        ("()", (3, 27), "syntax", "')' stands where an operator is needed"),
    ],
)
def test_a_refusal_names_the_place(claim: str, place: tuple[int, int], slug: str, words: str) -> None:
    """What cannot be read is refused with its line, its column, what was received and why."""
    with pytest.raises(ModelError) as caught:
        _model(claim)
    (finding,) = caught.value.findings
    assert words in finding.message
    assert (finding.location.line, finding.location.column, finding.code.slug) == (*place, slug)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(declare-fun a () (Array Int Int))", "a sort of 'Array'"),
        ("(declare-fun f (Int) Int)", "'f' is a function that nothing defines"),
        ("(declare-sort S 0)(declare-const s S)", "the sort 'S'"),
        ("(assert (> x 0))", "only 'true' may be asserted"),
        ("(push 1)", "the command 'push'"),
        ("(declare-const x Int)", "'x' is there already"),
        ("(define-fun c () Bool (! b :nextclock b))", "':nextclock' restricts the runs"),
        ("(define-fun c () Bool (! b :invar true))", "':invar' restricts the runs"),
        ("(define-fun c () Int (! x :next r))", "differ in sort"),
        ("(define-fun c () Real (! r :next x'))", "differ in sort"),
        ("(declare-const z Int)(define-fun c () Int (! z :next x'))", "share one next value"),
        ("(define-fun c () Int b)", "of sort Int and its body of Bool"),
        ("(define-fun c () Bool (! (= x' 0) :init true))", "the initial condition mentions 'x''"),
        ("(define-fun c ((y Int)) Bool (! (= y 0) :trans true))", "stands in a definition with parameters"),
        ("(declare-const |open Int)", "a quoted symbol is never closed"),
        ("(define-fun c () Int 5", "')' is needed"),
        (
            "(define-fun c () Bool (! (ltl.G b) :init true))",
            "the initial condition cannot be a temporal formula",
        ),
        ("(define-fun c () Bool (! (ltl.F b) :invar-property 0))", "a property cannot be a temporal formula"),
        ("(declare-datatypes ((E 0)) (((a) (b))))", "the command 'declare-datatypes'"),
        (")", "'(' is needed"),
        ("(define-fun c () Bool (let ((y 1)) ))", "a term is needed"),
        ("(define-fun c () Bool (! ))", "a term is needed"),
        ("(define-fun c () Bool (and b", "in the middle of a term"),
        ("(declare-const v (_ BitVec 0))", "a bit-vector of 0 bits"),
        (f"(define-fun c () Int {'9' * 5000})", "a number of 5000 digits"),
    ],
)
def test_what_is_no_model_is_refused(text: str, words: str) -> None:
    """Foreign theories, restricting dialects and broken text are refused; nothing is passed over."""
    with pytest.raises(ModelError) as caught:
        read_text(f"{HEAD}{text}")
    assert words in caught.value.findings[0].message


def test_a_model_without_properties_is_refused() -> None:
    """A file that claims nothing is an error, not a success."""
    with pytest.raises(ModelError, match="no ':invar-property'"):
        read_text(HEAD)


def test_what_is_unused_does_no_harm() -> None:
    """A sort that nothing uses, and commands that ask a solver something, are passed over."""
    text = f"(set-logic ALL)(set-info :source |x|)(declare-sort S 0){HEAD}"
    text += "(define-fun p () Bool (! b :invar-property 0))"
    assert len(read_text(text + "(assert true)(check-sat)(exit)").properties) == 1


def test_a_temporal_property_stands_beside_invariants() -> None:
    """Operators of linear temporal logic are read where ':ltl-property' marks them, and are no invariant."""
    text = f"""{HEAD}(define-fun l () Bool (! (ltl.G (ltl.U b (ltl.X b))) :ltl-property 1))
    (define-fun p () Bool (! true :invar-property 0))"""
    temporal, invariant = read_text(text).properties
    assert (temporal.number, invariant.number) == (1, 0)
    assert "temporal" in temporal.problem
    assert not invariant.problem


def test_a_variable_that_is_its_own_next_value_never_changes() -> None:
    """A frozen variable may have any first value and keeps it."""
    text = """(declare-const n Int)(define-fun nn () Int (! n :next n))
    (declare-const x Int)(declare-const y Int)
    (define-fun nx () Int (! x :next y))(define-fun i () Bool (! (= x n) :init true))
    (define-fun t () Bool (! (= y x) :trans true))(define-fun p () Bool (! (= x n) :invar-property 0))"""
    model = read_text(text)
    n, x = (item for item in model.state)
    known = {n.now: 1, x.now: 5, x.after: 5}
    assert [values(model.terms, [model.relation], {**known, n.after: value}) for value in (1, 2)] == [
        [True],
        [False],
    ]


def test_a_mark_before_the_text_does_no_harm(tmp_path: Path) -> None:
    """Editors that begin a file with a byte order mark change nothing."""
    path = tmp_path / "marked.vmt"
    path.write_text(f"{HEAD}(define-fun p () Bool (! b :invar-property 0))", encoding="utf-8-sig")
    assert len(read_file(path).properties) == 1

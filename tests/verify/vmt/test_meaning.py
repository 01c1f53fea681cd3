"""The evaluator, the written text and both solvers agree on what a term is worth."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.verify import recheck, solver
from stimproof.verify.vmt.evaluation import values
from stimproof.verify.vmt.operators import MAKERS, indexed
from stimproof.verify.vmt.terms import BOOL, INT, REAL, Sort, Terms
from stimproof.verify.vmt.writing import Text

WIDTH = 5
NUMBERS = ["+", "-", "*"]
ORDERS = ["<", "<=", ">", ">=", "=", "distinct"]
WIDE = [name for name in MAKERS if name.startswith("bv") and not name.endswith("_i")]
WIDE = [name for name in WIDE if name not in ("bv2nat", "bv2int", "bvcomp")]
OVERFLOWING = [name for name in WIDE if name.endswith("o")]
WIDE = [name for name in WIDE if name not in OVERFLOWING]
RESIZED = ["extract", "zero_extend", "sign_extend", "rotate_left", "rotate_right", "repeat"]


class Builder:
    """Draws ground terms of every sort, small ones at the leaves."""

    def __init__(self, data: st.DataObject) -> None:
        self.data, self.terms = data, Terms()

    def pick(self, items: list[str]) -> str:
        """Return one of the names."""
        return self.data.draw(st.sampled_from(items))

    def term(self, sort: Sort, depth: int) -> int:
        """Return a term of a sort."""
        if depth == 0 or self.data.draw(st.integers(0, 4)) == 0:
            return self.leaf(sort)
        if self.data.draw(st.integers(0, 5)) == 0:
            parts = [self.term(BOOL, depth - 1), self.term(sort, depth - 1), self.term(sort, depth - 1)]
            return MAKERS["ite"](self.terms, parts)
        if sort == BOOL:
            return self.truth(depth - 1)
        if sort == INT:
            return self.whole(depth - 1)
        return self.real(depth - 1) if sort == REAL else self.bits(depth - 1)

    def leaf(self, sort: Sort) -> int:
        """Return a constant."""
        if sort == BOOL:
            return self.terms.truth(self.data.draw(st.booleans()))
        if sort == REAL:
            return self.terms.constant(self.data.draw(st.fractions(-4, 4, max_denominator=6)), REAL)
        if sort == INT:
            return self.terms.constant(self.data.draw(st.integers(-9, 9)), INT)
        return self.terms.constant(self.data.draw(st.integers(0, 2**WIDTH - 1)), WIDTH)

    def truth(self, depth: int) -> int:
        """Return a connective or a comparison."""
        kind = self.data.draw(st.integers(0, 3))
        if kind == 0:
            name = self.pick(["and", "or", "xor", "=>", "="])
            return MAKERS[name](self.terms, [self.term(BOOL, depth) for _ in range(3)])
        if kind == 1:
            name = self.pick([name for name in WIDE if name[2:] in _ORDERED])
            return MAKERS[name](self.terms, [self.term(WIDTH, depth), self.term(WIDTH, depth)])
        sorts = self.data.draw(st.sampled_from([(INT, INT), (INT, REAL), (REAL, REAL, INT)]))
        return MAKERS[self.pick(ORDERS)](self.terms, [self.term(sort, depth) for sort in sorts])

    def whole(self, depth: int) -> int:
        """Return a whole number."""
        name = self.pick([*NUMBERS, "div", "mod", "abs", "to_int", "ubv_to_int"])
        if name == "to_int":
            return MAKERS[name](self.terms, [self.term(REAL, depth)])
        if name == "ubv_to_int":
            return MAKERS[name](self.terms, [self.term(WIDTH, depth)])
        count = 1 if name == "abs" else 2
        return MAKERS[name](self.terms, [self.term(INT, depth) for _ in range(count)])

    def real(self, depth: int) -> int:
        """Return a real."""
        name = self.pick([*NUMBERS, "/", "to_real"])
        if name == "to_real":
            return MAKERS[name](self.terms, [self.term(INT, depth)])
        return MAKERS[name](self.terms, [self.term(REAL, depth), self.term(REAL, depth)])

    def bits(self, depth: int) -> int:
        """Return a bit-vector."""
        name = self.pick(
            [name for name in WIDE if name[2:] not in _ORDERED] + RESIZED + ["concat", "int_to_bv"]
        )
        if name in ("bvnot", "bvneg"):
            return MAKERS[name](self.terms, [self.term(WIDTH, depth)])
        if name == "int_to_bv":
            return indexed(self.terms, name, (WIDTH,), [self.term(INT, depth)])
        if name in RESIZED or name == "concat":
            return self.resized(name, depth)
        return MAKERS[name](self.terms, [self.term(WIDTH, depth), self.term(WIDTH, depth)])

    def resized(self, name: str, depth: int) -> int:
        """Return the term of an operator that changes the width, cut to the usual one."""
        inner = self.term(WIDTH, depth)
        if name == "concat":
            wide = MAKERS[name](self.terms, [inner, self.term(WIDTH, depth)])
        else:
            indices = {"extract": (WIDTH - 2, 1), "repeat": (2,)}.get(
                name, (self.data.draw(st.integers(0, 7)),)
            )
            wide = indexed(self.terms, name, indices, [inner])
        size = self.terms.sorts[wide]
        assert isinstance(size, int)
        if size < WIDTH:
            return indexed(self.terms, "zero_extend", (WIDTH - size,), [wide])
        low = self.data.draw(st.integers(0, size - WIDTH))
        return indexed(self.terms, "extract", (low + WIDTH - 1, low), [wide])


_ORDERED = ("ult", "ule", "ugt", "uge", "slt", "sle", "sgt", "sge")


def _claim(builder: Builder, sort: Sort) -> tuple[str, Terms, int] | None:
    """Return a script that asks whether a term differs from the value that the evaluator gives it."""
    terms, term = builder.terms, builder.term(sort, 3)
    (value,) = values(terms, [term], {})
    if value is None:
        return None
    held = Fraction(value) if sort == REAL else value
    text = Text(terms, {})
    (question,) = text.write([terms.negation(terms.make("=", (term, terms.constant(held, sort)), BOOL))])
    return "\n".join(["(set-logic ALL)", *text.lines, f"(assert {question})", "(check-sat)"]), terms, term


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([BOOL, INT, REAL, WIDTH]))
def test_evaluator_and_solvers_agree(data: st.DataObject, sort: Sort) -> None:
    """A ground term has one value: the evaluator's, z3's and cvc5's, read from the text that is written."""
    claim = _claim(Builder(data), sort)
    if claim is None:
        return
    assert recheck.run(claim[0]).answers == ("unsat",), claim[0]
    z3 = solver.api()
    asked = z3.Solver()
    asked.from_string(claim[0])
    assert asked.check() == z3.unsat, claim[0]


def test_a_division_by_zero_has_no_value_unless_nothing_depends_on_it() -> None:
    """Solvers give a division by zero values of their own, so the evaluator gives it none."""
    terms = Terms()
    zero, one = terms.constant(0, INT), terms.constant(1, INT)
    quotient = MAKERS["div"](terms, [one, zero])
    equal = MAKERS["="](terms, [quotient, quotient])
    chosen = MAKERS["ite"](terms, [terms.truth(False), quotient, one])
    either = MAKERS["or"](terms, [equal, terms.truth(True)])
    assert values(terms, [quotient, equal, chosen, either], {}) == [None, None, 1, True]


def test_overflow_is_told_exactly_where_the_exact_result_does_not_fit() -> None:
    """Each overflow predicate is true where the exact result needs more bits, and nowhere else."""
    terms, size = Terms(), 3
    exact = {"add": int.__add__, "sub": int.__sub__, "mul": int.__mul__}

    def number(value: int, *, signed: bool) -> int:
        return value - (1 << size) if signed and value >> size - 1 else value

    assert len(OVERFLOWING) == 8
    for name, left, right in product(OVERFLOWING, range(1 << size), range(1 << size)):
        signed = name[2] != "u"
        lowest, highest = (-(1 << size - 1), (1 << size - 1) - 1) if signed else (0, (1 << size) - 1)
        one, two = number(left, signed=signed), number(right, signed=signed)
        given = [terms.constant(item, size) for item in (left, right)]
        if name == "bvnego":
            result, given = -one, given[:1]
        elif name == "bvsdivo":
            result = one // two if two and one % two == 0 else 0
        else:
            result = exact[name[3:6]](one, two)
        assert values(terms, [MAKERS[name](terms, given)], {}) == [not lowest <= result <= highest], name

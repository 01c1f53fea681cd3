"""What each operator of the supported theories takes and gives; mixed numbers become reals.

The names are those of SMT-LIB 2.6 (theories Core, Ints, Reals_Ints, FixedSizeBitVectors). Chains, n-ary
forms and ``distinct`` are taken apart, so that all that comes later knows few forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise

from stimproof.verify.vmt.terms import BOOL, CONSTANT, INT, REAL, Sort, Terms, sort_text

MAX_WIDTH = 1 << 16
"""The widest bit-vector that is read."""


class SortError(ValueError):
    """An operator that does not fit its arguments; says why."""


def coerced(terms: Terms, term: int, sort: Sort) -> int:
    """Return a term as one of ``sort``: a whole number may stand where a real is wanted.

    Raises:
        SortError: the term is of another sort.
    """
    own = terms.sorts[term]
    if own == sort:
        return term
    if own == INT and sort == REAL:
        return real(terms, term)
    raise SortError(f"a term of sort {sort_text(sort)} is needed, and this one is {sort_text(own)}")


def real(terms: Terms, term: int) -> int:
    """Return a number as a real."""
    if terms.sorts[term] == REAL:
        return term
    if terms.sorts[term] != INT:
        raise SortError(f"a number is needed, and this is {sort_text(terms.sorts[term])}")
    if terms.operators[term] == CONSTANT:
        return terms.constant(Fraction(terms.data[term]), REAL)
    return terms.make("to_real", (term,), REAL)


def _alike(terms: Terms, arguments: Sequence[int]) -> list[int]:
    """Return arguments of one sort; whole numbers beside reals become reals."""
    sorts = {terms.sorts[item] for item in arguments}
    if len(sorts) == 1:
        return list(arguments)
    if sorts == {INT, REAL}:
        return [real(terms, item) for item in arguments]
    raise SortError(f"its arguments differ in sort: {', '.join(sorted(sort_text(sort) for sort in sorts))}")


def _numbers(terms: Terms, arguments: Sequence[int]) -> list[int]:
    held = _alike(terms, arguments)
    if terms.sorts[held[0]] not in (INT, REAL):
        raise SortError(f"numbers are needed, and these are {sort_text(terms.sorts[held[0]])}")
    return held


def _count(arguments: Sequence[int], least: int, most: int | None = None) -> None:
    if len(arguments) < least or (most is not None and len(arguments) > most):
        wanted = str(least) if most == least else f"{least} or more" if most is None else f"{least} to {most}"
        raise SortError(f"it takes {wanted} argument{'' if wanted == '1' else 's'}, and has {len(arguments)}")


def _all_of(terms: Terms, arguments: Sequence[int], sort: Sort) -> None:
    for item in arguments:
        if terms.sorts[item] != sort:
            found = sort_text(terms.sorts[item])
            raise SortError(f"it takes arguments of sort {sort_text(sort)}, and one is {found}")


Maker = Callable[[Terms, Sequence[int]], int]


def _connective(name: str) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 1)
        _all_of(terms, arguments, BOOL)
        return arguments[0] if len(arguments) == 1 else terms.make(name, tuple(arguments), BOOL)

    return make


def _not(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1, 1)
    _all_of(terms, arguments, BOOL)
    return terms.negation(arguments[0])


def _xor(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 2)
    _all_of(terms, arguments, BOOL)
    result = arguments[0]
    for item in arguments[1:]:
        result = terms.make("xor", (result, item), BOOL)
    return result


def _implies(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 2)
    _all_of(terms, arguments, BOOL)
    result = arguments[-1]
    for item in reversed(arguments[:-1]):
        result = terms.make("=>", (item, result), BOOL)
    return result


def _equal(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 2)
    held = _alike(terms, arguments)
    return terms.both(terms.make("=", pair, BOOL) for pair in pairwise(held))


def _distinct(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 2)
    held = _alike(terms, arguments)
    return terms.both(terms.negation(terms.make("=", pair, BOOL)) for pair in combinations(held, 2))


def _ite(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 3, 3)
    _all_of(terms, arguments[:1], BOOL)
    first, second = _alike(terms, arguments[1:])
    return terms.make("ite", (arguments[0], first, second), terms.sorts[first])


def _order(name: str) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 2)
        held = _numbers(terms, arguments)
        return terms.both(terms.make(name, pair, BOOL) for pair in pairwise(held))

    return make


def _sum(name: str) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 1)
        held = _numbers(terms, arguments)
        return held[0] if len(held) == 1 else terms.make(name, tuple(held), terms.sorts[held[0]])

    return make


def _minus(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1)
    held = _numbers(terms, arguments)
    sort = terms.sorts[held[0]]
    if len(held) == 1 and terms.operators[held[0]] == CONSTANT:
        return terms.constant(-terms.data[held[0]], sort)
    return terms.make("-", tuple(held), sort)


def _quotient(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 2)
    held = [real(terms, item) for item in arguments]
    result = held[0]
    for item in held[1:]:
        known = terms.operators[item] == terms.operators[result] == CONSTANT
        if known and terms.data[item]:
            result = terms.constant(terms.data[result] / terms.data[item], REAL)
        else:
            result = terms.make("/", (result, item), REAL)
    return result


def _whole(name: str, most: int | None) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 2, most)
        _all_of(terms, arguments, INT)
        result = arguments[0]
        for item in arguments[1:]:
            result = terms.make(name, (result, item), INT)
        return result

    return make


def _abs(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1, 1)
    (item,) = _numbers(terms, arguments)
    zero = terms.constant(0 if terms.sorts[item] == INT else Fraction(0), terms.sorts[item])
    return _ite(terms, (terms.make("<", (item, zero), BOOL), _minus(terms, (item,)), item))


def _to_real(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1, 1)
    return real(terms, arguments[0])


def _of_real(name: str, result: Sort) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 1, 1)
        if name == "to_int" and terms.sorts[arguments[0]] == INT:
            return arguments[0]
        return terms.make(name, (real(terms, arguments[0]),), result)

    return make


def width(terms: Terms, term: int) -> int:
    """Return the width of a bit-vector term.

    Raises:
        SortError: it is of another sort.
    """
    sort = terms.sorts[term]
    if isinstance(sort, str):
        raise SortError(f"a bit-vector is needed, and this is {sort}")
    return sort


def _bits(name: str, least: int, most: int | None) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, least, most)
        size = width(terms, arguments[0])
        _all_of(terms, arguments, size)
        result = arguments[0]
        for item in arguments[1:]:
            result = terms.make(name, (result, item), size)
        return result if len(arguments) > 1 else terms.make(name, (result,), size)

    return make


def _bits_order(name: str, result: Sort) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 2, 2)
        _all_of(terms, arguments, width(terms, arguments[0]))
        return terms.make(name, tuple(arguments), result)

    return make


def _concat(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1)
    result = arguments[0]
    for item in arguments[1:]:
        size = width(terms, result) + width(terms, item)
        result = terms.make("concat", (result, item), _sized(size))
    return result


def _sized(size: int) -> int:
    if not 0 < size <= MAX_WIDTH:
        raise SortError(f"a bit-vector of {size} bits; widths from 1 to {MAX_WIDTH} are read")
    return size


def _natural(name: str) -> Maker:
    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 1, 1)
        width(terms, arguments[0])
        return terms.make(name, tuple(arguments), INT)

    return make


def _signed_number(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1, 1)
    size = width(terms, arguments[0])
    number = terms.make("ubv_to_int", tuple(arguments), INT)
    less = terms.make("-", (number, terms.constant(1 << size, INT)), INT)
    return _ite(terms, (_negative(terms, arguments[0]), less, number))


def _negative(terms: Terms, term: int) -> int:
    size = width(terms, term)
    return terms.make("bvslt", (term, terms.constant(0, size)), BOOL)


def _negation_overflows(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 1, 1)
    size = width(terms, arguments[0])
    return _equal(terms, (arguments[0], terms.constant(1 << size - 1, size)))


def _division_overflows(terms: Terms, arguments: Sequence[int]) -> int:
    _count(arguments, 2, 2)
    size = width(terms, arguments[0])
    _all_of(terms, arguments, size)
    minus_one = _equal(terms, (arguments[1], terms.constant((1 << size) - 1, size)))
    return terms.both([_negation_overflows(terms, arguments[:1]), minus_one])


def _overflows(name: str, extension: str, more: Callable[[int], int]) -> Maker:
    """Return what says that an operation differs from the same one on bit-vectors that are wide enough."""

    def make(terms: Terms, arguments: Sequence[int]) -> int:
        _count(arguments, 2, 2)
        size = width(terms, arguments[0])
        _all_of(terms, arguments, size)
        added = more(size)
        wide = [indexed(terms, extension, (added,), (item,)) for item in arguments]
        narrow = terms.make(name, tuple(arguments), size)
        exact = terms.make(name, tuple(wide), size + added)
        return terms.negation(_equal(terms, (indexed(terms, extension, (added,), (narrow,)), exact)))

    return make


def _temporal(terms: Terms, arguments: Sequence[int], name: str) -> int:
    _count(arguments, 1, 2)
    _all_of(terms, arguments, BOOL)
    return terms.make(name, tuple(arguments), BOOL)


TEMPORAL = "ltl."
"""How the names of temporal operators begin; they may stand in what ``:ltl-property`` marks."""

MAKERS: dict[str, Maker] = {
    "and": _connective("and"),
    "or": _connective("or"),
    "not": _not,
    "xor": _xor,
    "=>": _implies,
    "=": _equal,
    "distinct": _distinct,
    "ite": _ite,
    **{name: _order(name) for name in ("<", "<=", ">", ">=")},
    **{name: _sum(name) for name in ("+", "*")},
    "-": _minus,
    "/": _quotient,
    "div": _whole("div", None),
    "mod": _whole("mod", 2),
    "abs": _abs,
    "to_real": _to_real,
    "to_int": _of_real("to_int", INT),
    "is_int": _of_real("is_int", BOOL),
    "concat": _concat,
    "bvcomp": _bits_order("bvcomp", 1),
    **{name: _bits(name, 1, 1) for name in ("bvnot", "bvneg")},
    **{name: _bits(name, 2, None) for name in ("bvadd", "bvmul", "bvand", "bvor", "bvxor")},
    **{name: _bits(name, 2, 2) for name in ("bvsub", "bvnand", "bvnor", "bvxnor", "bvudiv", "bvurem")},
    **{name: _bits(name, 2, 2) for name in ("bvsdiv", "bvsrem", "bvsmod", "bvshl", "bvlshr", "bvashr")},
    **{name: _bits_order(name, BOOL) for name in ("bvult", "bvule", "bvugt", "bvuge")},
    **{name: _bits_order(name, BOOL) for name in ("bvslt", "bvsle", "bvsgt", "bvsge")},
    **{name: _natural("ubv_to_int") for name in ("ubv_to_int", "bv2nat", "bv2int")},
    "sbv_to_int": _signed_number,
    "bvnego": _negation_overflows,
    "bvsdivo": _division_overflows,
    **{f"bvu{name}o": _overflows(f"bv{name}", "zero_extend", lambda _: 1) for name in ("add", "sub")},
    **{f"bvs{name}o": _overflows(f"bv{name}", "sign_extend", lambda _: 1) for name in ("add", "sub")},
    "bvumulo": _overflows("bvmul", "zero_extend", lambda size: size),
    "bvsmulo": _overflows("bvmul", "sign_extend", lambda size: size),
    # Temporal operators of VMT-LIB.
    **{f"{TEMPORAL}{name}": partial(_temporal, name=f"{TEMPORAL}{name}") for name in "XFGURYZHOST"},
    # Names that older solvers print.
    "implies": _implies,
    "iff": _equal,
    # What z3 prints for a division whose divisor it knows to differ from zero.
    "bvudiv_i": _bits("bvudiv", 2, 2),
    "bvurem_i": _bits("bvurem", 2, 2),
    "bvsdiv_i": _bits("bvsdiv", 2, 2),
    "bvsrem_i": _bits("bvsrem", 2, 2),
    "bvsmod_i": _bits("bvsmod", 2, 2),
}
"""What makes the term of each operator without indices."""


def indexed(terms: Terms, name: str, indices: tuple[int, ...], arguments: Sequence[int]) -> int:
    """Return the term of an indexed operator such as ``(_ extract 7 0)``.

    Raises:
        SortError: there is no such operator, or it does not fit its arguments.
    """
    if name == "divisible" and len(indices) == 1 and indices[0] > 0:
        _count(arguments, 1, 1)
        divisor = terms.constant(indices[0], INT)
        return _equal(terms, (MAKERS["mod"](terms, (arguments[0], divisor)), terms.constant(0, INT)))
    if name == "bit2bool" and len(indices) == 1:
        # What z3 prints for "this bit is set".
        bit = indexed(terms, "extract", (indices[0], indices[0]), arguments)
        return _equal(terms, (bit, terms.constant(1, 1)))
    if name in ("int_to_bv", "int2bv", "nat2bv") and len(indices) == 1:
        _count(arguments, 1, 1)
        _all_of(terms, arguments, INT)
        return terms.make("int_to_bv", tuple(arguments), _sized(indices[0]), indices)
    if name not in _RESIZED or len(indices) != (2 if name == "extract" else 1):
        raise SortError(f"there is no operator '(_ {name} {' '.join(map(str, indices))})'")
    _count(arguments, 1, 1)
    size = width(terms, arguments[0])
    if name == "extract" and not size > indices[0] >= indices[1]:
        raise SortError(f"bits {indices[0]} to {indices[1]} of a bit-vector of {size} bits")
    return terms.make(name, tuple(arguments), _sized(_RESIZED[name](size, indices)), indices)


_RESIZED: dict[str, Callable[[int, tuple[int, ...]], int]] = {
    "extract": lambda _, indices: indices[0] - indices[1] + 1,
    "zero_extend": lambda size, indices: size + indices[0],
    "sign_extend": lambda size, indices: size + indices[0],
    "repeat": lambda size, indices: size * indices[0],
    "rotate_left": lambda size, _: size,
    "rotate_right": lambda size, _: size,
}

import re
from fractions import Fraction
from functools import cache
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.specs.quantities import UnitError, unit
from stimproof.specs.units import MEASURES, OTHER_MEANINGS, PREFIXES, measure

BASES = ("[length]", "[mass]", "[time]", "[current]", "[temperature]")


@cache
def registry() -> Any:
    """Return pint's own table, computed exactly."""
    return pint.UnitRegistry(non_int_type=Fraction, autoconvert_offset_to_baseunit=True)


def by_pint(text: str) -> tuple[tuple[int, ...], Fraction, Fraction]:
    """Return what a unit is: its dimension, its factor and its zero."""
    one = registry().Quantity(Fraction(1), text).to_base_units()
    zero = Fraction(registry().Quantity(Fraction(0), text).to_base_units().magnitude)
    powers = dict(one.dimensionality)
    exponents = tuple(int(Fraction(str(powers.get(base, 0)))) for base in BASES)
    return exponents, Fraction(one.magnitude) - zero, zero


WORDS = sorted(
    prefix + name + plural
    for prefix in ("", *PREFIXES)
    for name in MEASURES
    for plural in ("", "s")
    if measure(prefix + name + plural) is not None
)


def test_each_word_of_the_language_is_the_unit_that_pint_knows() -> None:
    """No word, with any prefix or plural, has another dimension, factor or zero than pint gives it."""
    assert len(WORDS) > 4000
    for word in WORDS:
        prefix, name, _ = registry().parse_unit_name(word)[0]
        found = measure(word)
        assert found is not None
        scaled = found.offset and prefix  # pint refuses to convert these, and so do we
        if not scaled:
            assert (found.exponents, found.factor, found.offset) == by_pint(prefix + name), word


@pytest.mark.parametrize("word", sorted(OTHER_MEANINGS))
def test_words_that_mean_something_else_are_no_units(word: str) -> None:
    """``cd`` is candela, never a hundredth of a day: such words are refused, and each is needed."""
    prefix, name, _ = registry().parse_unit_name(word)[0]
    assert (prefix, name) != ("", word)
    assert name not in MEASURES
    with pytest.raises(UnitError):
        unit(word)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([word for word in WORDS if re.fullmatch("[A-Za-zµμΩ°]{1,20}", word)]),
            st.integers(-9, 9).filter(bool),
            st.sampled_from("*/"),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_products_of_powers_are_those_of_pint(parts: list[tuple[str, int, str]]) -> None:
    """Any product of powers of units has the dimension and the factor that pint computes."""
    text = ""
    for word, power, joint in parts:
        found = measure(word)
        if found is None or found.offset:
            continue
        text += (joint if text else "") + (word if power == 1 else f"{word}^{power}")
    if text:
        ours = unit(text)
        assert (ours.dimension.exponents, ours.factor, ours.offset) == by_pint(text)

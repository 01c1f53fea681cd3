from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.specs.bounds import DIGITS, LN_2, PI, exponential, power_of_ten, square_root

WIDTH = Fraction(3, 10 ** (DIGITS - 1))


@given(st.fractions(min_value=-3, max_value=4, max_denominator=50))
def test_powers_of_ten_are_enclosed_strictly(exponent: Fraction) -> None:
    """``below^q < 10^p < above^q``: the enclosure of ``10^(p/q)`` is decided by integer arithmetic alone."""
    below, above = power_of_ten(exponent)
    exact = Fraction(10) ** exponent.numerator
    if exponent.denominator == 1:
        assert below == above == exact
    else:
        assert below**exponent.denominator < exact < above**exponent.denominator


@given(st.fractions(min_value=-3, max_value=4, max_denominator=1000))
def test_powers_of_ten_are_enclosed_tightly(exponent: Fraction) -> None:
    """The enclosure is narrower than any limit that a device is built to."""
    below, above = power_of_ten(exponent)
    assert above - below <= WIDTH


@pytest.mark.parametrize(
    ("k", "value"), [("1.5", "31.6228"), ("1.75", "56.2341"), ("1.85", "70.7946"), ("2", "100"), ("0", "1")]
)
def test_shannon_constants(k: str, value: str) -> None:
    """The constants 10^k of Shannon's line agree with the published four decimals."""
    below, above = power_of_ten(Fraction(k))
    assert abs(below - Fraction(value)) <= Fraction(1, 20_000)
    assert abs(above - Fraction(value)) <= Fraction(1, 20_000)


def test_pi_is_enclosed() -> None:
    """Pi lies strictly between its bounds."""

    # Machin's formula; the partial sums of an alternating series enclose its value.
    def arctan(inverse: int, terms: int) -> tuple[Fraction, Fraction]:
        total, sums = Fraction(0), []
        for n in range(terms):
            total += Fraction((-1) ** n, (2 * n + 1) * inverse ** (2 * n + 1))
            sums.append(total)
        return min(sums[-2:]), max(sums[-2:])

    fifth, other = arctan(5, 30), arctan(239, 10)
    assert PI[0] < 4 * (4 * fifth[0] - other[1])
    assert 4 * (4 * fifth[1] - other[0]) < PI[1]


@given(st.fractions(min_value=0, max_value=20, max_denominator=50))
def test_exponentials_are_enclosed(power: Fraction) -> None:
    """Partial sums of the series lie below ``exp``; what is left of it after 120 terms is below 1e-40."""
    below, above = exponential(power)
    term = total = Fraction(1)
    for index in range(1, 120):
        term = term * power / index
        total += term
    assert below <= total + term
    assert total <= above
    assert above - below <= WIDTH
    inverse = exponential(-power)
    assert inverse[0] * below <= 1 <= inverse[1] * above


@given(st.fractions(min_value=0, max_value=10**6, max_denominator=10**6))
def test_roots_are_enclosed(square: Fraction) -> None:
    """The lower bound squared is at most the number, the upper one at least; both are close."""
    below, above = square_root(square)
    assert below**2 <= square <= above**2
    assert above - below <= WIDTH
    assert square_root(square**2) == (square, square)


def test_a_negative_number_has_no_root() -> None:
    """There is nothing to enclose."""
    with pytest.raises(ValueError, match="no real root"):
        square_root(Fraction(-1))


def test_the_logarithm_of_two_is_enclosed() -> None:
    """``exp`` of the bounds encloses two."""
    assert exponential(LN_2[0])[0] < 2 < exponential(LN_2[1])[1]
    assert LN_2[1] - LN_2[0] == Fraction(1, 10**30)

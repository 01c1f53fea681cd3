from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from stimproof.specs import quantities
from stimproof.specs.quantities import (
    AREA,
    CAPACITANCE,
    CHARGE,
    CHARGE_DENSITY,
    CURRENT,
    FREQUENCY,
    NUMBER,
    RESISTANCE,
    TEMPERATURE,
    TIME,
    VOLTAGE,
    Dimension,
    UnitError,
    decimal_text,
    exact_text,
    quantity,
    si_unit,
    unit,
)

UNITS = [
    "mA",
    "uA",
    "us",
    "ms",
    "s",
    "min",
    "Hz",
    "kHz",
    "mm^2",
    "uC/cm^2",
    "uC",
    "kohm",
    "V",
    "%",
    "degC",
    "K",
    "",
]


@pytest.mark.parametrize(
    ("text", "si", "dimension"),
    [
        ("25 uA", "0.000025", CURRENT),
        ("0.1 mA", "0.0001", CURRENT),
        ("210 us", "0.00021", TIME),
        ("5 min", "300", TIME),
        ("30 uC/cm^2", "0.3", CHARGE_DENSITY),
        ("1 mC/cm^2", "10", CHARGE_DENSITY),
        ("0.06 cm^2", "0.000006", AREA),
        ("250 Hz", "250", FREQUENCY),
        ("1.5 kohm", "1500", RESISTANCE),
        ("12 V", "12", VOLTAGE),
        ("4 uF", "0.000004", CAPACITANCE),
        ("3 nC", "3e-9", CHARGE),
        ("37 degC", "310.15", TEMPERATURE),
        ("-5 degC", "268.15", TEMPERATURE),
        ("310.15 K", "310.15", TEMPERATURE),
        ("5 %", "0.05", NUMBER),
        ("1.85", "1.85", NUMBER),
        ("1e-3", "0.001", NUMBER),
        ("12 µs", "0.000012", TIME),
        ("1 Ω", "1", RESISTANCE),
        ("1 s^-1", "1", FREQUENCY),
        ("2 mA*s", "0.002", CHARGE),
    ],
)
def test_quantities_are_exact(text: str, si: str, dimension: Dimension) -> None:
    """A quantity is the exact rational number of SI units that its text says."""
    found = quantity(text)
    assert found.si == Fraction(Decimal(si))
    assert found.dimension == dimension


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mA",
        "5 mAx",
        "5 cm2",
        "5 m A",
        "1 / 2",
        "5 mA + 1",
        "nan",
        "inf",
        "0x10 s",
        "1,5 mA",
        "5 m//s",
        "5 m^9^9^9",
        "1 pi",
        "90 deg",
        "1 c",
        "1 mol",
        "1 dB",
        "1 degC/s",
        "1 degC^2",
        "1 mdegC",
        "5 __class__",
        "9" * 61,
    ],
)
def test_what_is_not_an_exact_quantity_is_refused(text: str) -> None:
    """Unknown spellings, formulas, natural constants and units with irrational factors are no quantities."""
    with pytest.raises(UnitError, match=r"\S"):
        quantity(text)


@pytest.mark.parametrize(
    ("dimension", "name"),
    [
        (CURRENT, "a current"),
        (NUMBER, "a plain number"),
        (CHARGE / AREA, "a charge density"),
        (CURRENT * TIME, "a charge"),
        (VOLTAGE / CURRENT, "a resistance"),
        (Dimension((1, 0, -2, 0, 0)), "m s^-2"),
    ],
)
def test_dimensions_have_the_names_of_the_field(dimension: Dimension, name: str) -> None:
    """Dimensions multiply and divide, and print as what engineers call them."""
    assert str(dimension) == name


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=9), st.sampled_from(UNITS))
def test_a_quantity_prints_as_what_it_reads_from(number: Decimal, spelling: str) -> None:
    """Printing a quantity and reading the text gives the same quantity."""
    found = quantity(f"{number:f} {spelling}".strip())
    again = quantity(found.unit.show(found.si, exact=True))
    assert again == found


@given(st.integers(-(10**40), 10**40), st.integers(-60, 60))
def test_exact_text_is_exact(mantissa: int, power: int) -> None:
    """Every number with a finite decimal expansion prints to text that reads back as itself."""
    value = Fraction(mantissa) * Fraction(10) ** power
    assert Fraction(exact_text(value)) == value


@given(st.fractions())
def test_exact_text_refuses_what_has_no_finite_expansion(value: Fraction) -> None:
    """Exact text exists exactly for denominators of twos and fives."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    assume(rest != 1)
    with pytest.raises(ValueError, match="no terminating decimal expansion"):
        exact_text(value)


@example(Fraction(1, 738626292466765140324963072378139))
@example(Fraction(-1, 3 * 10**500))
@given(st.fractions())
def test_text_for_people_is_close_and_says_when_it_is_rounded(value: Fraction) -> None:
    """A rounded number is marked; a number without the mark is exact."""
    text = decimal_text(value)
    read = Fraction(text.removeprefix("≈"))
    if text.startswith("≈"):
        assert abs(read - value) <= abs(value) / 10**4
    else:
        assert read == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "≈0.333333"),
        (Fraction(2, 300000), "≈0.00000666667"),
        (Fraction(10**7, 3), "≈3333333.3"),
        (Fraction(599999999, 600000000), "≈1"),
    ],
)
def test_numbers_for_people(value: Fraction, text: str) -> None:
    """Numbers print with about six significant digits where they do not end."""
    assert decimal_text(value) == text


@pytest.mark.parametrize("dimension", [*quantities._SI_NAMES, TIME, Dimension((1, 2, -3, 0, 1))])
def test_si_units_are_themselves_readable(dimension: Dimension) -> None:
    """The SI unit of a dimension has the factor one, and the language reads its name."""
    named = si_unit(dimension)
    assert (named.factor, named.offset) == (1, 0)
    assert unit(named.text).dimension == dimension
    assert unit(named.text).factor == 1


def test_a_bare_zero_fits_every_dimension_but_temperature() -> None:
    """Zero is zero in every unit, except on a scale whose zero is arbitrary."""
    assert quantity("0").bare_zero_for(quantity("5 mA"))
    assert not quantity("0").bare_zero_for(quantity("37 degC"))
    assert not quantity("0 mA").bare_zero_for(quantity("5 s"))

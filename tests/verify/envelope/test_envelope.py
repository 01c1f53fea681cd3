"""What an envelope says: boundaries, holes, gaps, interlocks, and what no change may make safer."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from stimproof.specs.quantities import quantity
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify import recheck
from stimproof.verify.envelope.bound import Bound
from stimproof.verify.envelope.envelope import Envelope, LimitEnvelope, State, survey

SEEN = {"source": "bench", "confidence": "seen"}
BUDGET = 5_000_000


def device(
    claim: str = "", *, k: str = "1.5", tolerance: str = "5 %", area: str = "0.01 cm^2", **more: object
) -> str:
    """Return a small device: one stimulus with a charge density and a Shannon limit, or one claim."""
    stated = {"value": "unknown"} if tolerance == "unknown" else {"value": tolerance, **SEEN}
    limits = {"it": {"claim": claim}} if claim else {
        "density": {"law": "charge_density", "stimulus": "train", "limit": "30 uC/cm^2", **SEEN},
        "shannon": {"law": "shannon", "stimulus": "train", "limit": k, "argument": "a test", **SEEN},
    }  # fmt: skip
    document = {
        "stimproof": 1,
        "device": {"id": "small", "name": "Small"},
        "sources": {"bench": {"title": "Invented"}},
        "electrodes": {
            "contact": {
                "geometry": {"shape": "given", "area": {"value": area, **SEEN}},
                "area_tolerance": {"value": "0", **SEEN},
                "material": {"value": "Pt", **SEEN},
                "tissue": {"value": "cortex", **SEEN},
            }
        },
        "parameters": {
            "amplitude": {"range": ["0 uA", "2000 uA"], "step": "100 uA", "tolerance": stated, **SEEN},
            "width": {"range": ["100 us", "1000 us"], "step": "100 us", "tolerance": stated, **SEEN},
            "rate": {"range": ["50 Hz", "50 Hz"], "tolerance": {"value": "0", **SEEN}, **SEEN},
            **more,
        },
        "stimuli": {
            "train": {
                "electrode": "contact", "amplitude": "amplitude", "pulse_width": "width", "frequency": "rate",
                "waveform": {
                    "phases": [{"polarity": "cathodic"}], "interphase_gap": {"value": "unknown"}, **SEEN,
                },
            }
        },
        "limits": limits,
    }  # fmt: skip
    return json.dumps(document)


def found(text: str, *, locks: bool = False) -> Envelope:
    """Return the envelopes of a specification."""
    return survey(read_string(text), BUDGET, locks=locks)


def edges(item: LimitEnvelope) -> list[tuple[Fraction | None, Fraction | None]]:
    """Return the edges of a limit at each value of its first key."""
    assert item.table is not None
    keys = list(item.table.axes.keys[0].grid())
    return [(edge.safe, edge.next) for edge in (item.table.edge((key,)) for key in keys)]


def test_a_hole_is_found_because_monotonicity_is_not_proved() -> None:
    """Where a claim fails only in the middle of the range, every value is tried and the hole is told."""
    (item,) = found(device("amplitude <= 500 uA or amplitude >= 900 uA")).limits
    assert item.table is not None
    assert item.table.exhaustive
    (run,) = item.table.runs
    assert (run.edge.safe, run.edge.next) == (Fraction(5, 10**4), Fraction(6, 10**4))
    assert run.edge.again


def test_a_grid_too_large_to_try_is_unknown() -> None:
    """Where nothing is proved monotone and the grid is too large, the answer is unknown, not a guess."""
    steps = {"fine": {"range": ["0", "1"], "step": "0.00001", **SEEN}}
    (item,) = found(
        device("amplitude * (fine - 0.5) * (fine - 0.3) <= 0.02 mA or amplitude >= 900 uA", **steps)
    ).limits
    assert item.state is State.UNKNOWN
    assert "would have to be tried one by one" in item.reason


def test_an_unknown_tolerance_leaves_no_safe_value() -> None:
    """Without a stated tolerance nothing is called safe, and what fails at nominal delivery still fails."""
    item = found(device(tolerance="unknown")).limits[0]
    assert item.state is State.CEILING
    assert "the delivery tolerances of 'amplitude' and 'width' have no source" in item.reason
    assert not item.locks


def test_without_a_limit_or_an_area_there_is_no_number() -> None:
    """An input that has no source makes the envelope unknown, with the reason."""
    text = device().replace(
        '{"value": "0.01 cm^2", "source": "bench", "confidence": "seen"}', '{"value": "unknown"}'
    )
    assert {item.state for item in found(text).limits} == {State.UNKNOWN}
    assert all("has no source" in item.reason and item.table is None for item in found(text).limits)


def test_a_claim_about_something_else_has_no_envelope() -> None:
    """A claim that speaks of neither amplitude nor width bounds neither."""
    assert found(device("rate <= 60 Hz")).limits[0].state is State.NO_SUBJECT


@pytest.fixture(scope="module")
def locked() -> Envelope:
    """The envelopes of the small device with their weakest interlocks."""
    return found(device(), locks=True)


@pytest.mark.parametrize("limit", ["density", "shannon"])
def test_each_weakest_interlock_is_proved_and_the_next_weaker_one_fails(locked: Envelope, limit: str) -> None:
    """All three forms suffice by proof; each weaker one admits a setting outside the envelope."""
    item = next(one for one in locked.limits if one.limit.name == limit)
    assert [lock.candidate.form for lock in item.locks] == ["product", "table", "line"]
    assert item.table is not None
    for lock in item.locks:
        assert lock.proved
        setting = {name: value for name, value, _ in lock.setting}
        safe = item.table.edge((setting["width"],)).safe
        assert safe is None or setting["amplitude"] > safe


def test_an_interlock_can_be_copied_into_the_specification(locked: Envelope) -> None:
    """The printed claim is one of the language: declared as an interlock, it makes the limit hold."""
    for lock in locked.limits[0].locks:
        document = json.loads(device())
        document["interlocks"] = {"proposed": {"claim": lock.text, **SEEN}}
        spec = read_string(json.dumps(document))
        (item,) = survey(spec, BUDGET, only=["density"], locks=False).limits
        assert "kept only by interlock 'proposed'" in item.held


def test_every_script_is_confirmed_again(locked: Envelope) -> None:
    """The packed scripts of an envelope are each answered unsat by the second solver."""
    files = locked.files
    assert len(files) >= 2 * (2 + 3)
    assert all(recheck.run(text).confirmed for text in files.values())


def test_all_limits_together_are_the_smallest_of_them() -> None:
    """At each width the common edge is the smallest, and the binding limits are those that have it."""
    envelope = found(device())
    (both,) = envelope.together
    assert both.state is State.EXACT
    tables = {item.limit.name: item.table for item in envelope.limits}
    for row in both.combined.rows:
        for key in (row.first, row.last):
            here = {name: table.edge((key,)).next for name, table in tables.items() if table is not None}
            least = min((value for value in here.values() if value is not None), default=None)
            assert row.edge.next == least
            assert set(row.binding) == {name for name, value in here.items() if value == least is not None}


def _tightened(spec: Specification, factor: Fraction) -> Specification:
    limits = {}
    for name, item in spec.limits.items():
        assert item.limit is not None
        assert item.limit.quantity is not None
        value = replace(item.limit.quantity, si=item.limit.quantity.si * factor)
        limits[name] = replace(item, limit=replace(item.limit, quantity=value))
    return replace(spec, limits=limits)


def never_larger(examples: int) -> None:
    """Compare so many random devices with worse ones."""
    settings(max_examples=examples, database=None, phases=[Phase.generate])(
        given(st.integers(10, 100), st.integers(0, 30), st.integers(20, 100))(worse_is_no_larger)
    )()


def test_no_change_for_the_worse_makes_an_envelope_larger() -> None:
    """A tighter limit, a wider tolerance or a smaller area never moves a boundary outwards."""
    never_larger(3)


@pytest.mark.slow
def test_no_change_for_the_worse_in_many_devices() -> None:
    """The same for a hundred random devices."""
    never_larger(100)


def worse_is_no_larger(limit: int, tolerance: int, area: int) -> None:
    """Compare a device with a wider tolerance and smaller area, and with a tighter limit."""
    spec = read_string(device(tolerance=f"{tolerance} %", area=f"{area}e-4 cm^2"))
    worse = read_string(device(tolerance=f"{tolerance + 5} %", area=f"{area * 9}e-5 cm^2"))
    for one, other in ((spec, worse), (spec, _tightened(spec, Fraction(limit, 100)))):
        pairs = zip(
            survey(one, BUDGET, locks=False).limits, survey(other, BUDGET, locks=False).limits, strict=True
        )
        for larger, smaller in pairs:
            for (safe, _), (less, _) in zip(edges(larger), edges(smaller), strict=True):
                assert less is None or (safe is not None and less <= safe)


def test_the_scale_of_units_changes_nothing() -> None:
    """The same device in other units has the same envelope."""
    other = device().replace("2000 uA", "2 mA").replace("100 uA", "0.1 mA").replace("1000 us", "1 ms")
    other = other.replace("0.01 cm^2", "1 mm^2").replace("30 uC/cm^2", "0.3 uC/mm^2")
    one, same = found(device()), found(other)
    assert [edges(item) for item in one.limits] == [edges(item) for item in same.limits]


@given(st.integers(1, 4), st.fractions(min_value=Fraction(1, 10**12), max_value=10**6))
def test_a_root_is_enclosed_from_below(power: int, value: Fraction) -> None:
    """The printed root never exceeds the true one, and is as close as its digits promise."""
    root = Bound(power, value, strict=False, enclosed=False).below()
    assert root**power <= value
    assert (root * (1 + Fraction(1, 10**9))) ** power > value


def test_a_degenerate_device_has_an_answer() -> None:
    """A single programmable amplitude is either safe or not, without a boundary between two values."""
    text = device(area="1 cm^2").replace('["0 uA", "2000 uA"], "step": "100 uA"', '["50 uA", "50 uA"]')
    (density, _) = found(text).limits
    assert set(edges(density)) == {(quantity("50 uA").si, None)}

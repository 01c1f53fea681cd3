"""Every verdict about random programmable parameters, compared with trying every programmable value."""

from fractions import Fraction

import pytest
from hypothesis import Phase, given, seed, settings

from plain.grid import Panel, panels
from plain.terms import value
from stimproof.specs.reader import read_string
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Result, Setting, Verdict
from stimproof.verify.run import verify


def check(panel: Panel) -> Verdict:
    """Demand that the verdict about a panel is the one that trying everything gives, with its evidence."""
    found = verify(read_string(panel.specification()))
    result = found.by_id()["limits.it"]
    assert result.verdict.value == panel.expected(), f"{result.reason}\n{panel.specification()}"
    if result.verdict is Verdict.REFUTED:
        assert_violates(panel, result)
    if result.verdict is Verdict.PROVED:
        needed = any(not value(panel.claim, point) for point in panel.settings())
        assert any("interlock" in entry for entry in result.assumptions) == needed
    stated = [item.as_json() for item in found.results]
    assert EvidenceCheck(found.specification, found.files).problems(stated) == []
    return result.verdict


def assert_violates(panel: Panel, result: Result) -> None:
    """Demand that the shown setting can be programmed, keeps every interlock and violates the claim."""
    assert isinstance(result.counterexample, Setting)
    exact = {name: Fraction(text) for name, text in result.counterexample.exact}
    point = {}
    for knob in panel.knobs:
        if knob.name not in exact:  # the claim does not speak of it
            point[knob.name] = knob.values()[0]
            continue
        assert exact[knob.name] in knob.values()
        low, high = min(knob.corners(exact[knob.name])), max(knob.corners(exact[knob.name]))
        delivered = exact.get(f"{knob.name}.delivered", exact[knob.name])
        assert low <= delivered <= high
        point |= {knob.name: exact[knob.name], f"delivered({knob.name})": delivered}
    assert panel.allowed(point)
    assert not value(panel.claim, point)


def run(number: int, start: int) -> set[Verdict]:
    """Compare so many random panels; return the verdicts that they met."""
    met: list[Verdict] = []

    @seed(start)
    @settings(max_examples=number, database=None, phases=[Phase.generate, Phase.shrink])
    @given(panels())
    def agree(panel: Panel) -> None:
        met.append(check(panel))

    agree()
    assert len(met) >= number
    return set(met)


def test_verdicts_about_parameters_agree_with_trying_everything() -> None:
    """Proved, refuted and unknown are what every programmable value at every extreme of delivery says."""
    assert run(120, 1) == {Verdict.PROVED, Verdict.REFUTED, Verdict.UNKNOWN}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_two_thousand_random_panels(part: int) -> None:
    """2,000 random panels give no disagreement and no missing answer."""
    run(500, 100 + part)

"""Timelines that show what a requirement says."""

import pytest

import fretish
from stimproof.specs.property import holds, parse_requirement
from stimproof.specs.property.timelines import started, timelines
from stimproof.specs.property.typed import on_steps, values
from stimproof.specs.reader import read_string


def test_every_form_has_both_timelines() -> None:
    """Each of the 264 forms is satisfied by a timeline and violated by another, which differ in one step."""
    for chosen in fretish.FORMS:
        found = timelines(fretish.requirement(*chosen, 1))
        assert found.satisfying is not None
        assert found.violating is not None
        assert holds(found.requirement, found.satisfying)
        assert not holds(found.requirement, found.violating)
        assert len(found.violating) <= 4
        changed = [a != b for a, b in zip(found.satisfying, found.violating, strict=True)]
        assert sum(changed) == 1
        assert started(found.requirement, found.violating)


@pytest.mark.parametrize(
    ("sentence", "satisfiable", "violable"),
    [
        ("the c shall always satisfy p | !p", True, False),
        ("whenever p the c shall immediately satisfy p", True, False),
        ("the c shall satisfy p & !p", False, True),
        ("the c shall satisfy x > 3 & x < 3", False, True),
        ("the c shall always satisfy x = preInt(0, x) + 1", True, True),
        ("the c shall within 9 ticks satisfy x >= 7 / 2", True, True),
    ],
)
def test_a_requirement_that_says_nothing_or_too_much_is_noticed(
    sentence: str, satisfiable: bool, violable: bool
) -> None:
    """A tautology has no violating timeline, a contradiction no satisfying one."""
    found = timelines(parse_requirement(sentence))
    assert (found.satisfying is not None, found.violating is not None) == (satisfiable, violable)
    assert found.tried >= 1


@pytest.mark.parametrize(
    "sentence",
    [
        "in OFF mode the ipg shall never satisfy output_on",
        "upon stop the ipg shall within 100 ms satisfy output_on == false",
        "in ON mode upon stop the ipg shall immediately satisfy level == HIGH",
        "when not in ON mode upon count == 3 the ipg shall for 2 s satisfy output_on",
        "only after ON shall the ipg at the next timepoint satisfy count + 1 > 2 and level != LOW",
        "while count mod 2 == 1 the ipg shall until output_on satisfy level == LOW",
    ],
)
def test_properties_of_a_specification_have_timelines(toy: str, sentence: str) -> None:
    """A property's timelines give its variables values of their types and inside their ranges."""
    line = '  P1: {sentence: "in OFF mode the ipg shall never satisfy output_on"}'
    specification = read_string(toy.replace(line, f'  P1: {{sentence: "{sentence}"}}'))
    meaning = specification.properties["P1"].meaning
    found = timelines(on_steps(meaning, 2), values(meaning, specification))
    assert found.satisfying is not None
    assert found.violating is not None
    assert meaning.mentioned <= set(found.violating[0])
    for step in (*found.satisfying, *found.violating):
        assert step.get("count", 0) in range(4)
        assert step.get("level", "LOW") in ("LOW", "HIGH")

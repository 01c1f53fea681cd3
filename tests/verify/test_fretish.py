"""Every FRETish form, decided by the engine on small random machines and judged on all their runs."""

from random import Random

import pytest

from fretish_machines import FORMS, Graph, graph, sentence, trace
from stimproof.specs.property import holds_forever, parse_requirement
from stimproof.specs.reader import read_string
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Result, Trace, Verdict
from stimproof.verify.run import verify

LONGEST = 6
"""How many modes a stem and a loop have together at most, where all runs are listed."""


def test_there_are_264_forms() -> None:
    """FRETish has 8 scopes, 3 conditions and 11 timings."""
    assert len(set(FORMS)) == 264


def decide(device: Graph, texts: list[str]) -> list[Result]:
    """Return the result of each requirement; the evidence of all of them has been checked again."""
    specification = read_string(device.specification(texts))
    found = verify(specification, only=["properties"])
    check = EvidenceCheck(specification, found.files)
    for result in found.results:
        assert check.check(result.obligation, result.as_json()) == []
    return list(found.results)


def violating(device: Graph, text: str) -> tuple[list[int], list[int]] | None:
    """Return a run of the machine that violates a requirement, if one that is short enough does."""
    meaning = parse_requirement(text)
    for stem, loop in device.lassos(LONGEST):
        if not holds_forever(meaning, trace(stem), trace(loop)):
            return stem, loop
    return None


def witnessed(text: str, run: Trace) -> bool:
    """Return whether a counterexample violates a requirement by FRET's own meaning.

    A run without a loop must do so however it goes on: here, as if it stayed in its last mode for ever.
    """
    modes = [{"m": dict(step.exact_state)["m"]} for step in run.steps]
    back = len(modes) - 1 if run.loop is None else run.loop
    stem, loop = (modes[:back], modes[back:]) if run.loop is None else (modes[:back], modes[back:-1])
    return not holds_forever(text, stem, loop)


def agree(seed: int, forms: list[tuple[str, str, str]]) -> list[Verdict]:
    """Compare the engine with every listed run, for one machine and some forms."""
    random = Random(seed)
    device = graph(random)
    texts = [sentence(form, device.size, random) for form in forms]
    verdicts = []
    for text, result in zip(texts, decide(device, texts), strict=True):
        said = f"{text}\n{device}\n{result.verdict.value}: {result.reason}"
        run = violating(device, text)
        if result.verdict is Verdict.PROVED:
            assert run is None, f"{said}\nbut it is violated by {run}"
        else:
            assert result.verdict is Verdict.REFUTED, said
            assert isinstance(result.counterexample, Trace)
            assert result.counterexample.replayed
            assert witnessed(text, result.counterexample), f"{said}\n{result.counterexample}"
        verdicts.append(result.verdict)
    return verdicts


@pytest.mark.parametrize("seed", range(2))
def test_a_sample_of_forms_agrees_with_the_meaning_on_traces(seed: int) -> None:
    """Proved: no listed endless run violates the requirement; refuted: the replayed run does."""
    agree(seed, Random(seed).sample(FORMS, 12))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=lambda form: " ".join(form).strip())
def test_each_form_agrees_with_the_meaning_on_traces(form: tuple[str, str, str]) -> None:
    """Each of the 264 forms agrees on machine after machine until it was both proved and refuted.

    Nothing violates ``finally`` where the scope has no end. ``after`` so many steps demands a change at one
    point of every run, so a machine that may stay in its first mode always violates it.
    """
    wanted = {Verdict.PROVED, Verdict.REFUTED}
    if form[2] == "finally" and form[0] in ("", "after", "only before"):
        wanted = {Verdict.PROVED}
    if form == ("", "", "after {} steps"):
        wanted = {Verdict.REFUTED}
    seen: set[Verdict] = set()
    for seed in range(120):
        seen |= set(agree(1000 * FORMS.index(form) + seed, [form]))
        if seed >= 2 and seen == wanted:
            return
    pytest.fail(f"only ever {seen}")

"""The judge of traces, against formulas that share nothing with it, and at the edges."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fretish
from lasso_formulas import Lasso, demanded, inside, starting
from past_formulas import Past, Traces, verdicts
from stimproof.specs.errors import OperatorError
from stimproof.specs.property import holds, holds_forever
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.judge import Demand, intervals, starts


def _agree(scope: Scope, condition: Condition, timing: Timing, steps: int, length: int) -> None:
    places = [index for index, wanted in enumerate(fretish.used(scope, condition, timing)) if wanted]
    traces = Traces(len(places), length)
    signals = [Past(traces).false] * 4
    for number, place in enumerate(places):
        signals[place] = traces.signal(number)
    expected = verdicts(scope, condition, timing, steps, traces, signals)
    for trace in range(traces.number):
        values = traces.values(trace)
        mode, trigger, stop, response = (
            values[places.index(place)] if place in places else [False] * length for place in range(4)
        )
        demand = Demand(timing, steps, response, stop, negated=scope.only)
        found = all(
            demand.met(start, end)
            for begin, end in intervals(scope, mode, length)
            for start in starts(condition, trigger, begin, end)
        )
        assert found == bool(expected >> trace & 1), (scope, condition, timing, steps, values)


@pytest.mark.parametrize("length", [1, 2])
def test_every_form_agrees_with_the_published_formulas(length: int) -> None:
    """On every short trace, each of the 264 forms has the verdict of its past-time formula."""
    assert len(set(fretish.FORMS)) == 264
    for scope, condition, timing in fretish.FORMS:
        for steps in (0, 1, 2) if timing.timed else (0,):
            _agree(scope, condition, timing, steps, length)


@pytest.mark.slow
@pytest.mark.parametrize("length", [3, 4])
def test_every_form_agrees_with_the_published_formulas_on_longer_traces(length: int) -> None:
    """The same for all of the two million traces of three and four steps."""
    for scope, condition, timing in fretish.FORMS:
        for steps in (1, 2, 3) if timing.timed else (0,):
            _agree(scope, condition, timing, steps, length)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scope", "condition", "timing"), [form for form in fretish.FORMS if sum(fretish.used(*form)) <= 3]
)
def test_forms_of_three_names_agree_on_five_steps(scope: Scope, condition: Condition, timing: Timing) -> None:
    """Forms that mention at most three names are compared on every trace of five steps."""
    _agree(scope, condition, timing, 2 if timing.timed else 0, 5)


step = st.fixed_dictionaries({name: st.booleans() for name in fretish.NAMES})
form = st.sampled_from(fretish.FORMS)


@given(form, st.integers(0, 6), st.lists(step, max_size=12))
def test_long_traces_agree_with_the_published_formulas(
    chosen: tuple[Scope, Condition, Timing], steps: int, trace: list[dict[str, bool]]
) -> None:
    """On any trace, a form has the verdict of its past-time formula; the empty trace satisfies each."""
    found = holds(fretish.requirement(*chosen, steps), trace)
    if not trace:
        assert found
        return
    one = Traces(0, len(trace))
    signals = [[int(each[name]) for each in trace] for name in fretish.NAMES]
    assert found == bool(verdicts(*chosen, steps, one, signals))


durations = st.integers(0, 4) | st.integers(5, 40)


@given(form, durations, st.lists(step, max_size=5), st.lists(step, min_size=1, max_size=4))
def test_infinite_traces_agree_with_future_formulas(
    chosen: tuple[Scope, Condition, Timing],
    steps: int,
    stem: list[dict[str, bool]],
    loop: list[dict[str, bool]],
) -> None:
    """On a lasso, a form has the verdict of a future-time formula on its positions."""
    scope, condition, timing = chosen
    trace = [*stem, *loop * 3]
    mode, trigger, stop, response = ([each[name] for each in trace] for name in fretish.NAMES)
    lasso = Lasso(len(trace), len(trace) - len(loop))
    where = inside(scope, mode)
    met = demanded(lasso, timing, steps, where, stop, response, only=scope.only)
    expected = all(met(place) for place, now in enumerate(starting(condition, where, trigger)) if now)
    assert holds_forever(fretish.requirement(*chosen, steps), stem, loop) == expected


@given(form, st.integers(20, 40), st.lists(step, max_size=4), st.lists(step, min_size=1, max_size=3))
def test_a_duration_past_all_that_ends_changes_nothing_by_whole_loops(
    chosen: tuple[Scope, Condition, Timing],
    steps: int,
    stem: list[dict[str, bool]],
    loop: list[dict[str, bool]],
) -> None:
    """A duration of any length is judged on an infinite trace, as one that is whole loops shorter."""
    short, long = (fretish.requirement(*chosen, steps + more) for more in (0, len(loop) * 10**15))
    assert holds_forever(short, stem, loop) == holds_forever(long, stem, loop)


def test_a_condition_that_looks_too_far_is_refused() -> None:
    """On an infinite trace a condition may not look a million steps back; on a finite one it may."""
    sentence = "the c shall always satisfy !persisted(2000000, response)"
    trace = [{"response": True}]
    assert holds(sentence, trace)
    with pytest.raises(OperatorError, match="looks 2000002 steps far"):
        holds_forever(sentence, [], trace)


SAFE = {True: {Timing.ALWAYS, Timing.NEVER}, False: {Timing.EVENTUALLY}}


@given(form, st.integers(0, 3), st.lists(step, max_size=4), st.lists(step, min_size=1, max_size=3))
def test_what_can_only_fail_in_finite_time_fails_on_a_prefix(
    chosen: tuple[Scope, Condition, Timing],
    steps: int,
    stem: list[dict[str, bool]],
    loop: list[dict[str, bool]],
) -> None:
    """But for ``eventually`` and ``finally``, an infinite trace is good exactly where all prefixes are."""
    scope, _, timing = chosen
    if timing is Timing.FINALLY or timing in SAFE[scope.only]:
        return
    demand = fretish.requirement(*chosen, steps)
    longest = len(stem) + 3 * len(loop) + steps + 2
    trace = [*stem, *(loop[place % len(loop)] for place in range(longest - len(stem)))]
    assert holds_forever(demand, stem, loop) == all(
        holds(demand, trace[:size]) for size in range(longest + 1)
    )


def _trace(**signals: str) -> list[dict[str, bool]]:
    """Return a trace from one word for each name, ``#`` for true."""
    return [
        dict(zip(signals, values, strict=True))
        for values in zip(*([mark == "#" for mark in word] for word in signals.values()), strict=True)
    ]


@pytest.mark.parametrize(
    ("sentence", "signals", "verdict"),
    [
        # a duration of n steps reaches from the start to n steps later, n + 1 steps in all
        ("the c shall within 2 ticks satisfy r", {"r": "..#"}, True),
        ("the c shall within 2 ticks satisfy r", {"r": "...#"}, False),
        ("the c shall for 2 ticks satisfy r", {"r": "###."}, True),
        ("the c shall for 2 ticks satisfy r", {"r": "##.#"}, False),
        ("the c shall after 2 ticks satisfy r", {"r": "...#"}, True),
        ("the c shall after 2 ticks satisfy r", {"r": "..##"}, False),
        ("the c shall after 2 ticks satisfy r", {"r": "...."}, False),
        # the end of the trace, and of the scope, cut short what is demanded
        ("the c shall within 2 ticks satisfy r", {"r": ".."}, True),
        ("the c shall for 2 ticks satisfy r", {"r": "##"}, True),
        ("the c shall after 2 ticks satisfy r", {"r": "..."}, True),
        ("in m mode upon t the c shall within 2 ticks satisfy r", {"m": "##.", "t": "##.", "r": "..."}, True),
        ("the c shall at the next timepoint satisfy r", {"r": "."}, True),
        ("in m mode the c shall at the next timepoint satisfy r", {"m": "#.", "r": ".."}, True),
        ("the c shall satisfy r", {"r": ".."}, False),
        # intervals of the scope: at the beginning, at the end, several
        ("in m mode the c shall satisfy r", {"m": "##.##", "r": "#...#"}, True),
        ("in m mode the c shall satisfy r", {"m": "##.##", "r": "#...."}, False),
        ("before m the c shall always satisfy r", {"m": "#.", "r": ".."}, True),
        ("before m the c shall satisfy r", {"m": "..", "r": ".."}, False),
        ("after m the c shall always satisfy r", {"m": "##", "r": ".."}, True),
        ("after m the c shall always satisfy r", {"m": "#.#.", "r": ".###"}, True),
        ("after m the c shall always satisfy r", {"m": "#.#.", "r": ".#.#"}, False),
        ("only after m shall the c satisfy r", {"m": ".#.", "r": "..#"}, True),
        ("only after m shall the c satisfy r", {"m": ".#.", "r": ".#."}, False),
        ("only before m shall the c satisfy r", {"m": "..", "r": "##"}, True),
        ("only in m shall the c satisfy r", {"m": ".#.", "r": ".#."}, True),
        # a trigger is true from the scope's first step, or becomes true; whenever counts each step
        ("upon t the c shall immediately satisfy r", {"t": "##.#", "r": "#..#"}, True),
        ("upon t the c shall immediately satisfy r", {"t": "#..#", "r": "#..."}, False),
        ("whenever t the c shall immediately satisfy r", {"t": "##.#", "r": "#..#"}, False),
        ("whenever t the c shall satisfy r", {"t": "###", "r": "##."}, False),
        ("upon t the c shall satisfy r", {"t": "###", "r": "#.."}, True),
        # until is weak and exclusive, before is strict and asks nothing without its stop
        ("the c shall until s satisfy r", {"s": "...", "r": "###"}, True),
        ("the c shall until s satisfy r", {"s": "..#", "r": "##."}, True),
        ("the c shall until s satisfy r", {"s": "...", "r": "##."}, False),
        ("the c shall before s satisfy r", {"s": "...", "r": "..."}, True),
        ("the c shall before s satisfy r", {"s": "..#", "r": "..#"}, False),
        ("the c shall before s satisfy r", {"s": "#..", "r": "###"}, False),
        ("the c shall finally satisfy r", {"r": "..#"}, True),
        ("in m mode the c shall finally satisfy r", {"m": "##.", "r": "#.."}, False),
    ],
)
def test_the_edges(sentence: str, signals: dict[str, str], verdict: bool) -> None:
    """Ends of traces and scopes, first steps, and what a duration counts, are FRET's."""
    assert holds(sentence, _trace(**signals)) is verdict


def test_every_form_can_be_judged_for_ever() -> None:
    """Each form has a verdict on an infinite trace too, ``finally`` none to give where nothing ends."""
    never = [dict.fromkeys(fretish.NAMES, False)]
    for chosen in fretish.FORMS:
        assert holds_forever(fretish.requirement(*chosen, 1), [], never) in (True, False)
    endless = product([Condition.NONE], [Timing.FINALLY, Timing.EVENTUALLY])
    verdict = [holds_forever(fretish.requirement(Scope.GLOBAL, *rest), [], never) for rest in endless]
    assert verdict == [True, False]

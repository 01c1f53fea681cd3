"""Operators that look back or ahead, against the formulas that FRET publishes for them."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from stimproof.specs.property import holds
from stimproof.specs.property.evaluation import View, truths
from stimproof.specs.property.formulas import Name, Temporal

signals = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=9)
bounds = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(sorted)


def _intervals(mode: list[bool]) -> list[tuple[int, int]]:
    starts = [i for i, now in enumerate(mode) if now and not (i and mode[i - 1])]
    ends = [i for i, now in enumerate(mode) if now and not (i + 1 < len(mode) and mode[i + 1])]
    return list(zip(starts, ends, strict=True))


def _since(step: int, low: int, high: int, stays: Callable[[int], bool], came: Callable[[int], bool]) -> bool:
    """Return ``stays S[low, high] came`` at a step."""
    return any(
        came(at) and all(map(stays, range(at + 1, step + 1)))
        for at in range(max(0, step - high), step - low + 1)
    )


@given(signals, bounds)
def test_looking_back_inside_a_scope(steps: list[tuple[bool, bool, bool]], reach: list[int]) -> None:
    """``persisted``, ``occurred``, ``prevOcc`` are FRET's past-time formulas over the scope's left ends."""
    low, high = reach
    trace = [{"p": p, "q": q} for p, q, _ in steps]
    spans = _intervals([mode for _, _, mode in steps])
    left = [step in {begin for begin, _ in spans} for step in range(len(trace))]
    view = View(trace, spans or [(0, len(trace) - 1)])
    if not spans:
        left[0] = True
    held, then = [p for p, _, _ in steps], [q for _, q, _ in steps]
    found = {
        name: truths(Temporal(name, (Name("p"),), low, high), view) for name in ("persisted", "occurred")
    }
    previous = truths(Temporal("prevOcc", (Name("p"), Name("q"))), view)
    for step in range(len(trace)):
        lasted = all(held[at] for at in range(max(0, step - high), step - low + 1))
        fresh = any(left[at] for at in range(max(0, step - high + 1), step + 1)) and high > 0
        assert found["persisted"][step] == (lasted and not fresh)
        assert found["occurred"][step] == _since(
            step, low, high, lambda at: not left[at], lambda at: held[at]
        )
        quiet = lambda at: not left[at] and not held[at]  # noqa: E731
        seen = _since(step - 1, 0, step, quiet, lambda at: held[at])
        good = _since(step - 1, 0, step, quiet, lambda at: held[at] and then[at])
        assert previous[step] == (left[step] or (step > 0 and (not seen or good)))


@given(signals, bounds)
def test_looking_ahead_mirrors_looking_back(steps: list[tuple[bool, bool, bool]], reach: list[int]) -> None:
    """``persists``, ``occurs`` and ``nextOcc`` say of a trace what their mirrors say of the reversed one."""
    trace = [{"p": p, "q": q} for p, q, _ in steps]
    spans = _intervals([mode for _, _, mode in steps])
    last = len(trace) - 1
    mirrored = View(trace[::-1], [(last - end, last - begin) for begin, end in reversed(spans)])
    for ahead, back in (("persists", "persisted"), ("occurs", "occurred"), ("nextOcc", "prevOcc")):
        args = (Name("p"), Name("q")) if ahead == "nextOcc" else (Name("p"),)
        forward = truths(Temporal(ahead, args, *reach), View(trace, spans))
        assert forward == truths(Temporal(back, args, *reach), mirrored)[::-1]


def _trace(p: str) -> list[dict[str, bool]]:
    return [{"p": mark == "#"} for mark in p]


def test_the_examples_of_fret_s_documentation() -> None:
    """What FRET's manual says of its temporal conditions, in its own examples."""
    assert holds("the c shall finally satisfy persisted(2, p)", _trace(".###"))
    assert not holds("the c shall finally satisfy persisted(2, p)", _trace("##"))
    assert holds("the c shall finally satisfy occurred(4, p) & persisted(3, !p)", _trace("#...."))
    assert not holds("before m the c shall always satisfy persists(3, p)", [{"p": True, "m": False}] * 9)
    assert holds("the c shall always satisfy preBool(true, p) | !p", _trace("##."))


def test_a_scope_s_own_condition_sees_the_whole_trace() -> None:
    """The condition that defines the scope is in no scope yet: what lies before the trace is good there."""
    assert holds("while persisted(2, p) the c shall immediately satisfy r", [{"p": True, "r": True}])
    assert not holds("while occurred(1, p) the c shall immediately satisfy r", [{"p": True, "r": False}])

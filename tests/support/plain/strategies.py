"""Random small devices for hypothesis, drawn so that shrinking keeps them readable."""

from itertools import pairwise
from typing import Any

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from plain.description import ANY, Device, Machine, Mode, Property, Transition, Variable
from plain.terms import TRUE, Term

_ORDER = ("<", "<=", "==", ">=", ">")
FORMS = (
    "always", "never", "whenever", "upon event", "upon condition", "reachable",
    "recover", "recover", "unchanged", "eventually", "eventually", "for",
)  # fmt: skip
LONGEST = 3
"""The largest number of seconds in a random device."""


class _Words:
    """Draws terms over the names of one device."""

    def __init__(
        self, draw: Any, variables: list[Variable], inputs: list[Variable], modes: dict[str, list[str]]
    ) -> None:
        self.draw, self.variables, self.inputs, self.modes = draw, variables, inputs, modes

    def known(self, kind: str, *, step: bool) -> list[Variable]:
        """Return what of a kind may be mentioned; inputs only within a step."""
        return [item for item in (*self.variables, *(self.inputs if step else ())) if item.kind == kind]

    def atom(self, *, step: bool, clocks: bool) -> Term:
        """Draw a condition without connectives."""
        atoms = [self._mode_atom]
        for kind, make in (("boolean", self._truth), ("enum", self._member), ("integer", self._order)):
            if found := self.known(kind, step=step):
                atoms.append(
                    lambda found=found, make=make: make(self.draw(st.sampled_from(found)), step=step)
                )
        if numbers := self.known("integer", step=step):
            atoms += [lambda: self._order(self.draw(st.sampled_from(numbers)), step=step)] * 2
        if clocks and (ticking := self.known("clock", step=False)):
            atoms += [lambda: self._clock(self.draw(st.sampled_from(ticking)))] * 2
        return self.draw(st.sampled_from(atoms))()

    def _mode_atom(self) -> Term:
        machine = self.draw(st.sampled_from(sorted(self.modes)))
        mode = self.draw(st.sampled_from(self.modes[machine]))
        return (self.draw(st.sampled_from(("==", "!="))), ("name", machine), ("member", mode))

    def _truth(self, item: Variable, *, step: bool) -> Term:
        del step
        return self.draw(st.sampled_from((("name", item.name), ("not", ("name", item.name)))))

    def _member(self, item: Variable, *, step: bool) -> Term:
        del step
        return (
            self.draw(st.sampled_from(("==", "!="))),
            ("name", item.name),
            ("member", self.draw(st.sampled_from(item.members))),
        )

    def _order(self, item: Variable, *, step: bool) -> Term:
        return (
            self.draw(st.sampled_from((*_ORDER, "!="))),
            ("name", item.name),
            self.number(item, step=step, plain=True),
        )

    def _clock(self, item: Variable) -> Term:
        held = self.known("quantity", step=False)
        if held and self.draw(st.booleans()):
            bound: Term = ("name", self.draw(st.sampled_from(held)).name)
        else:
            bound = ("seconds", self.draw(st.integers(0, LONGEST)))
        return (self.draw(st.sampled_from(_ORDER)), ("name", item.name), bound)

    def _window(self, clock: Term) -> Term:
        low = self.draw(st.integers(0, LONGEST - 1))
        after, before = self.draw(st.sampled_from((">", ">="))), self.draw(st.sampled_from(("<", "<=")))
        return ("and", (after, clock, ("seconds", low)), (before, clock, ("seconds", low + 1)))

    def condition(self, *, step: bool = False, clocks: bool = False) -> Term:
        """Draw a condition with at most one connective."""
        if clocks and (found := self.known("clock", step=False)) and self.draw(st.integers(0, 4)) == 4:
            return self._window(("name", self.draw(st.sampled_from(found)).name))
        one = self.atom(step=step, clocks=clocks)
        joined = self.draw(st.sampled_from(("", "", "and", "or", "implies", "not")))
        if joined == "not":
            return ("not", one)
        return (joined, one, self.atom(step=step, clocks=clocks)) if joined else one

    def number(self, item: Variable, *, step: bool, plain: bool = False) -> Term:
        """Draw a whole number to compare an integer with, or (not ``plain``) to assign to it."""
        constant: Term = ("whole", self.draw(st.integers(item.low, item.high)))
        others = [("name", other.name) for other in self.known("integer", step=step)]
        if plain or not others:
            return self.draw(st.sampled_from((constant, constant, *others)))
        here: Term = ("name", item.name)
        if self.draw(st.booleans()):  # counters make long runs
            return ("+", here, ("whole", 1)) if item.overflow != "forbid" else _short_of(item)
        other = self.draw(st.sampled_from(others))
        if item.overflow == "forbid":  # one that often leaves its range shows little else
            return self.draw(
                st.sampled_from(
                    (constant, _short_of(item), ("max", constant, here), ("+", here, ("whole", 1)))
                )
            )
        return self.draw(
            st.sampled_from(
                (
                    constant,
                    ("+", here, ("whole", 1)),
                    ("-", here, ("whole", 1)),
                    other,
                    ("+", here, other),
                    ("-", other, here),
                    ("*", other, ("whole", 2)),
                    ("abs", ("-", other, constant)),
                    ("mod", ("-", other, here), ("whole", self.draw(st.integers(1, 3)))),
                    ("min", here, other),
                    ("ite", self.atom(step=step, clocks=False), constant, other),
                )
            )
        )

    def assignment(self, item: Variable) -> tuple[str, Term]:
        """Draw an assignment to a variable."""
        if item.kind == "boolean":
            term = self.draw(st.sampled_from((("truth", True), ("truth", False), None)))
            return item.name, term or self.atom(step=True, clocks=False)
        if item.kind == "enum":
            return item.name, ("member", self.draw(st.sampled_from(item.members)))
        if item.kind == "clock":
            return item.name, ("seconds", self.draw(st.sampled_from((0, 0, 1))))
        if item.kind == "quantity":
            return item.name, (
                "seconds",
                self.draw(st.integers(item.low, item.high + self.draw(st.sampled_from((0, 0, 0, 1))))),
            )
        return item.name, self.number(item, step=True)

    def actions(self, most: int) -> tuple[tuple[str, Term], ...]:
        """Draw at most so many assignments to different variables."""
        if not self.variables:
            return ()
        targets = self.draw(
            st.lists(st.sampled_from(self.variables), max_size=most, unique_by=lambda item: item.name)
        )
        return tuple(self.assignment(item) for item in targets)


def _short_of(item: Variable) -> Term:
    """Return a count that starts again before it leaves its range."""
    here: Term = ("name", item.name)
    return ("ite", ("<", here, ("whole", item.high)), ("+", here, ("whole", 1)), ("whole", item.low))


def _variable(draw: Any, name: str, kinds: tuple[str, ...]) -> Variable:
    kind = draw(st.sampled_from(kinds))
    if kind == "clock":
        return Variable(name, kind)
    low, high, overflow, members = 0, 0, "", ()
    if kind == "quantity":
        low, high = 1, draw(st.integers(1, LONGEST))
        return Variable(name, kind, low=low, high=high, initial=draw(st.integers(low, high)))
    if kind == "enum":
        members = tuple(f"{name}{letter}" for letter in "abc"[: draw(st.integers(2, 3))])
    if kind == "integer":
        low = draw(st.integers(-1, 1))
        high = low + draw(st.integers(1, 4))
        overflow = draw(st.sampled_from(("wrap", "saturate", "wrap", "saturate", "forbid")))
    made = Variable(name, kind, members, low, high, overflow)
    initial = draw(st.sampled_from((*made.values(), *made.values(), ANY)))
    return Variable(name, kind, members, low, high, overflow, initial)


def _machine(draw: Any, words: _Words, name: str, events: list[str], *, timed: bool) -> Machine:
    names = words.modes[name]
    clocks = [item.name for item in words.variables if item.kind == "clock"]
    modes = []
    for mode in names:
        stay: tuple[tuple[str, int], ...] = ()
        if timed and clocks and draw(st.integers(0, 2)) == 2:
            stay = ((draw(st.sampled_from(clocks)), draw(st.integers(1, LONGEST))),)
        actions = words.actions(1), words.actions(1)
        if not draw(st.booleans()):
            actions = (), ()
        modes.append(Mode(mode, *actions, stay, draw(st.sampled_from((False, False, False, True)))))
    chain = [_transition(draw, words, (one,), other, events, timed=timed) for one, other in pairwise(names)]
    loose = []
    for _ in range(draw(st.integers(0, 4))):
        sources = draw(st.sampled_from((*[(mode,) for mode in names], tuple(names[:2]), tuple(names))))
        target = draw(st.sampled_from((None, None, *names)))
        loose.append(_transition(draw, words, sources, target, events, timed=timed))
    transitions = [*chain, *loose]
    initial = draw(st.sampled_from(((names[0],), (names[0],), (names[0],), tuple(names[:2]), (names[-1],))))
    return Machine(name, initial, tuple(modes), tuple(transitions))


def _transition(
    draw: Any,
    words: _Words,
    sources: tuple[str, ...],
    target: str | None,
    events: list[str],
    *,
    timed: bool,
) -> Transition:
    guard = words.condition(step=True, clocks=timed) if draw(st.integers(0, 2)) else TRUE
    updates = words.actions(2)
    event, priority = draw(st.sampled_from(events)), draw(st.integers(0, 2))
    return Transition(sources, target, event, guard, updates, priority)


def _property(draw: Any, words: _Words, name: str, events: list[str], *, timed: bool) -> Property:
    form = draw(st.sampled_from(FORMS))
    machine = draw(st.sampled_from(sorted(words.modes)))
    place = (machine, draw(st.sampled_from(words.modes[machine])))
    if form == "reachable":
        return Property(name, form, place)
    scope = draw(st.sampled_from((None, place)))
    if form in ("always", "never"):
        return Property(name, form, scope, body=words.condition(clocks=timed))
    if form == "whenever":
        return Property(
            name, form, scope, words.atom(step=False, clocks=timed), words.condition(clocks=timed)
        )
    if form == "recover":
        using = draw(st.sampled_from((None, (events[0],), tuple(events))))
        return Property(name, form, scope, body=words.condition(clocks=timed), using=using)
    if form == "unchanged":
        kept = tuple(item.name for item in words.variables if item.kind != "clock")
        event = draw(st.sampled_from(events))
        return Property(name, form, premise=event, using=kept) if kept else Property(name, "always")
    if form == "eventually":
        return Property(name, form, scope, words.condition(), words.condition())
    if form == "for":
        return Property(name, form, scope, words.condition(), words.condition(), draw(st.integers(1, 2)))
    premise = draw(st.sampled_from(events)) if form == "upon event" else words.condition()
    within = draw(st.integers(1, 2)) if timed and draw(st.booleans()) else 0
    return Property(name, form, scope, premise, words.condition(), within)


@st.composite
def devices(draw: st.DrawFn, *, timed: bool = False) -> Device:
    """Return random devices; ``timed`` ones have clocks, limits of stay and deadlines."""
    counts = draw(st.sampled_from((1, 1, 2, 3) if not timed else (1, 1, 2)))
    modes = {
        f"m{number}": [
            f"M{number}{letter}" for letter in "ABCD"[: draw(st.integers(2, 4 if counts < 3 else 3))]
        ]
        for number in range(counts)
    }
    kinds = ("boolean", "enum", "integer", "integer")
    variables = [
        _variable(draw, f"v{number}", kinds) for number in range(draw(st.integers(0, 3 if not timed else 1)))
    ]
    if timed:
        variables += [Variable(f"t{number}", "clock") for number in range(draw(st.integers(1, 2)))]
        variables += [_variable(draw, "hold", ("quantity",))] if draw(st.integers(0, 3)) == 3 else []
    inputs = [
        _variable(draw, f"i{number}", kinds[:3])
        for number in range(draw(st.integers(0, 2 if not timed else 1)))
    ]
    inputs = [Variable(item.name, item.kind, item.members, item.low, item.high) for item in inputs]
    events = {f"e{number}": draw(st.booleans()) for number in range(draw(st.integers(1, 3)))}
    words = _Words(draw, variables, inputs, modes)
    machines = tuple(_machine(draw, words, name, sorted(events), timed=timed) for name in modes)
    properties = tuple(
        _property(draw, words, f"p{number}", sorted(events), timed=timed)
        for number in range(draw(st.integers(1, 3)))
    )
    return Device(machines, tuple(variables), tuple(inputs), events, properties)


def some_devices(number: int, start: int, *, timed: bool = False) -> list[Device]:
    """Return a fixed list of random devices."""
    found: list[Device] = []

    @seed(start)
    @settings(max_examples=number, database=None, phases=[Phase.generate])
    @given(devices(timed=timed))
    def collect(device: Device) -> None:
        found.append(device)

    collect()
    return found

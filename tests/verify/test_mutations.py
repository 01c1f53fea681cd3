"""The comparison with the explicit search notices a wrong encoder: each mutation makes it fail."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pytest

from differential import Tally, compare, demand_agreement
from plain.description import Device, Machine, Mode, Property, Transition, Variable
from plain.strategies import some_devices
from plain.terms import TRUE
from stimproof.specs.expressions import (
    BOOLEAN,
    Apply,
    Boolean,
    Enumeration,
    Expression,
    Literal,
    Op,
    Reference,
    ite,
)
from stimproof.specs.specification import Specification
from stimproof.specs.specification import Variable as SpecifiedVariable
from stimproof.verify import encoding, machine, monitors
from stimproof.verify.encoding import encode
from stimproof.verify.system import TransitionSystem

Mutation = Callable[[pytest.MonkeyPatch], None]


def _encode_as(patch: pytest.MonkeyPatch, mutated: Callable[[Specification], TransitionSystem]) -> None:
    patch.setattr(machine, "encode", mutated)


def dropped_frame(patch: pytest.MonkeyPatch) -> None:
    """A variable that a step does not write may become something else."""

    def mutated(specification: Specification) -> TransitionSystem:
        system = encode(specification)
        free = {name: Reference(f"free.{name}", BOOLEAN) for name in specification.variables}
        loose = {
            name: _unframed(system.next[name], item, free[name])
            for name, item in specification.variables.items()
            if item.kind != "clock"
        }
        inputs = {**system.inputs, **{item.name: BOOLEAN for item in free.values()}}
        example = {**system.example, **{item.name: False for item in free.values()}}
        return replace(system, next={**system.next, **loose}, inputs=inputs, example=example)

    _encode_as(patch, mutated)


def _unframed(term: Expression, item: SpecifiedVariable, free: Reference) -> Expression:
    """Replace what a variable is where nothing is written: itself, or freely the least value of its type."""
    if isinstance(term, Apply) and term.op is Op.ITE:
        return ite(term.args[0], term.args[1], _unframed(term.args[2], item, free))
    if isinstance(item.type, Boolean):
        return free
    least = item.type.members[0] if isinstance(item.type, Enumeration) else int(item.low or 0)
    return ite(free, Literal(least, item.type), term)


def strict_for_weak(patch: pytest.MonkeyPatch) -> None:
    """Where the specification says at most, the encoder says less than."""

    def mutated(specification: Specification) -> TransitionSystem:
        system = encode(specification)
        return replace(system, definitions={name: _strict(term) for name, term in system.definitions.items()})

    _encode_as(patch, mutated)


def _strict(term: Expression) -> Expression:
    if not isinstance(term, Apply):
        return term
    op = {Op.LE: Op.LT, Op.GE: Op.GT}.get(term.op, term.op)
    return Apply(op, tuple(_strict(argument) for argument in term.args), term.type)


def reversed_priority(patch: pytest.MonkeyPatch) -> None:
    """The lowest priority wins."""

    def turned(given: Specification) -> Specification:
        machines = {
            name: replace(
                item, transitions=tuple(replace(one, priority=-one.priority) for one in item.transitions)
            )
            for name, item in given.machines.items()
        }
        return replace(given, machines=machines)

    _encode_as(patch, lambda specification: encode(turned(specification)))


def no_wrap(patch: pytest.MonkeyPatch) -> None:
    """A whole number that should start again goes on."""
    patch.setattr(encoding, "fit", lambda variable, term: term)


def lost_entry(patch: pytest.MonkeyPatch) -> None:
    """What a mode does as it is entered is forgotten."""
    original = encoding.writes

    def mutated(item: object, transition: object, source: str) -> dict[str, Expression]:
        modes = {name: replace(mode, entry=()) for name, mode in item.modes.items()}  # type: ignore[attr-defined]
        return original(replace(item, modes=modes), transition, source)  # type: ignore[type-var,arg-type]

    patch.setattr(encoding, "writes", mutated)
    patch.setattr(monitors, "writes", mutated)


MUTATIONS: list[Mutation] = [dropped_frame, strict_for_weak, reversed_priority, no_wrap, lost_entry]


@lru_cache(maxsize=1)
def _random() -> list[Device]:
    return [*some_devices(25, 5), *some_devices(25, 6, timed=True)]


V, N = ("name", "v"), ("name", "n")
EVENTS = {"go": False}


def _one(
    transitions: tuple[Transition, ...], body: tuple[object, ...], entry: tuple[object, ...] = ()
) -> Device:
    """Return a machine A -> B over a truth value and a two-bit counter, with one requirement."""
    modes = (Mode("A"), Mode("B", entry=entry))  # type: ignore[arg-type]
    variables = (
        Variable("v", "boolean", initial=False),
        Variable("n", "integer", low=0, high=3, overflow="wrap", initial=0),
    )
    owner = Machine("m", ("A",), modes, transitions)
    return Device((owner,), variables, (), EVENTS, (Property("p", "always", body=body),))


UP = Transition(("A", "B"), None, "go", updates=(("n", ("+", N, ("whole", 1))),))
SMALLEST = {
    "dropped_frame": _one((UP,), ("not", V)),
    "strict_for_weak": _one(
        (
            replace(UP, guard=("<", N, ("whole", 2))),
            Transition(("A",), "B", "go", ("<=", ("whole", 2), N), (("v", ("truth", True)),)),
        ),
        ("not", V),
    ),
    "reversed_priority": _one(
        (replace(UP, priority=1), Transition(("A",), "B", "go", TRUE, (("v", ("truth", True)),), 2)),
        ("not", V),
    ),
    "no_wrap": _one((UP,), ("<=", N, ("whole", 3))),
    "lost_entry": _one((Transition(("A",), "B", "go"),), ("not", V), entry=(("v", ("truth", True)),)),
}


def first_noticed() -> int | None:
    """Return the number of the first random device on which something is noticed."""
    for number, device in enumerate(_random()):
        tally = Tally()
        compare(device, tally)
        if tally.disagreements or tally.unknown:
            return number
    return None


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_wrong_encoder_is_noticed_on_random_devices(
    mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mutation gives a wrong or a missing answer on one of fifty random devices."""
    mutation(monkeypatch)
    assert first_noticed() is not None


def test_the_same_random_devices_pass_without_a_mutation() -> None:
    """Without any mutation all fifty devices are decided rightly: it is the mutation that is noticed."""
    assert first_noticed() is None


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_wrong_encoder_is_noticed_on_the_smallest_device(
    mutation: Mutation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each mutation there is a device of two modes that passes before it and fails after it."""
    device = SMALLEST[mutation.__name__]
    sound, wrong = Tally(), Tally()
    compare(device, sound)
    demand_agreement(sound)
    mutation(monkeypatch)
    compare(device, wrong)
    with pytest.raises(AssertionError):
        demand_agreement(wrong)


@pytest.mark.parametrize("name", ["strict_for_weak", "lost_entry", "reversed_priority"])
def test_an_encoder_that_forgets_behaviour_proves_what_is_false(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a mutation gives proofs that both solvers accept: only a second meaning of the device finds it."""
    next(mutation for mutation in MUTATIONS if mutation.__name__ == name)(monkeypatch)
    tally = Tally()
    compare(SMALLEST[name], tally)
    assert any("proved, but the search finds a run" in problem for problem in tally.disagreements)

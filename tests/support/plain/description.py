"""A small device, described plainly, and its text as a specification."""

import json
from dataclasses import dataclass, field
from typing import Any

from plain.terms import TRUE, Term, constants, text

ANY = "any"


@dataclass(frozen=True)
class Variable:
    """A variable; ``kind`` is boolean, enum, integer, quantity (whole seconds) or clock."""

    name: str
    kind: str
    members: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    overflow: str = ""
    initial: Any = ANY

    def values(self) -> list[Any]:
        """Return every value of the declared type."""
        if self.kind == "boolean":
            return [False, True]
        return list(self.members) if self.kind == "enum" else list(range(self.low, self.high + 1))

    def declaration(self) -> dict[str, Any]:
        """Return the entry of the specification that declares the variable."""
        given: dict[str, Any] = {"type": self.kind}
        if self.kind == "enum":
            given["values"] = list(self.members)
        if self.kind in ("integer", "quantity"):
            unit = " s" if self.kind == "quantity" else ""
            given["range"] = [f"{self.low}{unit}", f"{self.high}{unit}"] if unit else [self.low, self.high]
        if self.overflow:
            given["overflow"] = self.overflow
        return given


@dataclass(frozen=True)
class Mode:
    """A mode with its actions; ``stay`` holds the clocks with their bounds in seconds that limit it."""

    name: str
    entry: tuple[tuple[str, Term], ...] = ()
    exit: tuple[tuple[str, Term], ...] = ()
    stay: tuple[tuple[str, int], ...] = ()
    terminal: bool = False


@dataclass(frozen=True)
class Transition:
    """A transition; no ``target`` keeps the mode without running its actions."""

    sources: tuple[str, ...]
    target: str | None
    event: str
    guard: Term = TRUE
    updates: tuple[tuple[str, Term], ...] = ()
    priority: int = 0


@dataclass(frozen=True)
class Machine:
    """A state machine."""

    name: str
    initial: tuple[str, ...]
    modes: tuple[Mode, ...]
    transitions: tuple[Transition, ...] = ()

    def mode(self, name: str) -> Mode:
        """Return one mode by its name."""
        return next(mode for mode in self.modes if mode.name == name)


@dataclass(frozen=True)
class Property:
    """A requirement.

    ``form`` is always, never, whenever, upon event, upon condition, reachable, recover, unchanged,
    eventually or for; ``scope`` is a machine and its mode; ``within`` zero means immediately; ``premise`` is
    the condition or the event; ``using`` are the events that a recovery may use, or the variables that
    an event leaves unchanged.
    """

    name: str
    form: str
    scope: tuple[str, str] | None = None
    premise: Term | str = TRUE
    body: Term = TRUE
    within: int = 0
    using: tuple[str, ...] | None = None

    def sentence(self) -> str:
        """Return the requirement in structured English."""
        if self.form == "unchanged":
            return f"{self.premise} shall leave {', '.join(self.using or ())} unchanged"
        if self.form == "recover":
            start = ".".join(self.scope) if self.scope else "anywhere"
            using = f" using {', '.join(self.using)}" if self.using else ""
            return f"from {start} one can always reach ({text(self.body)}){using}"
        if self.form == "reachable":
            assert self.scope is not None
            return f"mode {'.'.join(self.scope)} is reachable"
        where = f"in {'.'.join(self.scope)} mode " if self.scope else ""
        body = f"satisfy {text(self.body)}"
        if self.form in ("always", "never"):
            return f"{where}the device shall {self.form} {body}"
        premise = self.premise if isinstance(self.premise, str) else text(self.premise)
        if self.form == "whenever":
            return f"{where}whenever {premise} the device shall immediately {body}"
        if self.form == "eventually":
            return f"{where}whenever {premise} the device shall eventually {body}"
        if self.form == "for":
            return f"{where}upon {premise} the device shall for {self.within} s {body}"
        timing = f"within {self.within} s" if self.within else "immediately"
        return f"{where}upon {premise} the device shall {timing} {body}"


@dataclass(frozen=True)
class Device:
    """Everything together; ``events`` maps names to whether they are internal."""

    machines: tuple[Machine, ...]
    variables: tuple[Variable, ...] = ()
    inputs: tuple[Variable, ...] = ()
    events: dict[str, bool] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()

    def clocks(self) -> tuple[str, ...]:
        """Return the names of the clocks."""
        return tuple(item.name for item in self.variables if item.kind == "clock")

    def horizon(self) -> int:
        """Return the largest number of seconds that anything compares a clock with or sets one to."""
        terms = [prop.body for prop in self.properties]
        terms += [prop.premise for prop in self.properties if not isinstance(prop.premise, str)]
        found = {prop.within for prop in self.properties} | {
            item.high for item in self.variables if item.kind == "quantity"
        }
        for machine in self.machines:
            for mode in machine.modes:
                terms += [term for _, term in (*mode.entry, *mode.exit)]
                found |= {bound for _, bound in mode.stay}
            for transition in machine.transitions:
                terms += [transition.guard, *(term for _, term in transition.updates)]
        return max(found.union(*(constants(term) for term in terms)), default=0)

    def specification(self) -> str:
        """Return the device as the text of a specification (JSON, which is YAML)."""
        document: dict[str, Any] = {
            "stimproof": 1,
            "device": {"id": "plain", "name": "Plain"},
            "variables": {item.name: {**item.declaration(), **_initial(item)} for item in self.variables},
            "inputs": {item.name: item.declaration() for item in self.inputs},
            "events": {name: {"kind": "internal" if own else "input"} for name, own in self.events.items()},
            "machines": {machine.name: _machine(machine) for machine in self.machines},
            "properties": {prop.name: {"sentence": prop.sentence()} for prop in self.properties},
        }
        return json.dumps(document, indent=1)


def _initial(item: Variable) -> dict[str, Any]:
    if item.kind == "clock":
        return {}
    return {"initial": f"{item.initial} s" if item.kind == "quantity" else item.initial}


def _actions(given: tuple[tuple[str, Term], ...]) -> dict[str, str]:
    return {name: text(term) for name, term in given}


def _machine(machine: Machine) -> dict[str, Any]:
    return {
        "initial": list(machine.initial),
        "modes": {mode.name: _mode(mode) for mode in machine.modes},
        "transitions": [_transition(machine, transition) for transition in machine.transitions],
    }


def _mode(mode: Mode) -> dict[str, Any]:
    given: dict[str, Any] = {"entry": _actions(mode.entry), "exit": _actions(mode.exit)}
    if mode.stay:
        given["stay"] = " and ".join(f"{clock} <= {bound} s" for clock, bound in mode.stay)
    if mode.terminal:
        given["terminal"] = True
    return given


def _transition(machine: Machine, transition: Transition) -> dict[str, Any]:
    everywhere = set(transition.sources) == {mode.name for mode in machine.modes}
    given: dict[str, Any] = {
        "from": ANY if everywhere else list(transition.sources),
        "event": transition.event,
    }
    if transition.target is not None:
        given["to"] = transition.target
    if transition.guard != TRUE:
        given["guard"] = text(transition.guard)
    if transition.priority:
        given["priority"] = transition.priority
    return {**given, "do": _actions(transition.updates)}

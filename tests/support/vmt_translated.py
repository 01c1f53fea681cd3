"""Models as translators write them: every stream of a synchronous program, every bit of a program counter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vmt_models import Case, system


@dataclass
class Streams:
    """A synchronous program, in which each part of an expression is a state variable of its own.

    Expressions are SMT-LIB text over names of streams; ``~x`` is the value of ``x`` one instant before.
    """

    sorts: dict[str, str] = field(default_factory=dict)
    always: list[str] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)

    def free(self, name: str, sort: str) -> None:
        """Add an input, which is a state variable that nothing determines."""
        self.sorts[name] = sort

    def equal(self, name: str, sort: str, value: str) -> None:
        """Add a stream that equals an expression at every instant."""
        self.sorts[name] = sort
        self.always.append(f"(= {name} {value})")

    def either(self, name: str, sort: str, condition: str, one: str, other: str) -> None:
        """Add a stream that equals one of two expressions."""
        self.sorts[name] = sort
        parts = [f"(or (not {condition}) (= {name} {one}))", f"(or {condition} (= {name} {other}))"]
        (self.later if "~" in "".join(parts) else self.always).extend(parts)

    def memory(self, name: str, sort: str, begin: str, then: str) -> None:
        """Add a stream with a first value and one that follows from the instant before."""
        self.sorts[name] = sort
        self.first.append(f"(= {name} {begin})")
        self.later.append(f"(= {name} {then})")

    def text(self, claim: str) -> str:
        """Return the model; ``claim`` is the name of a Boolean stream."""

        def after(parts: Sequence[str]) -> list[str]:
            names = "|".join(sorted(self.sorts, key=len, reverse=True))
            primed = [re.sub(rf"(?<![\w~#.])({names})(?![\w.])", r"\1'", part) for part in parts]
            return [part.replace("~", "") for part in primed]

        init = f"(and true {' '.join([*self.always, *self.first])})"
        trans = f"(and true {' '.join([*self.always, *after(self.always), *after(self.later)])})"
        return system(self.sorts, init, trans, claim, style="__AT1")


def invalidation(*, broken: bool = False) -> str:
    """Return a cache protocol in which a write takes the line from all others; at most one line is dirty."""
    made = Streams()
    for name in ("read", "write", "evict"):
        made.free(name, "Bool")
    made.free("lines", "Int")
    made.memory("env", "Bool", "(> lines 0)", "~env")
    made.equal("alone", "Bool", "(or (not read) (not write))")
    for name in ("can_read", "can_write", "can_evict"):
        made.sorts[name] = "Bool"
        made.first.append(f"(not {name})")
    made.later += [
        "(= can_read (>= ~invalid 1))",
        "(= can_write (>= (+ ~invalid ~valid) 1))",
        "(= can_evict (>= ~dirty 1))",
    ]
    counts = {
        "invalid": ("lines", "(- ~invalid 1)", "(- (+ ~invalid (+ ~valid ~dirty)) 1)", "(+ ~invalid 1)"),
        "valid": ("0", "(+ ~valid 1)", "0", "~valid"),
        "dirty": ("0", "~dirty", "(+ ~dirty 1)" if broken else "1", "(- ~dirty 1)"),
    }
    for name, (begin, read, write, evict) in counts.items():
        made.either(f"{name}.e", "Int", "(and evict can_evict)", evict, f"~{name}")
        made.either(f"{name}.w", "Int", "(and write can_write)", write, f"{name}.e")
        made.either(f"{name}.r", "Int", "(and read can_read)", read, f"{name}.w")
        made.memory(name, "Int", begin, f"{name}.r")
    made.equal("error", "Bool", "(>= dirty 2)")
    made.memory("sofar", "Bool", "(and alone env)", "(and ~sofar alone env)")
    made.equal("ok", "Bool", "(or (not sofar) (not error))")
    return made.text("ok")


def ages(*, broken: bool = False) -> str:
    """Return two counters of how long a signal has held; the one that also waits for another is no older."""
    made = Streams()
    made.free("p", "Bool")
    made.free("q", "Bool")
    for name, signal in (("one", "~p"), ("two", "~q" if broken else "(and ~p ~q)")):
        made.either(f"{name}.x", "Int", signal, f"(+ ~{name} 1)", "0")
        made.memory(name, "Int", "0", f"{name}.x")
    made.equal("ok", "Bool", "(<= two one)")
    return made.text("ok")


Edge = tuple[int, str, dict[str, str], int]
"""A step of a program: from where, under which condition, what is assigned, to where."""


def program(names: Sequence[str], edges: Sequence[Edge], error: int, sort: str = "Int") -> str:
    """Return a program that begins at place 0; its place is told by bits, one implication for each edge."""
    places = sorted({place for edge in edges for place in (edge[0], edge[3])} | {0, error})
    width = max(places).bit_length()

    def at(place: int, mark: str) -> str:
        bits = [f".s.{k}{mark}" if place >> k & 1 else f"(not .s.{k}{mark})" for k in range(width)]
        return f"(and {' '.join(bits)})"

    moves = []
    ends = [place for place in places if all(edge[0] != place for edge in edges)]
    for begin, condition, assigned, end in [
        *edges,
        *((place, "true", dict[str, str](), place) for place in ends),
    ]:
        sets = [f"(= {name}' {assigned.get(name, name)})" for name in names]
        moves.append(
            f"(or (not (and {at(begin, '')} {condition})) (and {at(end, chr(39))} {' '.join(sets)}))"
        )
    state = {f".s.{k}": "Bool" for k in range(width)} | dict.fromkeys(names, sort)
    return system(state, at(0, ""), f"(and {' '.join(moves)})", f"(not {at(error, '')})")


def two_loops(limit: int, *, broken: bool = False) -> str:
    """Return a program that counts up and then down again; it never goes below zero."""
    back = f"(<= i {limit})" if broken else f"(< i {limit})"
    edges: list[Edge] = [
        (0, "true", {"i": "0", "k": "0"}, 1),
        (1, f"(< i {limit})", {"i": "(+ i 1)", "k": "(+ k 1)"}, 1),
        (1, f"(not (< i {limit}))", {"i": "0"}, 2),
        (2, back, {"i": "(+ i 1)", "k": "(- k 1)"}, 3),
        (2, f"(not {back})", {}, 4),
        (3, "(>= k 0)", {}, 2),
        (3, "(not (>= k 0))", {}, 5),
    ]
    return program(["i", "k"], edges, 5)


def cases() -> Iterator[Case]:
    """Yield models of both kinds with their verdicts."""
    yield Case("invalidation-safe", invalidation(), safe=True)
    yield Case("invalidation-unsafe", invalidation(broken=True), safe=False, length=2)
    yield Case("ages-safe", ages(), safe=True)
    yield Case("ages-unsafe", ages(broken=True), safe=False, length=1)
    yield Case("two-loops-safe", two_loops(4), safe=True)
    yield Case("two-loops-unsafe", two_loops(8, broken=True), safe=False)

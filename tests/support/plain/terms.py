"""Terms of the plain description: nested tuples, their value, and their text in the specification language.

``("truth", b)``, ``("whole", n)``, ``("member", m)`` and ``("seconds", n)`` are constants, ``("name", x)`` is
a variable, an input, or a machine (its mode), and ``(operator, a, b, …)`` applies an operator.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

Term = tuple[Any, ...]
TRUE: Term = ("truth", True)
_CONSTANTS = ("truth", "whole", "member", "seconds")


def value(term: Term, state: Mapping[str, Any]) -> Any:
    """Return the value of a term; integers, truth values, members, and seconds as rationals."""
    head, *rest = term
    if head in _CONSTANTS:
        return Fraction(rest[0]) if head == "seconds" else rest[0]
    if head == "name":
        return state[rest[0]]
    if head == "and":
        return all(value(part, state) for part in rest)
    if head == "or":
        return any(value(part, state) for part in rest)
    if head == "ite":
        return value(rest[1], state) if value(rest[0], state) else value(rest[2], state)
    return _APPLY[head](*(value(part, state) for part in rest))


_APPLY: dict[str, Callable[..., Any]] = {
    "not": lambda a: not a,
    "implies": lambda a, b: b if a else True,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: b < a,
    ">=": lambda a, b: b <= a,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "mod": lambda a, b: a - b * (a // b),
    "max": max,
    "min": min,
    "abs": abs,
}


def text(term: Term) -> str:
    """Return the term as an author would write it, with more parentheses than needed."""
    head, *rest = term
    if head == "truth":
        return "true" if rest[0] else "false"
    if head == "seconds":
        return f"{rest[0]} s"
    if head in ("whole", "member", "name"):
        return str(rest[0])
    parts = [text(part) for part in rest]
    if head in ("ite", "max", "min", "abs"):
        return f"{head}({', '.join(parts)})"
    if head == "not":
        return f"not ({parts[0]})"
    return f" {head} ".join(f"({part})" for part in parts)


def constants(term: Term) -> set[int]:
    """Return every number of seconds that a term mentions."""
    head, *rest = term
    if head == "seconds":
        return {rest[0]}
    return set() if head in (*_CONSTANTS, "name") else set().union(*(constants(part) for part in rest))


def names(term: Term) -> set[str]:
    """Return every name that a term mentions."""
    head, *rest = term
    if head == "name":
        return {rest[0]}
    return set() if head in _CONSTANTS else set().union(*(names(part) for part in rest))

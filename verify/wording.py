"""Reasons and values that say the same of several names, said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ABOUT = re.compile(r"\Athe (?P<what>[a-z ]+) of (?P<name>'[^']+') (?P<said>is not stated|has no source)\Z")
_CONTACT = re.compile(r"\A(?P<what>.+) on contact (?P<index>[0-9]+)\Z")
_MANY = {"is not stated": "are not stated", "has no source": "have no source"}


def together(reasons: Iterable[str]) -> str:
    """Return all reasons, separated; those that differ in one name alone are one, where the first stands.

    >>> together(["the tolerance of 'a' is not stated", "no area", "the tolerance of 'b' is not stated"])
    "the tolerances of 'a' and 'b' are not stated; no area"
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for reason in reasons:
        about = _ABOUT.match(reason)
        key = (about["what"], about["said"]) if about else (reason, "")
        groups.setdefault(key, []).append(about["name"] if about else "")
    return "; ".join(_said(*key, names) for key, names in groups.items())


def _said(what: str, said: str, names: list[str]) -> str:
    if not said:
        return what
    names = list(dict.fromkeys(names))
    if len(names) == 1:
        return f"the {what} of {names[0]} {said}"
    return f"the {_plural(what)} of {counted(names)} {_MANY[said]}"


def _plural(what: str) -> str:
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"


def equations(pairs: Iterable[tuple[str, str]]) -> str:
    """Return ``name = value`` for each; contacts that carry the same are counted up once.

    >>> equations([("charge on contact 1", "9 uC"), ("charge on contact 2", "9 uC"), ("limit", "30 uC")])
    'charge on contacts 1 and 2 = 9 uC each, limit = 30 uC'
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name, value in pairs:
        contact = _CONTACT.match(name)
        key = (contact["what"], value) if contact else (name, value)
        groups.setdefault(key, []).append(contact["index"] if contact else "")
    return ", ".join(_equation(name, value, indices) for (name, value), indices in groups.items())


def _equation(name: str, value: str, indices: list[str]) -> str:
    sign, text = ("≈", value[1:]) if value.startswith("≈") else ("=", value)
    if not indices[0]:
        return f"{name} {sign} {text}"
    if len(indices) == 1:
        return f"{name} on contact {indices[0]} {sign} {text}"
    return f"{name} on contacts {counted(indices)} {sign} {text} each"


def counted(names: Sequence[str]) -> str:
    """Return names as one counts them up: ``a, b and c``."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last

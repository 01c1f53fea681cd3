"""YAML as events with their places: by libyaml's parser where it surely agrees, else by ruamel.yaml's.

libyaml is some twenty times as fast and reads YAML 1.1, ruamel.yaml reads 1.2 and explains errors. What they
read differently is known: other line breaks, tabs, directives and marks of documents, complex keys, values
that are left out, and texts that one of them refuses. Such texts are left to ruamel.yaml.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

# A tab, a line break that is one in YAML 1.1 alone, a directive, an exclamation mark that may be a tag, a
# question mark where a complex key may begin; and in front of the second document, where ruamel.yaml has its
# own message. What other signs mean, libyaml's events tell.
_UNSURE = re.compile(
    "[\\t\\r\\x85\\u2028\\u2029\\ufeff]|^%|^---|^\\.\\.\\.|!(?!=)|[|>][-+0-9]*#"
    "|(?<![^\\s\\[\\]{},])\\?|\\?(?![^\\s\\[\\]{},])",
    re.MULTILINE,
)

_DEEPEST = 100  # libyaml's time grows with the square of the depth
_DEEPER = {
    yaml.SequenceStartEvent: 1,
    yaml.MappingStartEvent: 1,
    yaml.SequenceEndEvent: -1,
    yaml.MappingEndEvent: -1,
}


def events(text: str) -> Iterator[Any]:
    """Return the events of a YAML text; each has its kind as class name, and ``start_mark``.

    Raises:
        YAMLError: of ruamel.yaml, while the events are taken.
    """
    # Two passes cost less than keeping the events of one.
    return _by_libyaml(text) if not _UNSURE.search(text) and _sure(text) else _by_ruamel(text)


def _by_libyaml(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=yaml.CSafeLoader))


def _sure(text: str) -> bool:
    """Return whether libyaml can read a text: no value is left out or named, and nesting is not absurd."""
    depth = 0
    try:
        for event in _by_libyaml(text):
            kind = type(event)
            if kind is yaml.AliasEvent or getattr(event, "anchor", None) or getattr(event, "tag", None):
                return False
            if kind is yaml.ScalarEvent:
                if _left_out(event):
                    return False
            else:
                depth += _DEEPER.get(kind, 0)
                if depth > _DEEPEST:
                    return False
    except yaml.YAMLError:
        return False
    return True


def _left_out(event: yaml.ScalarEvent) -> bool:
    """Return whether a value is left out; the parsers place it differently."""
    return not event.value and not event.style


def _by_ruamel(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    yield from YAML(typ="safe", pure=True).parse(text)

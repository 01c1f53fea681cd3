"""The manual's page of a reference device: what it is, what came out, and what a maker would do about it."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from stimproof.specs.specification import Specification
from stimproof.verify.results import Result, Setting, Verdict, Verification

LIBRARY = Path(str(files("stimproof.specs"))) / "library"
DEVICES = tuple(sorted(folder.name for folder in LIBRARY.iterdir() if (folder / "specs").is_dir()))
_WIDTH = 132
_CONFIDENCES = ("seen", "derived", "recalled", "uncertain", "unknown")


def page(found: Verification) -> str:
    """Return the page as reStructuredText."""
    return "\n".join(_lines(found)).rstrip() + "\n"


def _lines(found: Verification) -> Iterator[str]:
    specification = found.specification
    device = specification.device
    yield from (device.name, "=" * len(device.name), "")
    yield from _paragraph(device.description)
    yield from _paragraph(f"*Intended use.* {device.intended_use}", escape=False)
    yield from _paragraph(_basis(specification), escape=False)
    counts = Counter(result.verdict for result in found.results)
    words = ", ".join(f"{counts[verdict]} {verdict.title}" for verdict in Verdict if counts[verdict])
    yield from _paragraph(
        f"``stimproof verify {device.id}`` decides {len(found.results)} obligations: {words}.", escape=False
    )
    yield from _section("What is refuted", found, Verdict.REFUTED)
    yield from _section("What nobody knows", found, Verdict.UNKNOWN)
    yield from _section("What does not apply", found, Verdict.NOT_APPLICABLE)
    yield from _proved(found)


def _basis(specification: Specification) -> str:
    """Say how sure the numbers are, and what is taken over from another device."""
    counts = Counter(citation.confidence for _, _, citation, _ in specification.numbers)
    words = ", ".join(f"{counts[name]} {name}" for name in _CONFIDENCES if counts[name])
    text = f"Of its numbers, {words}."
    extension = specification.extension
    if extension is not None:
        changed = len(extension.overridden)
        text += f" It extends :doc:`{extension.device}` and changes {changed} values of it."
    return text


def _section(title: str, found: Verification, verdict: Verdict) -> Iterator[str]:
    chosen = [result for result in found.results if result.verdict is verdict]
    if not chosen:
        return
    yield from (title, "-" * len(title), "")
    for result in chosen:
        yield f"``{result.obligation.id}``"
        yield from _indented(_sentence(found.specification, result))
        yield from _indented(_why(result))
        advice = advice_for(found.specification, result)
        if advice:
            yield from _indented(f"*What a maker would do:* {_plain(advice)}")
        yield ""


def _item(specification: Specification, result: Result) -> tuple[str, str]:
    """Return what the author says of a limit or property, and what to do if it is refuted."""
    section, _, name = result.obligation.id.partition(".")
    items = {"limits": specification.limits, "properties": specification.properties}.get(section, {})
    item = items.get(name)
    return (item.doc, item.if_refuted) if item is not None else ("", "")


def advice_for(specification: Specification, result: Result) -> str:
    """Return in a sentence what a maker would do about a refutation."""
    return _item(specification, result)[1] if result.verdict is Verdict.REFUTED else ""


def _sentence(specification: Specification, result: Result) -> str:
    return _plain(_item(specification, result)[0] or _closed(result.obligation.statement))


def _closed(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _why(result: Result) -> str:
    shown = result.counterexample
    reason = _plain(_closed(result.reason)) if result.reason else ""
    if shown is None:
        return reason
    what = "" if isinstance(shown, Setting) else f"In {shown.length} step{'s' * (shown.length != 1)}: "
    return _plain(_closed(what + shown.explanation))


def _proved(found: Verification) -> Iterator[str]:
    proved = [result for result in found.results if result.verdict is Verdict.PROVED]
    told = [result for result in proved if result.obligation.id.split(".")[0] in ("limits", "properties")]
    title = "What is proved"
    yield from (title, "-" * len(title), "")
    for result in told:
        text = f"``{result.obligation.id}``: {_sentence(found.specification, result)}"
        yield from textwrap.wrap(text, _WIDTH, initial_indent="* ", subsequent_indent="  ", **_WHOLE)
    rest = len(proved) - len(told)
    if rest:
        yield from ("", f"And {rest} claims that are made of every machine: :doc:`/machines`.")


_WHOLE = {"break_long_words": False, "break_on_hyphens": False}


def _paragraph(text: str, *, escape: bool = True) -> Iterable[str]:
    text = " ".join(text.split())
    return [*textwrap.wrap(_plain(text) if escape else text, _WIDTH, **_WHOLE), ""]


def _indented(text: str) -> Iterator[str]:
    if text:
        yield from textwrap.wrap(text, _WIDTH, initial_indent="   ", subsequent_indent="   ", **_WHOLE)
        yield ""


def _plain(text: str) -> str:
    """Return text with nothing in it that reStructuredText would read as its own."""
    return re.sub(r"([\\*`|_])", r"\\\1", text)

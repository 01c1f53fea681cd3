"""Counterexamples and witnesses as tables that a firmware engineer can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, code, join, row, table, tag
from stimproof.dossier.parts import timeline
from stimproof.specs.quantities import si_unit
from stimproof.verify.results import Setting, Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.dossier.view import View


def run(view: View, shown: Setting | Trace, *, fails: bool) -> Markup:
    """Return a counterexample (``fails``) or a witness as readable markup."""
    head = tag("p", shown.explanation, class_="stim-explanation") if shown.explanation else None
    body = (
        _setting(view, shown) if isinstance(shown, Setting) else timeline.table_of(view, shown, fails=fails)
    )
    return join((head, body, _origin(view, shown)))


def in_short(trace: Trace) -> str:
    """Return what happens in a run, from the first event to the last."""
    happens = [
        f"wait {step.delay}" if step.event == timeline.TIME else str(step.event) for step in trace.steps[1:]
    ]
    return " → ".join(happens) or "in the initial state"


def _origin(view: View, shown: Setting | Trace) -> Markup:
    replayed = (
        "Replayed by the interpreter, which shares no code with the solver's encoding."
        if shown.replayed
        else "Not replayed: treat it as a hint, not as evidence."
    )
    link = join((" Exact values: ", view.evidence(shown.file), ".")) if shown.file else None
    return tag("p", replayed, link, class_="stim-note")


def _setting(view: View, setting: Setting) -> Markup:
    programmed = table(
        ("Programmed parameter", "Value", "Exact (SI)"),
        [
            row(view.link("parameter", name), tag("strong", value), _exact(view, setting, name))
            for name, value in setting.values
        ],
        label="programmed setting",
    )
    follows = table(
        ("What follows from it", "Value"),
        [row(name, tag("strong", value)) for name, value in setting.computed],
        label="what follows from the setting",
    )
    return tag("div", programmed, follows if setting.computed else None, class_="stim-pair")


def _exact(view: View, setting: Setting, name: str) -> Markup | None:
    """Return the exact value of a parameter with its SI unit; nothing for a value as delivered."""
    value, parameter = dict(setting.exact).get(name), view.spec.parameters.get(name)
    if value is None or parameter is None:
        return None
    return code(f"{value} {si_unit(parameter.unit.dimension).text}".rstrip())


def visited(trace: Trace, machine: str) -> Iterator[str]:
    """Yield the modes of one machine along a run."""
    return (mode for step in trace.steps for name, mode in step.state if name == machine)

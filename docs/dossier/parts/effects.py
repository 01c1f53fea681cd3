"""What removing a risk control from the model shows, and the run that the control prevents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, breakable, bullets, facts, join, muted, tag
from stimproof.dossier.parts import timeline
from stimproof.verify.effects import Effect
from stimproof.verify.results import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stimproof.dossier.view import View
    from stimproof.verify.effects import AblationResult
    from stimproof.verify.results import Setting

FEW = 2
"""More removed elements than these are folded away."""
_STYLES = {
    Effect.EFFECTIVE: "stim-proved",
    Effect.REDUNDANT: "stim-unknown",
    Effect.INSUFFICIENT: "stim-refuted",
    Effect.UNKNOWN: "stim-unknown",
}


def effects(view: View, control: str, effect: str) -> Markup:
    """Return the effect of a control over all that it serves, and what was found for each obligation."""
    told = next((item for item in Effect if item.value == effect), None)
    whole = muted(effect) if told is None else tag("span", effect, class_=f"stim-badge {_STYLES[told]}")
    ablation = view.inputs.ablation
    tried = ablation.of(control) if ablation is not None else ()
    if ablation is None or not tried:
        return whole
    shown = {result.obligation.id: result.counterexample for result in ablation.found.get(control, ())}
    each = [_one(view, item, shown.get(item.obligation)) for item in tried]
    return join((whole, tag("div", _removed(tried[0].elements), class_="stim-note"), *each))


def _removed(elements: Sequence[str]) -> Content:
    """Return what was removed for the trial; many elements are folded away."""
    if len(elements) <= FEW:
        names = join(map(breakable, elements), ", ")
        return join(("tried without ", names)) if elements else "tried as it stands"
    listed = [tag("div", breakable(name)) for name in elements]
    return tag("details", tag("summary", f"tried without {len(elements)} elements"), *listed)


def _one(view: View, item: AblationResult, shown: Setting | Trace | None) -> Markup:
    line = tag("div", view.link("obligation", item.obligation), ": ", item.meaning)
    if shown is None:
        return line
    what = timeline.table_of(view, shown, fails=True) if isinstance(shown, Trace) else _setting(shown)
    summary = "what it prevents" if item.effect is Effect.EFFECTIVE else "how it breaks without it"
    return join((line, tag("details", tag("summary", summary), what)))


def _setting(shown: Setting) -> Markup:
    return join((facts(shown.values), bullets([f"{name}: {value}" for name, value in shown.computed])))

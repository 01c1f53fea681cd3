"""Where the controls are weaker than they look: single barriers, common causes, circles, mere information."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx

from stimproof.hazards.barriers import Foundations, least_cut
from stimproof.hazards.matrix import Acceptability
from stimproof.hazards.measures import PRIORITY
from stimproof.hazards.nodes import EdgeKind, Graph, Node, NodeKind
from stimproof.specs.findings import Code, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.hazards.document import Harm
    from stimproof.hazards.risk_file import RiskFile

_DESIGN, _, _INFORMS = PRIORITY


@dataclass(frozen=True, slots=True)
class Way:
    """From a cause through a situation to a harm, with the controls that stand on it."""

    cause: str
    situation: str
    harm: str
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Weaknesses:
    """Looks for weak spots in one graph."""

    risk_file: RiskFile
    graph: Graph

    def find(self) -> Iterator[Finding]:
        """Yield every weak spot."""
        for situation in self.risk_file.situations:
            yield from self._barriers(situation)
        yield from self._common_causes()
        yield from self._circles()
        yield from self._informing()

    @cached_property
    def foundations(self) -> Foundations:
        """On what each control stands."""
        return Foundations(self.risk_file.controls)

    @cached_property
    def _stops(self) -> Mapping[str, tuple[str, ...]]:
        """The controls that stop each cause, situation and harm."""
        found: dict[str, list[str]] = {}
        for name, control in self.risk_file.controls.items():
            for stopped in control.stops:
                found.setdefault(stopped, []).append(name)
        return {name: tuple(controls) for name, controls in found.items()}

    def ways(self, situation: str) -> Iterator[Way]:
        """Yield every way through a situation on which at least one control stands."""
        harms = [
            end.id for end in self.graph[Node(NodeKind.SITUATION, situation)] if end.kind is NodeKind.HARM
        ]
        for cause in self.risk_file.situations[situation].causes:
            for harm in harms:
                passed = (self._stops.get(name, ()) for name in (cause, situation, harm))
                controls = tuple(dict.fromkeys(name for names in passed for name in names))
                if controls:
                    yield Way(cause, situation, harm, controls)

    def independent(self, way: Way) -> frozenset[str]:
        """Return a least set of failures that opens a way."""
        return least_cut(self.foundations.of(name) for name in way.controls)

    def _barriers(self, situation: str) -> Iterator[Finding]:
        """Yield the weakest way through a situation, where it is too weak for its harm."""
        if self.risk_file.situations[situation].elsewhere is not None:
            return
        short: list[tuple[int, int, Way, frozenset[str]]] = []
        for way in self.ways(situation):
            cut, wanted = self.independent(way), self._wanted(self.risk_file.harms[way.harm])
            if len(cut) < max(wanted, 2 if self._grave(way.harm) else 1):
                short.append((len(cut) - wanted, len(cut), way, cut))
        if not short:
            return
        lacking, number, way, cut = min(short, key=lambda item: item[:2])
        told = f"between {way.cause} and {way.harm} in the situation {situation}"
        if lacking < 0:
            yield Finding(
                Code.TOO_FEW_BARRIERS,
                self.risk_file.at("situations", situation),
                f"{told} the policy demands {number - lacking} independent barriers and there "
                f"{'is' if number == 1 else 'are'} {number}: {', '.join(sorted(cut))}",
                "add a control that shares nothing with these",
            )
        else:
            yield Finding(
                Code.SINGLE_BARRIER,
                self.risk_file.at("situations", situation),
                f"{told} one failure leaves nothing: {', '.join(cut)}",
                "add an independent control, or state under 'policy: barriers:' that one is enough",
            )

    def _wanted(self, harm: Harm) -> int:
        policy = self.risk_file.policy
        return policy.barriers.get(harm.severity.level, 0) if policy is not None else 0

    def _grave(self, harm: str) -> bool:
        """Return whether a harm is one that the policy may find unacceptable, and sets no number for."""
        severity = self.risk_file.harms[harm].severity.level
        stated = self.risk_file.policy is not None and severity in self.risk_file.policy.barriers
        return not stated and self.risk_file.matrix.evaluate(severity, None) is Acceptability.UNACCEPTABLE

    def _common_causes(self) -> Iterator[Finding]:
        """Yield each pair of controls on one way that one failure takes."""
        seen: set[tuple[str, str]] = set()
        for situation in self.risk_file.situations:
            for way in self.ways(situation):
                seen.update(pair for pair in combinations(way.controls, 2) if pair[::-1] not in seen)
        for one, other in sorted(seen):
            shared = self.foundations.shared(one, other)
            if shared:
                yield Finding(
                    Code.COMMON_CAUSE,
                    max(self.risk_file.at("controls", one), self.risk_file.at("controls", other)),
                    f"the controls {one} and {other} stand on one way and share {', '.join(shared)}",
                    "they count as one barrier; let one of them rest on something else",
                )

    def _circles(self) -> Iterator[Finding]:
        """Yield each circle of controls or evidence that rest on, or bring about, each other."""
        rests: nx.DiGraph[Node] = nx.DiGraph()
        for start, end, kind in self.graph.edges(keys=True):
            if kind is EdgeKind.RELIED:
                rests.add_edge(start, end)
        for name, control in self.risk_file.controls.items():
            for raised in control.raises:
                for stopper in self._stops.get(raised, ()):
                    rests.add_edge(Node(NodeKind.CONTROL, stopper), Node(NodeKind.CONTROL, name))
        for circle in nx.strongly_connected_components(rests):
            names = sorted(circle)
            if len(names) > 1 or rests.has_edge(names[0], names[0]):
                section = "controls" if names[0].kind is NodeKind.CONTROL else "evidence"
                places = [self.risk_file.at(section, node.id) for node in names]
                told = ", ".join(node.id for node in names)
                yield Finding(
                    Code.CIRCULAR,
                    min(places),
                    f"these rest on each other in a circle: {told}",
                    "rest one of them on something outside the circle",
                )

    def _informing(self) -> Iterator[Finding]:
        """Yield controls that only inform about a situation that design could control."""
        for name, control in self.risk_file.controls.items():
            if control.kind != _INFORMS:
                continue
            for situation in self._concerned(name):
                option = self._design_option(situation)
                if option:
                    yield Finding(
                        Code.ONLY_INFORMS,
                        self.risk_file.at("controls", name, "kind"),
                        f"the control {name} only informs about {situation}; the catalogue knows one by "
                        f"design: {option}",
                        "control it by design or by a protective measure; the information may stay beside it",
                    )
                    break

    def _concerned(self, control: str) -> tuple[str, ...]:
        """Return the situations on whose ways a control stands."""
        stopped = set(self.risk_file.controls[control].stops)
        return tuple(
            name
            for name, situation in self.risk_file.situations.items()
            if stopped & {name, *situation.causes, *self._harms_of(name)}
        )

    def _harms_of(self, situation: str) -> tuple[str, ...]:
        ends = self.graph[Node(NodeKind.SITUATION, situation)]
        return tuple(end.id for end in ends if end.kind is NodeKind.HARM)

    def _design_option(self, situation: str) -> str:
        """Return the catalogue's control by design that nothing in the file stands for."""
        for hazard in self.risk_file.situations[situation].hazards:
            catalogued = self.risk_file.hazards[hazard].catalogue
            option = self.risk_file.catalogue.hazards[catalogued].design if catalogued else ""
            controls = {name for way in self.ways(situation) for name in way.controls}
            if option and all(self.risk_file.controls[name].kind == _INFORMS for name in controls):
                return option
        return ""

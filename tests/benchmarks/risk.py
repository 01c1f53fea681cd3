"""How long a large risk file takes: python tests/benchmarks/risk.py [ITEMS]

Prints CPU seconds and the peak of memory for a made-up risk file of 10,000 items: reading, building the
graph, tracing with all analyses, and writing the hazard trace matrix as HTML, next to a bare traversal of the
same graph by networkx; then one changed control, analysed again.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx

from stimproof.dossier.book import Book
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts.matrix import matrix
from stimproof.dossier.view import View
from stimproof.hazards.graph import build
from stimproof.hazards.neighbourhood import neighbourhood
from stimproof.hazards.reader import read_folder
from stimproof.hazards.trace import trace
from stimproof.specs.reader import read_string
from stimproof.verify.results import Verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from stimproof.specs.specification import Specification

DEVICE = """\
stimproof: 1
device: {id: toy, name: Toy stimulator, component: ipg}
variables:
  output_on: {type: boolean, initial: false}
events: {start: {}, stop: {}}
machines:
  ipg:
    initial: OFF
    modes: {OFF: {entry: {output_on: false}}, ON: {entry: {output_on: true}}}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop, name: stopping}
properties:
  stops: {sentence: "upon stop the ipg shall immediately satisfy output_on == false"}
"""
HEAD = """\
stimproof: 1
risk_file:
  device: toy
  edition: "ISO 14971:2019"
  severities: {minor: "passes without treatment", critical: "permanent impairment"}
  probabilities: {remote: "unlikely", frequent: "often"}
  acceptability: {minor: [acceptable, reduce], critical: [reduce, unacceptable]}
sources:
  made_up: {title: "made up"}
  other: {title: "made up as well"}
  third: {title: "the third"}
"""
BLOCK = 400
PER_HAZARD = 10
_CONTROL = "kind: inherent safety by design, raises_none: none, elements: [machines.ipg.transitions.stopping]"


def write(folder: Path, items: int) -> None:
    """Write a risk file of so many items, with three times as many links, in several files."""
    drawn = random.Random(1)
    number = items // PER_HAZARD
    (folder / "head.yaml").write_text(HEAD, encoding="utf-8")
    for first in range(0, number, BLOCK):
        sections: dict[str, list[str]] = {
            name: [] for name in ("causes", "hazards", "situations", "harms", "controls", "requirements")
        }
        for item in range(first, min(first + BLOCK, number)):
            _hazard(sections, item, drawn.randrange(number))
        text = "".join(f"{name}:\n" + "".join(lines) for name, lines in sections.items())
        (folder / f"part{first:06}.yaml").write_text("stimproof: 1\n" + text, encoding="utf-8")


def _hazard(sections: dict[str, list[str]], item: int, other: int) -> None:
    """Add a hazard with what leads to and from it, tied to another hazard's."""
    sections["hazards"].append(f"  h{item}: {{hazard: hazard {item}}}\n")
    sections["harms"].append(
        f"  m{item}: {{harm: harm {item}, situations: [s{item}_0, s{item}_1, s{other}_0], "
        "severity: {level: minor, confidence: seen, source: third}, "
        "residual: {level: remote, confidence: seen, source: [made_up, other]}}\n"
    )
    for side in (0, 1):
        sections["causes"].append(f"  c{item}_{side}: {{event: event {item} {side}}}\n")
        sections["situations"].append(
            f"  s{item}_{side}: {{hazard: [h{item}], situation: situation {item} {side}, "
            f"causes: [c{item}_0, c{item}_1, c{other}_{side}], "
            "p1: {level: remote, confidence: seen, source: [made_up, other]}}\n"
        )
        sections["controls"].append(
            f"  k{item}_{side}: {{control: control {item} {side}, stops: [c{item}_{side}, s{item}_{side}, "
            f"c{other}_{1 - side}], requirements: [r{item}_{side}], {_CONTROL}}}\n"
        )
        sections["requirements"].append(
            f"  r{item}_{side}: {{text: requirement {item} {side}, verified_by: [properties.stops]}}\n"
        )


def html(specification: Specification, folder: Path) -> tuple[int, int]:
    """Read, trace and write the matrix; return how many rows and how many characters it has."""
    risk_file = read_folder(folder, specification)
    report = trace(risk_file)
    inputs = DossierInputs(specification, Verification(specification, (), {}, ""), risk_file, report)
    return len(report.rows), len(matrix(View(inputs, Book(inputs, ()), "matrix")))


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def traversal(graph: nx.DiGraph) -> int:
    """Visit every node from every hazard, and nothing more."""
    starts = [node for node in graph if node.kind == "hazard"]
    return sum(len(nx.descendants(graph, node)) for node in starts)


def main(items: int) -> None:
    """Print the figures."""
    specification = read_string(DEVICE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, items)
        print(f"all, with HTML  {seconds(lambda: print(html(specification, folder))):6.2f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"peak of memory  {peak // 1024:6} MB")
        risk_file = read_folder(folder, specification)
        graph = build(risk_file)
        print(f"{len(graph)} nodes, {graph.number_of_edges()} links")
        print(f"read            {seconds(lambda: read_folder(folder, specification)):6.2f} s")
        print(f"graph           {seconds(lambda: build(risk_file)):6.2f} s")
        print(f"trace           {seconds(lambda: trace(risk_file)):6.2f} s")
        print(f"one item again  {seconds(lambda: neighbourhood(risk_file, ['k5_0']).retrace()):6.2f} s")
        print(f"bare traversal  {seconds(lambda: traversal(graph)):6.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

"""A dossier with every kind of evidence, built once, and ways to tamper with a copy of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stimproof.dossier.build import build
from stimproof.dossier.inputs import DossierInputs
from stimproof.hazards.effectiveness import ablations
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.verify.ablation import ablate
from stimproof.verify.run import verify

SPECIFICATION = """\
stimproof: 1
device: {id: audited, name: Audited stimulator, component: ipg}
sources:
  manual: {title: "A made-up manual"}
electrodes:
  contact:
    geometry:
      shape: cylinder
      diameter: {value: 1.27 mm, source: manual, confidence: seen}
      length: {value: 1.5 mm, source: manual, confidence: uncertain}
    area_tolerance: {value: 5 %, source: manual, confidence: seen}
    material: {value: Pt/Ir, source: manual, confidence: seen}
    tissue: {value: brain, source: manual, confidence: seen}
parameters:
  amplitude:
    range: [0 mA, 5 mA]
    step: 0.1 mA
    default: 0 mA
    tolerance: {value: 5 %, source: manual, confidence: seen}
    source: manual
    confidence: seen
  pulse_width:
    range: [60 us, 450 us]
    step: 10 us
    tolerance: {value: 2 %, source: manual, confidence: seen}
    source: manual
    confidence: seen
  rate:
    range: [2 Hz, 250 Hz]
    step: 1 Hz
    tolerance: {value: 0 %, source: manual, confidence: seen}
    source: manual
    confidence: seen
stimuli:
  therapy:
    electrode: contact
    amplitude: amplitude
    pulse_width: pulse_width
    frequency: rate
    waveform:
      phases: [{polarity: cathodic}, {polarity: anodic}]
      interphase_gap: {value: 50 us, source: manual, confidence: seen}
      source: manual
      confidence: seen
interlocks:
  cap: {claim: "amplitude * pulse_width <= 1 uC", source: manual, confidence: seen}
limits:
  charge: {law: charge_per_phase, stimulus: therapy, limit: 3 uC, source: manual, confidence: seen}
  density: {law: charge_density, stimulus: therapy, limit: 30 uC/cm^2, source: manual, confidence: seen}
  tight: {law: charge_density, stimulus: therapy, limit: 10 uC/cm^2, source: manual, confidence: seen}
  line: {law: shannon, stimulus: therapy, limit: 1.85, source: manual, confidence: seen}
  capacity: {law: charge_injection_capacity, stimulus: therapy, limit: unknown}
variables:
  output_on: {type: boolean, initial: false}
  count: {type: integer, range: [0, 3], overflow: wrap, initial: 0}
  t: {type: clock}
events:
  start: {}
  stop: {}
  timeout: {kind: internal}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true, t: 0 s}, stay: "t <= 5 s"}
      LOST: {}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
      - {from: ON, to: OFF, event: timeout, guard: "t == 5 s", do: {count: "count + 1"}}
      - {from: LOST, to: OFF, event: stop}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  stops: {sentence: "upon stop the ipg shall within 100 ms satisfy output_on == false"}
  counts: {sentence: "the ipg shall always satisfy count <= 1"}
"""

RISK = """\
stimproof: 1
risk_file:
  device: audited
  edition: "ISO 14971:2019"
  severities: {serious: "needs treatment"}
  probabilities: {frequent: "often"}
  acceptability: {serious: [unacceptable]}
causes: {left_on: {event: the output is left on}, joint: {event: both are high}}
hazards: {strong: {hazard: over-stimulation, catalogue: H01}}
situations: {shocked: {hazard: strong, situation: it is too strong, causes: [left_on, joint]}}
harms: {pain: {harm: pain, situations: [shocked], severity: {level: serious, confidence: judgement}}}
controls:
  off_is_off: {control: off ends the output, kind: inherent safety by design, stops: [left_on],
    elements: [machines.ipg.modes.OFF.entry], requirements: [R_off]}
  charge_capped: {control: the charge is capped, kind: inherent safety by design, stops: [joint],
    elements: [interlocks.cap], requirements: [R_density]}
  timed_out: {control: it times out, kind: inherent safety by design, stops: [left_on],
    elements: [machines.ipg.transitions.T3], requirements: [R_off]}
requirements:
  R_off: {text: off means off, verified_by: [properties.quiet]}
  R_density: {text: the density is bounded, verified_by: [limits.density]}
"""

Edit = Callable[[str], str]


def write_project(folder: Path, text: str = SPECIFICATION, risk: str = "") -> Path:
    """Write the specification, and a risk file if there is one, as a project and return its folder."""
    (folder / "specs").mkdir(parents=True)
    (folder / "specs" / "device.yaml").write_text(text, encoding="utf-8")
    if risk:
        (folder / "hazards").mkdir()
        (folder / "hazards" / "risk.yaml").write_text(risk, encoding="utf-8")
    return folder


def build_dossier(folder: Path, out: Path) -> Path:
    """Verify a project and build its dossier."""
    project = load(folder)
    verification = verify(project.specification)
    tried = ablate(verification, ablations(project.risk_file))
    report = trace(project.risk_file, verification, tried.effects)
    inputs = DossierInputs(
        project.specification, verification, project.risk_file, report, project.sources, ablation=tried
    )
    build(inputs, out)
    return out


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier that nobody has touched."""
    folder = tmp_path_factory.mktemp("audited")
    return build_dossier(write_project(folder / "project", risk=RISK), folder / "dossier")


@pytest.fixture
def dossier(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the dossier, to be tampered with."""
    return Path(shutil.copytree(pristine, tmp_path / "dossier"))


def edit(dossier: Path, path: str, change: Edit) -> None:
    """Change one file of a dossier and make sure that it is really another."""
    file = dossier / path
    before = file.read_text("utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, "utf-8")


def edit_results(dossier: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change ``results.json`` as data."""

    def apply(text: str) -> str:
        data = json.loads(text)
        change(data)
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    edit(dossier, "evidence/results.json", apply)


def entry(data: dict[str, Any], identity: str) -> dict[str, Any]:
    """Return the stated result of one obligation."""
    found: dict[str, Any] = next(item for item in data["obligations"] if item["id"] == identity)
    return found


def forge_manifest(dossier: Path) -> None:
    """Write the manifest anew, as somebody who wants to hide a change would."""
    path = dossier / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    for item in data["files"]:
        raw = (dossier / item["path"]).read_bytes()
        item["sha256"], item["size"] = hashlib.sha256(raw).hexdigest(), len(raw)
    path.write_text(json.dumps(data, indent=1) + "\n", "utf-8")

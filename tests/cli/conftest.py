"""A small project on disk, and a prover that answers at once what the test wants.

These tests pin what the command line does with verdicts; that the verdicts are right is pinned elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from stimproof.cli import app
from stimproof.specs.specification import Specification
from stimproof.verify.obligations import obligations
from stimproof.verify.results import (
    Certificate,
    Result,
    Setting,
    Trace,
    TraceStep,
    Verdict,
    Verification,
)

SPECIFICATION = """\
stimproof: 1
device: {id: toy, name: Toy stimulator, component: ipg}
variables:
  output_on: {type: boolean, initial: false}
events:
  start: {}
  stop: {}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true}}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  silent: {sentence: "the ipg shall never satisfy output_on", if_refuted: "The output can be on."}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without risk file."""
    folder = tmp_path / "toy"
    (folder / "specs").mkdir(parents=True)
    (folder / "specs" / "device.yaml").write_text(SPECIFICATION, encoding="utf-8")
    return folder


def step(
    event: str | None, mode: str, *, changed: tuple[str, ...] = (), taken: tuple[str, ...] = ()
) -> TraceStep:
    """Return one step of a run of the toy."""
    state = (("ipg", mode), ("output_on", "true" if mode == "ON" else "false"))
    return TraceStep(event, None, (), state, changed, taken, None, (), state)


RUN = Trace(
    (
        step(None, "OFF"),
        step("start", "ON", changed=("ipg", "output_on"), taken=("ipg T1: OFF → ON on start",)),
        step("start", "ON"),
    ),
    "the output is on in mode ON",
    replayed=True,
    file="traces/properties.silent.json",
)
SETTING = Setting(
    (("amplitude", "5 mA"), ("pulse_width", "450 us")),
    (),
    (("charge", "2.25 uC"),),
    "the charge is above 1 uC",
    replayed=True,
    file="traces/limits.charge.json",
)
_EVIDENCE = {
    Verdict.PROVED: {
        "certificate": Certificate(("certificates/a.smt2",), ("cvc5 1.4",), None, "output_on = (ipg = ON)")
    },
    Verdict.REFUTED: {"counterexample": RUN},
    Verdict.UNKNOWN: {"reason": "the budget was used up"},
    Verdict.ERROR: {"reason": "the solvers disagree"},
    Verdict.NOT_APPLICABLE: {"reason": "measured in cortex only"},
}


@dataclass
class Prover:
    """Stands in for the real one: every obligation is proved unless ``verdicts`` says otherwise."""

    verdicts: dict[str, Verdict]
    asked: list[dict[str, object]]
    fails: BaseException | None = None

    def verify(
        self,
        specification: Specification,
        *,
        only: Iterable[str] = (),
        budget: int | None = None,
        jobs: int = 1,
        cache: Path | None = None,
        cores: bool = False,
        sheltered: bool = False,
        ahead: object = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Verification:
        """Answer as :func:`stimproof.verify.run.verify` would."""
        wanted = tuple(only)
        self.asked.append({"only": wanted, "budget": budget, "jobs": jobs})
        if self.fails is not None:
            raise self.fails
        items = [item for item in obligations(specification) if not wanted or item.id in wanted]
        results = []
        for number, item in enumerate(items):
            if progress is not None:
                progress(number, len(items), item.id)
            verdict = self.verdicts.get(item.id, Verdict.PROVED)
            results.append(Result(item, verdict, "spacer", 0.1, **_EVIDENCE[verdict]))
        files = {"certificates/a.smt2": "(check-sat)\n", "traces/properties.silent.json": "{}\n"}
        return Verification(specification, tuple(results), {"z3": "5.4", "cvc5": "1.4"}, "0.1.0", files)


@pytest.fixture
def prover(monkeypatch: pytest.MonkeyPatch) -> Prover:
    """The prover that the commands get."""
    made = Prover({}, [])
    monkeypatch.setitem(sys.modules, "stimproof.verify.run", SimpleNamespace(verify=made.verify))
    return made


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """All of standard output as one JSON document."""
        return json.loads(self.out)


@pytest.fixture
def call() -> Callable[..., Outcome]:
    """Run a command inside this process."""

    def run(*arguments: object) -> Outcome:
        ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return Outcome(ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def setting() -> Setting:
    """A setting that breaks a limit."""
    return SETTING

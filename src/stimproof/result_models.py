"""The shape of ``results.json``: what ``stimproof verify -o`` writes, for tools that read it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from stimproof.specs.fields import Model

Words = tuple[str, ...]
VerdictName = Literal["proved", "refuted", "unknown", "error", "not_applicable"]


class Device(Model):
    """Which specification the results are about."""

    id: str = Field(description="The device's id.")
    name: str = Field(description="The device's name.")
    spec_sha256: str = Field(
        pattern="^[0-9a-f]{64}$", description="The hash of the exact text of the specification."
    )


class Tool(Model):
    """What made the results."""

    version: str = Field(description="The version of stimproof.")
    solvers: dict[str, str] = Field(description="The solvers with their versions.")


class Place(Model):
    """Where something was written."""

    file: str = Field(description="The file.")
    line: int = Field(description="The line, from 1.")
    column: int = Field(description="The column, from 1.")


class Certificate(Model):
    """The evidence of a proof."""

    scripts: Words = Field(description="SMT-LIB scripts, every answer to which must be 'unsat'.")
    rechecked_by: Words = Field(description="The independent solvers that confirmed all of them.")
    proof: str | None = Field(description="From what the scripts can be written again.")
    invariant: str | None = Field(description="The inductive invariant, in the language of specifications.")


class Setting(Model):
    """A programmable setting that shows something."""

    form: Literal["setting"] = Field(description="That it is a setting.")
    values: dict[str, str] = Field(description="Each parameter's value, for people.")
    exact: dict[str, str] = Field(description="The same as rationals in SI base units.")
    computed: dict[str, str] = Field(description="What follows from them.")
    explanation: str = Field(description="What it shows, in words.")
    replayed: bool = Field(description="Whether the arithmetic that shares nothing with the prover agrees.")
    file: str = Field(description="The file with the same content.")


class Exact(Model):
    """Values as rationals in SI base units."""

    delay: str | None = Field(description="The time that passes.")
    inputs: dict[str, str] = Field(description="What the environment presents.")
    state: dict[str, str] = Field(description="What the software remembers.")


class Step(Model):
    """One state of a run and the step that led to it."""

    event: str | None = Field(description="What happened, 'time' for its passing; none at first.")
    delay: str | None = Field(description="How much time passed.")
    inputs: dict[str, str] = Field(description="What the environment presented.")
    state: dict[str, str] = Field(description="Each variable's and machine's value after it.")
    changed: Words = Field(description="Whose value is new.")
    taken: Words = Field(description="Which transitions were taken.")
    exact: Exact = Field(description="The same, exactly.")


class Trace(Model):
    """A run that shows something."""

    form: Literal["trace"] = Field(description="That it is a run.")
    length: int = Field(description="How many steps follow the initial state.")
    loop: int | None = Field(None, description="The state to which it returns, to repeat for ever.")
    explanation: str = Field(description="What it shows, in words.")
    replayed: bool = Field(description="Whether the interpreter that shares no code with the encoder agrees.")
    file: str = Field(description="The file with the same content.")
    steps: tuple[Step, ...] = Field(description="Its states.")


Shown = Annotated[Setting | Trace, Field(discriminator="form")]


class Core(Model):
    """Which elements of the specification a proof needs."""

    needs: Words = Field(description="What it needs.")
    spare: Words = Field(description="What is near and not needed.")
    confirmed_by: str = Field(description="The second solver, which confirmed that the needed ones suffice.")


class Obligation(Model):
    """One claim with its verdict and the evidence."""

    id: str = Field(description="The obligation's id.", examples=["limits.density"])
    kind: str = Field(description="What kind of claim it is: a law, 'claim', 'invariant', 'reachable' …")
    statement: str = Field(description="The claim in words.")
    verdict: VerdictName = Field(description="The answer; 'unknown' and 'error' never count as a pass.")
    engine: str = Field(description="What decided it.")
    seconds: float | None = Field(description="How long that took; none where it is not told.")
    reason: str = Field(description="Why, in words.")
    assumptions: Words = Field(description="The ledger: what the verdict leans on.")
    unverified: Words = Field(description="The recalled or uncertain numbers among that.")
    depends_on: Words = Field(description="Obligations that give the claim its meaning.")
    element: str = Field(description="The element of the specification that it is about.")
    location: Place = Field(description="Where that was written.")
    certificate: Certificate | None = Field(description="The evidence of a proof.")
    counterexample: Shown | None = Field(description="What shows that it is refuted.")
    witness: Shown | None = Field(description="What shows that something can happen.")
    vacuous: str = Field(description="Why a proved claim says nothing; empty where it does.")
    core: Core | None = Field(None, description="What the proof needs, where that was asked.")


class Finding(Model):
    """A remark about the whole."""

    code: str = Field(description="Its code.")
    severity: Literal["error", "warning", "note"] = Field(description="How much it weighs.")
    file: str = Field(description="The file that it is about.")
    line: int = Field(description="The line, from 1.")
    column: int = Field(description="The column, from 1.")
    path: str = Field(description="The place inside the document.")
    message: str = Field(description="What is so.")
    advice: str = Field(description="What to do next.")


class ResultsDocument(Model):
    """A whole ``results.json``."""

    model_config = ConfigDict(populate_by_name=True, title="results.json")
    form: Literal["stimproof.results/1"] = Field(alias="schema", description="The version of the format.")
    device: Device = Field(description="Which specification the results are about.")
    changed: Words = Field(
        (), description="What was changed on the command line: then nothing is said of the text as written."
    )
    tool: Tool = Field(description="What made the results.")
    obligations: tuple[Obligation, ...] = Field(description="Every obligation with its verdict.")
    findings: tuple[Finding, ...] = Field(description="Remarks about the whole.")
    summary: dict[VerdictName, int] = Field(description="How many obligations have each verdict.")

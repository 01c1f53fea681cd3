from stimproof import explaining
from stimproof.specs.findings import Location
from stimproof.verify.results import Obligation, Result, Verdict


def test_a_run_is_told_as_a_timeline(call, project, prover):
    """Each step says what happened, which transition fired, and only what changed."""
    prover.verdicts["properties.silent"] = Verdict.REFUTED
    found = call("explain", project, "properties.silent")
    assert found.status == 0
    lines = [line.strip() for line in found.out.splitlines()]
    start = lines.index("Counterexample, step by step")
    assert lines[start + 1 : start + 12] == [
        "0  at the beginning",
        "state    ipg = OFF",
        "state    output_on = false",
        "1  start",
        "fires    ipg T1: OFF → ON on start",
        "changes  ipg = ON",
        "changes  output_on = true",
        "2  start",
        "nothing changes",
        "the output is on in mode ON",
        "(replayed by the interpreter; traces/properties.silent.json)",
    ]


def test_it_says_where_it_is_written_and_what_to_do(call, project, prover):
    """The explanation names the place in the YAML, the author's own note, and the next step."""
    prover.verdicts["properties.silent"] = Verdict.REFUTED
    out = call("explain", project, "properties.silent").out
    assert "specs/device.yaml:19:3" in out
    assert "The output can be on." in out
    assert "Find the first step" not in out


def test_a_proof_names_its_certificate_and_invariant(call, project, prover):
    """A proof is explained by its scripts, who confirmed them, and the invariant behind it."""
    out = call("explain", project, "properties.quiet").out
    assert "certificates/a.smt2" in out
    assert "every check-sat is unsat; confirmed by cvc5 1.4" in out
    assert "output_on = (ipg = ON)" in out


def test_only_what_is_needed_is_proved(call, project, prover):
    """No time is spent on obligations that the verdict does not lean on."""
    call("explain", project, "properties.quiet")
    needed = ("properties.quiet", "machines.ipg.determinism")
    assert prover.asked == [{"only": needed, "budget": None, "jobs": 1}]


def test_near_ids_are_suggested(call, project, prover):
    """An unknown id is a usage error that names near ones; part of an id is near."""
    found = call("explain", project, "quiet")
    assert (found.status, found.out) == (2, "")
    assert "did you mean 'properties.quiet'?" in found.err


def test_a_pattern_with_many_matches_is_refused(call, project, prover):
    """One obligation is explained at a time."""
    assert "name one" in call("explain", project, "properties.*").err


def test_json_holds_the_result_and_its_words(call, project, prover):
    """--json gives the result as in results.json, and the explanation's sections."""
    data = call("explain", project, "properties.quiet", "--json").json
    assert data["schema"] == "stimproof.explanation/1"
    assert data["verdict"] == "proved"
    assert data["explanation"][0]["heading"] == "Claim"


def test_without_the_authors_advice_there_is_general_advice(call, project, prover):
    """Where the author of the specification left no note, the next step is told in general terms."""
    prover.verdicts["properties.quiet"] = Verdict.REFUTED
    assert "Find the first step above" in call("explain", project, "properties.quiet").out


def test_an_approximate_value_has_its_own_sign(setting):
    """A computed value that is rounded is never printed as if it were equal."""
    from dataclasses import replace

    rounded = replace(setting, computed=(("density", "≈1.25 uC/cm^2"),))
    assert "density     ≈ 1.25 uC/cm^2" in list(explaining.setting(rounded))


def made(verdict, **more):
    """Return a result about a made-up limit."""
    place = Location("a.yaml", 1, 1)
    return Result(Obligation("limits.q", "claim", "the claim", place, "limits.q"), verdict, "", 0.0, **more)


def test_a_setting_is_told_with_what_follows_from_it(setting):
    """A setting lists what is programmed, what follows, and who recomputed it."""
    assert list(explaining.setting(setting)) == [
        "amplitude   = 5 mA",
        "pulse_width = 450 us",
        "from which follows",
        "charge      = 2.25 uC",
        "the charge is above 1 uC",
        "(replayed by the interpreter; traces/limits.charge.json)",
    ]
    assert explaining.brief(made(Verdict.REFUTED, counterexample=setting)) == (
        "at amplitude = 5 mA, pulse_width = 450 us: charge = 2.25 uC"
    )


def test_every_verdict_has_a_meaning_and_a_next_step():
    """No verdict leaves the reader without words; a proof that leans on nothing needs no next step."""
    for verdict in Verdict:
        sections = {
            item.heading: item.lines for item in explaining.explain(made(verdict, assumptions=("i",)))
        }
        assert len(sections["Verdict"]) >= 2
        if verdict is not Verdict.REFUTED:
            assert sections["What a maker would do"]


def test_what_was_not_replayed_says_so(setting):
    """Evidence that the interpreter did not confirm is never presented as if it had."""
    from dataclasses import replace

    assert "NOT confirmed" in list(explaining.setting(replace(setting, replayed=False)))[-1]

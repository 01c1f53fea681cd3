import json

import pytest

from stimproof.verify.results import SCHEMA, Verdict


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.PROVED, 0),
        (Verdict.NOT_APPLICABLE, 0),
        (Verdict.REFUTED, 1),
        (Verdict.UNKNOWN, 3),
        (Verdict.ERROR, 3),
    ],
)
def test_the_exit_status_is_that_of_the_worst_verdict(call, project, prover, verdict, status):
    """0 when all hold or do not apply, 1 when something is refuted, 3 when something is open."""
    prover.verdicts["properties.silent"] = verdict
    assert call("verify", project).status == status


def test_a_risk_file_with_errors_keeps_nobody_from_proving(call, project, prover):
    """Proofs are about the specification; check, trace and the gate are about the risk file, too."""
    (project / "hazards").mkdir()
    (project / "hazards" / "risk.yaml").write_text("stimproof: 1\nnonsense: 1\n", encoding="utf-8")
    assert call("verify", project).status == 0
    assert call("explain", project, "properties.quiet").status == 0
    assert call("check", project).status == 2


def test_the_default_leaves_the_number_of_processes_to_what_the_cache_holds(call, project, prover):
    """Without --jobs the command names no number."""
    call("verify", project, "--only", "properties.quiet")
    assert prover.asked == [{"only": ("properties.quiet",), "budget": None, "jobs": None}]


def test_a_refutation_outweighs_an_open_question(call, project, prover):
    """Where one claim is refuted and another unknown, the status is 1."""
    prover.verdicts |= {"properties.silent": Verdict.REFUTED, "properties.quiet": Verdict.UNKNOWN}
    assert call("verify", project).status == 1


def test_the_table_tells_verdict_id_claim_and_what_is_behind(call, project, prover):
    """Piped output has one plain line for each obligation, then the counterexamples, then the tally."""
    prover.verdicts["properties.silent"] = Verdict.REFUTED
    out = call("verify", project).out
    lines = out.splitlines()
    assert lines[0] == "Toy stimulator (toy)"
    assert lines[2].split(maxsplit=2) == [
        "proved",
        "properties.quiet",
        "in OFF mode the ipg shall never satisfy output_on",
    ]
    assert "refuted: properties.silent" in out
    assert "    in 2 steps: start · start" in lines
    assert lines[-1] == "6 obligations: 5 proved, 1 refuted, 0 unknown, 0 error, 0 not applicable"
    assert "\x1b" not in out


def test_json_is_results_json_and_nothing_else(call, project, prover):
    """With --json standard output is one document in the results schema."""
    found = call("verify", project, "--json")
    assert found.json["schema"] == SCHEMA
    assert found.json["summary"]["proved"] == len(found.json["obligations"])
    assert found.err == ""


def test_only_takes_ids_and_patterns(call, project, prover):
    """Ids and patterns choose obligations, each once and in the order of the results."""
    call("verify", project, "--only", "properties.*", "--only", "properties.quiet", "--budget", 7, "-j", 3)
    assert prover.asked == [{"only": ("properties.quiet", "properties.silent"), "budget": 7, "jobs": 3}]


def test_an_unknown_id_is_answered_with_near_ones(call, project, prover):
    """A mistyped id is a usage error that names what was probably meant; nothing is proved."""
    found = call("verify", project, "--only", "properties.quite")
    assert found.status == 2
    assert "there is no obligation 'properties.quite'; did you mean 'properties.quiet'" in found.err
    assert prover.asked == []


def test_output_holds_results_certificates_and_traces(call, project, prover, tmp_path):
    """-o writes results.json, and every certificate and trace at the path that the results name."""
    out = tmp_path / "results"
    call("verify", project, "-o", out)
    data = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert data["schema"] == SCHEMA
    for item in data["obligations"]:
        for script in item["certificate"]["scripts"]:
            assert (out / script).is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results", "toy"]


def test_an_earlier_output_is_replaced_whole(call, project, prover, tmp_path):
    """A second run replaces the folder, so that no certificate of the first is left in it."""
    out = tmp_path / "results"
    call("verify", project, "-o", out)
    (out / "certificates" / "old.smt2").touch()
    assert call("verify", project, "-o", out).status == 0
    assert [path.name for path in (out / "certificates").iterdir()] == ["a.smt2"]


def test_a_foreign_folder_is_refused_before_proving(call, project, prover, tmp_path):
    """A folder with somebody's files is never touched, and no time is spent first."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    found = call("verify", project, "-o", tmp_path / "mine")
    assert found.status == 2
    assert "is not empty and was not written by this command" in found.err
    assert prover.asked == []
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_a_folder_with_another_results_file_is_refused(call, project, prover, tmp_path):
    """That a folder holds some results.json does not make it ours; its schema does."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "results.json").write_text('{"schema": "other/1"}')
    assert call("verify", project, "-o", tmp_path / "mine").status == 2


def test_an_output_with_more_in_it_is_refused(call, project, prover, tmp_path):
    """Results next to somebody's other files are not replaced, since the other files would go too."""
    out = tmp_path / "results"
    call("verify", project, "-o", out)
    (out / "notes.txt").write_text("mine")
    assert call("verify", project, "-o", out).status == 2
    assert (out / "notes.txt").read_text() == "mine"

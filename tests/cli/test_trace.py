def test_without_risk_file_the_trace_fails(call, project, prover):
    """A project whose hazards nobody wrote down is not traced: status 1, and the finding says what to do."""
    found = call("trace", project)
    assert found.status == 1
    assert "error[no-risk-file]" in found.out
    assert found.out.splitlines()[-1] == "trace: failed: 1 finding, 1 blocking"


def test_json_is_the_trace_report(call, project, prover):
    """With --json the whole report is one document."""
    found = call("trace", project, "--json")
    assert (found.status, found.json["schema"], found.json["outcome"]) == (1, "stimproof.trace/1", "failed")


def test_the_gate_refuses_a_project_without_risk_file(call, project, prover):
    """No gate passes without hazards, although every obligation is proved."""
    assert call("gate", project).status == 1

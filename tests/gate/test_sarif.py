import json
from pathlib import Path

from stimproof.gate.judgement import judge
from stimproof.gate.sarif import sarif
from stimproof.specs.findings import Location
from stimproof.verify.results import Verdict

LEVELS = {"none", "note", "warning", "error"}
KINDS = {"notApplicable", "pass", "fail", "review", "open", "informational"}


def log(judgement, project="/p", base="/p"):
    """Return the parsed log."""
    return json.loads(sarif(judgement, Path(project), Path(base)))


def everything(verification, traced, result, gap, run):
    """Return a judgement with one item of each sort."""
    results = (
        result("a", Verdict.PROVED),
        result("b", Verdict.REFUTED, counterexample=run),
        result("c", Verdict.UNKNOWN, reason="the budget was too small"),
        result("d", Verdict.NOT_APPLICABLE, reason="no tissue"),
    )
    return judge(verification(*results), traced(gap), refuse_unverified=True)


def test_the_log_has_the_shape_that_the_standard_demands(verification, traced, result, gap, run):
    """Required members, closed value lists and index bounds are those of SARIF 2.1.0, section 3."""
    data = log(everything(verification, traced, result, gap, run))
    assert set(data) == {"$schema", "version", "runs"}
    assert data["version"] == "2.1.0"
    (found,) = data["runs"]
    driver = found["tool"]["driver"]
    assert driver["name"] == "stimproof"
    identities = [rule["id"] for rule in driver["rules"]]
    assert len(set(identities)) == len(identities)
    for rule in driver["rules"]:
        assert rule["defaultConfiguration"]["level"] in LEVELS
        assert rule["shortDescription"]["text"]
    for item in found["results"]:
        assert item["message"]["text"]
        assert item["level"] in LEVELS
        assert item["kind"] in KINDS
        assert identities[item["ruleIndex"]] == item["ruleId"]
        assert item["kind"] == "fail" or item["level"] == "none"  # 3.27.10
    assert isinstance(found["invocations"][0]["executionSuccessful"], bool)
    assert found["invocations"][0]["exitCode"] == 1


# The members that the standard gives to each object that the log uses; it allows no others.
MEMBERS = {
    "log": {"$schema": None, "version": None, "runs": "run"},
    "run": {
        "tool": "tool",
        "columnKind": None,
        "originalUriBaseIds": None,
        "invocations": "invocation",
        "properties": None,
        "results": "result",
    },
    "tool": {"driver": "toolComponent"},
    "toolComponent": {
        "name": None,
        "semanticVersion": None,
        "rules": "reportingDescriptor",
        "properties": None,
    },
    "reportingDescriptor": {
        "id": None,
        "name": None,
        "shortDescription": "message",
        "fullDescription": "message",
        "defaultConfiguration": "reportingConfiguration",
    },
    "reportingConfiguration": {"level": None},
    "invocation": {"executionSuccessful": None, "exitCode": None},
    "result": {
        "ruleId": None,
        "ruleIndex": None,
        "kind": None,
        "level": None,
        "message": "message",
        "locations": "location",
        "partialFingerprints": None,
        "properties": None,
        "codeFlows": "codeFlow",
    },
    "message": {"text": None},
    "location": {
        "physicalLocation": "physicalLocation",
        "logicalLocations": "logicalLocation",
        "message": "message",
    },
    "physicalLocation": {"artifactLocation": "artifactLocation", "region": "region"},
    "artifactLocation": {"uri": None, "uriBaseId": None},
    "region": {"startLine": None, "startColumn": None},
    "logicalLocation": {"fullyQualifiedName": None},
    "codeFlow": {"message": "message", "threadFlows": "threadFlow"},
    "threadFlow": {"locations": "threadFlowLocation"},
    "threadFlowLocation": {"location": "location", "executionOrder": None},
}


def strangers(node, kind):
    """Yield every member that the standard does not know, anywhere in the log."""
    for name, value in node.items():
        if name not in MEMBERS[kind]:
            yield f"{kind}.{name}"
        elif MEMBERS[kind][name] is not None:
            for child in value if isinstance(value, list) else [value]:
                yield from strangers(child, MEMBERS[kind][name])


def test_the_log_has_no_member_that_the_standard_does_not_know(verification, traced, result, gap, run):
    """The schema closes every object, so one unknown member would make the whole log invalid."""
    data = log(everything(verification, traced, result, gap, run))
    assert list(strangers(data, "log")) == []


def places(node):
    """Yield every physical location anywhere in the log."""
    if isinstance(node, dict):
        if "physicalLocation" in node:
            yield node["physicalLocation"]
        for value in node.values():
            yield from places(value)
    elif isinstance(node, list):
        for value in node:
            yield from places(value)


def test_every_place_is_a_relative_uri_with_a_region(verification, traced, result, gap, run):
    """Each location names a relative URI, what it is relative to, and a line and column from 1."""
    judgement = everything(verification, traced, result, gap, run)
    data = log(judgement, project=Path.cwd(), base=Path.cwd())
    found = list(places(data))
    assert found
    bases = data["runs"][0]["originalUriBaseIds"]
    for place in found:
        artifact, region = place["artifactLocation"], place["region"]
        assert not artifact["uri"].startswith("/")
        assert ":" not in artifact["uri"]
        assert artifact["uriBaseId"] in bases
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1


def test_passed_and_skipped_items_are_left_out(verification, traced, result, gap, run):
    """A code-scanning server would show what passed as an alert, so only the rest is logged."""
    data = log(everything(verification, traced, result, gap, run))
    levels = {item["ruleId"] + ":" + item["level"] for item in data["runs"][0]["results"]}
    assert levels == {
        "invariant:error",
        "invariant:warning",
        "mode-never-left:warning",
        "uncontrolled-situation:error",
        "unverified-number:warning",
        "unused:warning",
    }


def test_a_run_becomes_a_code_flow_through_the_transitions(verification, traced, result, gap, run):
    """Each step of a counterexample points at the transition that fired and tells what changed."""
    data = log(everything(verification, traced, result, gap, run))
    (flow,) = [item["codeFlows"][0] for item in data["runs"][0]["results"] if "codeFlows" in item]
    first, second = flow["threadFlows"][0]["locations"]
    assert first["location"]["message"]["text"] == "at the beginning"
    assert second["location"]["message"]["text"] == "start with temp = 43 degC: ipg = ON, output_on = true"
    assert second["location"]["physicalLocation"]["region"]["startLine"] == 25


def test_uris_are_relative_to_where_the_gate_ran(tmp_path, verification, traced, result):
    """A file below the working folder gets its path from there, percent-encoded; others the project's."""
    place = Location(str(tmp_path / "my device" / "specs" / "a.yaml"), 3, 4)
    from stimproof.gate.sarif import Places

    inside = Places(tmp_path / "my device", tmp_path).artifact(place.file)
    assert inside == {"uri": "my%20device/specs/a.yaml", "uriBaseId": "SRCROOT"}
    outside = Places(tmp_path / "my device", tmp_path / "elsewhere").artifact(place.file)
    assert outside == {"uri": "specs/a.yaml", "uriBaseId": "PROJECT"}


def test_equal_judgements_give_equal_logs(verification, traced, result, gap, run):
    """The log depends on the judgement alone."""
    texts = [
        sarif(everything(verification, traced, result, gap, run), Path("/p"), Path("/p")) for _ in range(2)
    ]
    assert texts[0] == texts[1]

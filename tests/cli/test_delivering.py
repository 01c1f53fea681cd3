import sys
from types import SimpleNamespace

import pytest

from stimproof.verify.results import Verdict


@pytest.fixture
def builder(monkeypatch):
    """A builder that writes one page at once and remembers what it was given."""
    given = []

    def build(inputs, out, progress):
        given.append(inputs)
        progress(0, 1, "writing pages")
        out.mkdir()
        (out / "index.html").write_text("page")
        return out / "index.html"

    monkeypatch.setitem(sys.modules, "stimproof.dossier.build", SimpleNamespace(build=build))
    return given


def test_the_dossier_command_tells_what_was_proved_and_what_to_open(call, project, prover, builder, tmp_path):
    """It names what is refuted, counts the rest, and ends with the page; the status is 0 nonetheless."""
    prover.verdicts["properties.silent"] = Verdict.REFUTED
    found = call("dossier", project, "-o", tmp_path / "out")
    assert found.status == 0
    assert "refuted: properties.silent" in found.out
    lines = found.out.splitlines()
    assert lines[-2] == "6 obligations: 5 proved, 1 refuted, 0 unknown, 0 error, 0 not applicable"
    assert lines[-1] == f"open {tmp_path / 'out' / 'index.html'}"
    assert builder[0].sources.keys() == {"specs/device.yaml"}
    assert not builder[0].risk_file.present
    assert builder[0].trace.outcome == "failed"


def test_the_dossier_command_has_json(call, project, prover, builder, tmp_path):
    """With --json it names the page, the counts and the refuted obligations."""
    prover.verdicts["properties.silent"] = Verdict.REFUTED
    data = call("dossier", project, "-o", tmp_path / "out", "--json").json
    assert data["page"] == str(tmp_path / "out" / "index.html")
    assert data["refuted"] == ["properties.silent"]
    assert data["summary"]["proved"] == 5


def test_a_foreign_folder_is_refused_before_proving(call, project, prover, builder, tmp_path):
    """The dossier never replaces somebody's folder, and no time is spent first."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").touch()
    assert call("dossier", project, "-o", tmp_path / "out").status == 2
    assert prover.asked == []


@pytest.fixture
def auditor(monkeypatch):
    """An auditor that answers with the findings that the test puts in."""
    findings = []

    def audit(_folder, _progress):
        question = SimpleNamespace(ok=not findings, asked=3, question="are the bytes those of the manifest?")
        return SimpleNamespace(
            ok=not findings,
            findings=tuple(findings),
            checks=(question,),
            as_json=lambda: {"ok": not findings, "findings": findings},
        )

    monkeypatch.setitem(sys.modules, "stimproof.audit", SimpleNamespace(audit=audit))
    return findings


def test_audit_confirms_or_names_the_change(call, tmp_path, auditor):
    """0 and 'confirmed', or 1 and every finding; --json gives the report."""
    found = call("audit", tmp_path)
    assert found.status == 0
    assert found.out.splitlines()[1:] == [
        "yes  3      are the bytes those of the manifest?",
        "audit: confirmed",
    ]
    auditor.append("results.json: sha256 differs")
    found = call("audit", tmp_path)
    assert found.status == 1
    assert found.out.splitlines()[1:] == [
        "NO  3      are the bytes those of the manifest?",
        "results.json: sha256 differs",
        "audit: NOT confirmed: 1 finding",
    ]
    assert call("audit", tmp_path, "--json").json == {
        "ok": False,
        "findings": ["results.json: sha256 differs"],
    }


def test_audit_of_nothing_is_a_usage_error(call, tmp_path, auditor):
    """A path that is no folder is status 2."""
    assert call("audit", tmp_path / "none").status == 2

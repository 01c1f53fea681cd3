import pytest

from stimproof.gate import reports
from stimproof.gate.judgement import judge
from stimproof.gate.reports import Reports
from stimproof.specs.errors import OperatorError
from stimproof.verify.results import Verdict


def test_reports_of_an_earlier_run_are_removed_first(tmp_path, verification, traced, result):
    """A run that fails leaves no report behind in which an older pass could be read."""
    judgement = judge(verification(result("a", Verdict.PROVED)), traced())
    wanted = Reports(tmp_path / "a.xml", tmp_path / "a.sarif", tmp_path / "a.md")
    wanted.write(judgement, tmp_path, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    wanted.prepare()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_report_is_not_removed(tmp_path):
    """Naming the specification as report by mistake does not delete it."""
    precious = tmp_path / "device.yaml"
    precious.write_text("stimproof: 1\n")
    with pytest.raises(OperatorError, match="no report of the gate"):
        Reports(summary=precious).prepare()
    assert precious.read_text() == "stimproof: 1\n"


def test_an_empty_file_may_be_written(tmp_path):
    """A CI server hands over an empty file for the summary."""
    (tmp_path / "summary.md").touch()
    Reports(summary=tmp_path / "summary.md").prepare()


def test_unusable_places_are_refused_before_any_work(tmp_path):
    """A missing folder, or one file for two reports, is an operator's error at once."""
    with pytest.raises(OperatorError, match="does not exist"):
        Reports(junit=tmp_path / "no" / "a.xml").prepare()
    with pytest.raises(OperatorError, match="same file"):
        Reports(junit=tmp_path / "a", sarif=tmp_path / "a").prepare()


def test_a_crash_while_rendering_leaves_no_file(tmp_path, verification, traced, result, monkeypatch):
    """A report appears whole or not at all."""
    monkeypatch.setattr(reports, "junit", lambda _judgement: 1 / 0)
    judgement = judge(verification(result("a", Verdict.PROVED)), traced())
    with pytest.raises(ZeroDivisionError):
        Reports(junit=tmp_path / "a.xml").write(judgement, tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []

import pytest

from stimproof import project as projects
from stimproof.project import confidences, load, locate
from stimproof.specs.errors import OperatorError


def test_check_accepts_a_good_project(call, project):
    """A usable project gives status 0, with its warnings and what it holds."""
    found = call("check", project)
    assert found.status == 0
    assert "2 modes, 2 transitions, 2 properties" in found.out
    assert found.out.splitlines()[-1] == "0 errors, 1 warning, 0 notes"


def test_check_reports_all_errors_at_once_with_their_places(call, project):
    """Two mistakes in one file are both reported with line and column; status 2."""
    file = project / "specs" / "device.yaml"
    text = file.read_text().replace("event: stop", "event: halt").replace("OFF mode the", "OFFF mode the")
    file.write_text(text)
    found = call("check", project)
    assert found.status == 2
    places = [line for line in found.out.splitlines() if ": error[" in line]
    assert len(places) == 2
    assert all(line.startswith(f"{file}:1") for line in places)
    assert found.out.splitlines()[-1].startswith("2 errors")
    assert found.err == ""


def test_check_json_holds_the_findings(call, project):
    """With --json an invalid project still gives one JSON document, with ok false."""
    assert call("check", project, "--json").json["ok"] is True
    (project / "specs" / "device.yaml").write_text("stimproof: 1\nstimproof: 2\n")
    found = call("check", project, "--json")
    assert found.status == 2
    assert found.json["ok"] is False
    assert {item["code"] for item in found.json["findings"]} >= {"duplicate-key"}


def test_other_commands_name_the_findings_too(call, project, prover):
    """A command that needs a valid project prints the same findings to standard error; status 2."""
    (project / "specs" / "device.yaml").write_text("stimproof: 1\n]\n")
    found = call("verify", project)
    assert (found.status, found.out) == (2, "")
    assert f"{project}/specs/device.yaml:2" in found.err


def test_an_error_is_json_where_json_was_asked_for(call, project, prover):
    """With --json an invalid project gives a JSON error on standard output, findings included."""
    (project / "specs" / "device.yaml").write_text("stimproof: 1\n]\n")
    found = call("verify", project, "--json")
    assert found.json["schema"] == "stimproof.error/1"
    assert found.json["status"] == found.status == 2
    assert found.json["findings"][0]["line"] == 2


@pytest.fixture
def library(tmp_path, project, monkeypatch):
    """A library of two devices, of which one is the toy."""
    devices = tuple(projects.LibraryDevice(name, project) for name in ("drg-toy", "ipg-toy"))
    monkeypatch.setattr(projects, "library", lambda: devices)
    return devices


def test_an_unknown_project_names_near_library_ids(call, library):
    """A mistyped device id is a usage error that says what was probably meant."""
    found = call("check", "drg-toi")
    assert found.status == 2
    assert "'drg-toi' is neither a folder nor a reference device; did you mean 'drg-toy'" in found.err


def test_a_library_id_is_a_project(call, library):
    """A reference device is named by its id."""
    assert call("check", "drg-toy").status == 0


def test_a_folder_goes_before_a_device_of_that_name(library, project, monkeypatch):
    """What lies in the working folder is what the user means."""
    monkeypatch.chdir(project.parent)
    (project.parent / "drg-toy" / "specs").mkdir(parents=True)
    assert str(locate("drg-toy")) == "drg-toy"


@pytest.mark.parametrize("made", ["file", "folder"])
def test_a_path_that_is_no_project_says_what_is_missing(tmp_path, made):
    """A file, or a folder without specs, is answered with what a project looks like."""
    path = tmp_path / "thing"
    path.touch() if made == "file" else path.mkdir()
    with pytest.raises(OperatorError, match="specs"):
        locate(str(path))


def test_a_project_holds_the_exact_text_of_its_files(project):
    """The sources are the files' texts by their path inside the project."""
    loaded = load(project)
    assert dict(loaded.sources) == {
        "specs/device.yaml": (project / "specs" / "device.yaml").read_text(encoding="utf-8")
    }
    assert not loaded.risk_file.present


def test_library_counts_numbers_by_confidence(call, library):
    """The table and the JSON count how sure the numbers of each device are."""
    assert call("library").out.splitlines()[1].split() == ["drg-toy", *"00000", "Toy", "stimulator"]
    devices = call("library", "--json").json["devices"]
    assert devices[0]["numbers"] == dict.fromkeys(projects.CONFIDENCES, 0)


def test_the_confidences_of_every_reference_device_are_known_words(call):
    """Each number of the real library is seen, derived, recalled, uncertain, unknown or not stated."""
    for device in projects.library():
        assert set(confidences(device.specification)) <= {*projects.CONFIDENCES, "not stated"}


def test_a_folder_inside_a_project_is_no_project_and_says_so(call, project):
    """Whoever gives the folder of the YAML files is told to give the one that holds it."""
    found = call("check", project / "specs")
    assert found.status == 2
    assert "give the folder that holds 'specs' and 'hazards'" in found.err

"""The commands about a risk file: impact, reviews, exchange. Nothing is proved by any of them."""

import json

import pytest

RISK = """\
stimproof: 1
risk_file:
  device: toy
  edition: "ISO 14971:2019"
  severities: {minor: "passes"}
  probabilities: {remote: "unlikely"}
  acceptability: {minor: [acceptable]}
causes:
  lost: {event: "the stop command is lost"}
hazards:
  strong: {hazard: "over-stimulation", catalogue: H01}
situations:
  shocked: {hazard: strong, situation: "=too strong", causes: [lost]}
harms:
  pain: {harm: "pain", situations: [shocked], severity: {level: minor, confidence: judgement}}
controls:
  quiet_off:
    control: "nothing comes out when off"
    kind: inherent safety by design
    stops: [lost]
    requirements: [R_quiet]
requirements:
  R_quiet: {text: "no output when off", verified_by: [properties.quiet]}
"""
SIGNED = ("--as", "A. Name", "--role", "safety", "--meaning", "agreed", "--date", "2026-01-01")


@pytest.fixture
def traced(project):
    """The project with a risk file."""
    (project / "hazards").mkdir()
    (project / "hazards" / "risk.yaml").write_text(RISK, encoding="utf-8")
    return project


def test_the_impact_of_a_mode_is_listed(call, traced, prover):
    """Nothing is proved; what rests on the mode is listed by kind."""
    found = call("trace", traced, "--impact", "machines.ipg.modes.OFF", "--json")
    touched = {(item["kind"], item["id"]) for item in found.json["touched"]}
    assert {("control", "quiet_off"), ("hazard", "strong"), ("obligation", "properties.quiet")} <= touched
    assert (found.status, prover.asked) == (0, [])


def test_what_does_not_exist_has_no_impact(call, traced, prover):
    """A misspelt element is an error of usage that names the one that was meant."""
    found = call("trace", traced, "--impact", "machines.ipg.modes.OF")
    assert found.status == 2
    assert "machines.ipg.modes.OFF" in found.err


def test_what_changed_since_a_version_is_listed(call, traced, tmp_path, prover):
    """Against an earlier copy, the changed entry and what it touches are told; against itself, nothing."""
    import shutil

    shutil.copytree(traced, tmp_path / "old")
    assert call("trace", traced, "--since", tmp_path / "old").out.strip() == "nothing differs"
    file = traced / "hazards" / "risk.yaml"
    file.write_text(RISK.replace("nothing comes out", "no pulse comes out"), encoding="utf-8")
    found = call("trace", traced, "--since", tmp_path / "old", "--json").json
    assert [item["id"] for item in found["changed"]] == ["quiet_off"]
    assert "pain" in {item["id"] for item in found["touched"]}


def test_one_entry_is_traced_without_the_rest(call, traced, prover):
    """Only what stands on the entry's ways is proved."""
    found = call("trace", traced, "--only", "quiet_off", "--json")
    assert {row["control"] for row in found.json["rows"]} == {"quiet_off"}
    assert "properties.silent" not in prover.asked[0]["only"]


def test_a_review_is_recorded_and_goes_stale(call, traced):
    """A recorded review stands; when its item changes it does not, and the status says so."""
    assert call("review", traced, "--clear", "controls.quiet_off", *SIGNED).status == 0
    assert call("review", traced, "--json").json["reviews"][0]["state"] == "current"
    file = traced / "hazards" / "risk.yaml"
    file.write_text(RISK.replace("nothing comes out", "no pulse comes out"), encoding="utf-8")
    found = call("review", traced, "--json")
    assert (found.status, found.json["reviews"][0]["state"]) == (3, "stale")
    assert call("review", traced, "--clear", "controls.quiet_off", *SIGNED).status == 0
    assert len(call("review", traced, "--json").json["reviews"]) == 1


def test_a_review_says_who_and_what_it_means(call, traced):
    """Without a name, role or meaning, of an unknown item or on no day, nothing is recorded."""
    wrong = [
        ("--clear", "controls.quiet_off", "--as", "A. Name"),
        ("--clear", "controls.nothing", *SIGNED),
        ("--clear", "controls.quiet_off", *SIGNED[:-1], "2026-02-30"),
    ]
    for arguments in wrong:
        assert call("review", traced, *arguments).status == 2
    assert not (traced / "hazards" / "reviews.yaml").exists()


def test_what_stands_beside_reviews_is_not_lost(call, traced):
    """A file of reviews that holds more is not written over."""
    (traced / "hazards" / "reviews.yaml").write_text(
        'stimproof: 1\nnot_applicable:\n  H14: {why: "no coil"}\n', encoding="utf-8"
    )
    assert call("review", traced, "--clear", "controls.quiet_off", *SIGNED).status == 2
    assert "no coil" in (traced / "hazards" / "reviews.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["needs", "reqif"])
def test_an_exported_risk_file_compares_equal(call, traced, tmp_path, form):
    """What is exported and comes back unchanged differs in nothing; what is changed is told with status 1."""
    file = tmp_path / f"risk.{form}"
    assert call("export", traced, "--format", form, "-o", file).status == 0
    assert call("compare", traced, file).status == 0
    file.write_text(
        file.read_text(encoding="utf-8").replace(">pain<", ">ache<").replace('"pain"', '"ache"'), "utf-8"
    )
    found = call("compare", traced, file, "--json")
    assert found.status == 1
    assert found.json["differences"]


def test_a_difference_is_told_with_its_place_in_the_yaml(call, traced, tmp_path):
    """A text that was changed elsewhere is told with file, line and column of its key in the project."""
    file = tmp_path / "risk.json"
    assert call("export", traced, "--format", "needs", "-o", file).status == 0
    text = file.read_text("utf-8").replace("no output when off", "no output at all")
    file.write_text(text.replace('"type": "harm",', '"type": "harm", "status": "open",'), "utf-8")
    found = call("compare", traced, file)
    told, remark, last = found.out.splitlines()
    line = next(number for number, line in enumerate(RISK.splitlines(), 1) if "R_quiet: {text:" in line)
    column = RISK.splitlines()[line - 1].index("text:") + 1
    assert told.startswith(f"{traced / 'hazards' / 'risk.yaml'}:{line}:{column}")
    assert told.endswith("~ requirement R_quiet: no output when off -> no output at all")
    assert remark == f"{file}: ! harm pain: status is 'open'"
    assert last == "2 differences"


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("csv", "Hazard,"), ("graphml", "<graphml"), ("gsn", "G1 "), ("svg", "<?xml"), ("xlsx", "PK")],
)
def test_each_form_is_written(call, traced, tmp_path, form, beginning):
    """Tables, graph and argument are written whole; no cell of the table is a formula."""
    file = tmp_path / f"risk.{form}"
    made = call("export", traced, "--format", "gsn" if form == "svg" else form, "-o", file)
    assert made.status == 0
    assert file.read_bytes().startswith(beginning.encode())
    if form == "csv":
        assert ",'=too strong," in file.read_text(encoding="utf-8")


def test_a_project_without_risk_file_exports_none(call, project, tmp_path):
    """There is nothing to write: an error of usage, and no file."""
    assert call("export", project, "--format", "needs", "-o", tmp_path / "x.json").status == 2
    assert not (tmp_path / "x.json").exists()


def test_a_file_of_something_else_is_refused(call, traced, tmp_path):
    """What is neither needs.json nor ReqIF ends in a message."""
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"needs": []}), encoding="utf-8")
    assert call("compare", traced, file).status == 2
    assert call("compare", traced, tmp_path / "missing").status == 2

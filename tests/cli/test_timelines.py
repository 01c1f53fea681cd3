import json

from stimproof.specs.property import holds


def test_a_sentence_has_two_timelines(call):
    """A sentence is shown with a timeline that satisfies it and one that violates it; status 0."""
    sentence = "in m mode upon p the c shall within 2 ticks satisfy r"
    found = call("timeline", "--sentence", sentence)
    assert found.status == 0
    assert found.out.splitlines()[0] == sentence
    assert "satisfies it\nstep  0  1  2\n" in found.out
    assert "violates it\nstep  0  1  2\nm     #  #  #\n" in found.out
    data = call("timeline", "--sentence", sentence, "--json").json
    assert holds(sentence, data["satisfying"])
    assert not holds(sentence, data["violating"])


def test_a_property_of_a_project_has_timelines(call, project):
    """A property's timelines name its variables and machines; a mode is shown by its name."""
    found = call("timeline", project, "quiet")
    assert found.status == 0
    assert "ipg" in found.out
    assert "violates it" in found.out


def test_a_long_duration_is_shown_short(call):
    """A duration of many steps is shown as two, and that is said."""
    found = call("timeline", "--sentence", "the c shall for 100 ticks satisfy r")
    assert "100 steps are shown as 2" in found.out
    assert call("timeline", "--sentence", "the c shall for 2 ticks satisfy r").status == found.status == 0


def test_a_tautology_and_a_contradiction_are_findings(call):
    """Where nothing violates or nothing satisfies a sentence, that is said, with status 1."""
    found = call("timeline", "--sentence", "whenever p the c shall immediately satisfy p")
    assert found.status == 1
    assert "nothing violates it: every timeline of up to 8 steps was tried" in found.out
    found = call("timeline", "--sentence", "the c shall always satisfy p & !p", "--json")
    assert found.status == 1
    assert found.json["satisfying"] is None


def test_what_is_shown_must_be_named(call, project):
    """A missing argument, an unknown property and an unreadable sentence are usage errors; status 2."""
    assert call("timeline").status == 2
    assert call("timeline", project, "quiet", "--sentence", "the c shall satisfy r").status == 2
    found = call("timeline", project, "P77")
    assert found.status == 2
    assert "there is no property 'P77'" in found.err
    found = call("timeline", "--sentence", "the c shall")
    assert found.status == 2
    assert "cannot stand here" in found.out + found.err


EXPORT = {
    "requirements": [
        {
            "reqid": "P-1",
            "rationale": "the motor is dangerous",
            "fulltext": "when emergency the mixer shall immediately satisfy ! motor.on",
            "semantics": {"component_name": "mixer"},
        },
        {
            "reqid": "P-2",
            "fulltext": "In fill mode mixer shall within 3 seconds satisfy level > 3 & rate-level < 2.5",
            "semantics": {"component_name": "mixer"},
        },
        {
            "reqid": "P-3",
            "fulltext": "mixer shall always satisfy persisted(2, extra) => emergency",
        },
        {"reqid": "P-4", "fulltext": '"the mixer is beautiful"', "semantics": {"type": "freeForm"}},
    ],
    "variables": [
        {"component_name": "mixer", "variable_name": "emergency", "dataType": "boolean", "idType": "Input"},
        {"component_name": "mixer", "variable_name": "level", "dataType": "integer", "idType": "Output"},
        {"component_name": "mixer", "variable_name": "rate", "dataType": "double", "idType": "Output"},
        {"component_name": "mixer", "variable_name": "fill", "idType": "Mode", "modeRequirement": "s = 3"},
        {"component_name": "mixer", "variable_name": "f", "idType": "Function"},
        {"component_name": "model", "variable_name": "motoron", "modeldoc": True},
    ],
}


def test_a_fret_project_becomes_a_specification(call, tmp_path):
    """Requirements become properties that ``check`` reads; what is not carried over is reported."""
    file, folder = tmp_path / "mixer.json", tmp_path / "mixer"
    file.write_text(json.dumps(EXPORT))
    found = call("import-fret", file, folder, "--json")
    assert found.status == 0
    assert found.json["properties"] == 2
    paths = [finding["path"] for finding in found.json["findings"]]
    assert sorted(paths) == [
        "requirements.P-1",
        "requirements.P-3",
        "requirements.P-4",
        "variables.f",
        "variables.fill",
        "variables.level",
        "variables.rate",
    ]
    checked = call("check", folder)
    assert checked.status == 0
    assert "2 properties" in checked.out
    text = (folder / "specs" / "requirements.yaml").read_text()
    assert "when emergency the mixer shall immediately satisfy ! motor_on" in text
    assert "In fill mode the mixer shall within 3 seconds satisfy level > 3 & rate - level < 2.5" in text
    assert "extra" not in text
    assert call("timeline", folder, "P_2").status == 0


def test_variables_without_a_type_are_what_they_are_used_as(call, tmp_path):
    """A name that one requirement compares, is a number in all, for FRET compares only those."""
    sentences = [
        "upon full the mixer shall satisfy level >= top & state = RUN",
        "the mixer shall always satisfy level < 9.5",
    ]
    file, folder = tmp_path / "mixer.json", tmp_path / "mixer"
    file.write_text(json.dumps([{"reqid": f"P-{i}", "fulltext": text} for i, text in enumerate(sentences)]))
    found = call("import-fret", file, folder, "--json")
    assert found.json["properties"] == 2
    advice = [finding["advice"] for finding in found.json["findings"]]
    assert advice.count("it is declared as a number") == 4
    assert advice.count("it is declared as a truth value") == 1
    assert call("check", folder).status == 0


def test_several_components_must_be_told_apart(call, tmp_path):
    """Of several components one is chosen; the requirements of the others are reported."""
    other = {"reqid": "Q", "fulltext": "pump shall satisfy on", "semantics": {"component_name": "pump"}}
    file = tmp_path / "two.json"
    file.write_text(json.dumps({**EXPORT, "requirements": [*EXPORT["requirements"], other]}))
    found = call("import-fret", file, tmp_path / "two")
    assert found.status == 2
    assert "choose one with --component: mixer, pump" in found.err
    assert not (tmp_path / "two").exists()
    found = call("import-fret", file, tmp_path / "two", "--component", "pump")
    assert found.status == 0
    assert "P-1" in found.out
    assert "holds 1 property," in found.out


def test_what_is_no_fret_export_is_refused(call, tmp_path):
    """Text that is no export is one finding, and nothing is written; status 2."""
    file = tmp_path / "bad.json"
    for text in ("{", "[1]", '{"requirements": 3}', "[" * 100_000, '"text"'):
        file.write_text(text)
        found = call("import-fret", file, tmp_path / "out")
        assert found.status == 2
        assert not (tmp_path / "out").exists()
    assert call("import-fret", tmp_path / "missing.json", tmp_path / "out").status == 2

"""Extending a reference device and including files: what is taken over, from where, and what is refused."""

import os
import pickle
from pathlib import Path

import pytest

from stimproof.project import library, load
from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.specs.quantities import quantity
from stimproof.specs.reader import read_folder
from stimproof.specs.specification import Specification

BASE = Path(__file__).parent / "data" / "toy.yaml"
HEAD = "stimproof: 1\nextends: toy\ndevice: {id: mine}\n"
PLAIN = "stimproof: 1\ndevice: {id: mine, name: Mine}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that carries the toy as the device that it extends."""
    shelf = tmp_path / "library" / "toy" / "specs"
    shelf.mkdir(parents=True)
    (tmp_path / "specs").mkdir()
    (shelf / "toy.yaml").write_text(BASE.read_text("utf-8"), "utf-8")
    return tmp_path


def read(project: Path, text: str, **more: str) -> Specification:
    """Read a project whose main file has a text; ``more`` are files by their path with ``__`` for ``/``."""
    (project / "specs" / "a.yaml").write_text(text, "utf-8")
    for name, content in more.items():
        file = project / "specs" / f"{name.replace('__', '/')}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return read_folder(project / "specs")


def errors(project: Path, text: str, **more: str) -> list[Finding]:
    """Return the errors of a project."""
    with pytest.raises(SpecificationError) as caught:
        read(project, text, **more)
    return [finding for finding in caught.value.findings if finding.weight is Severity.ERROR]


def test_an_extension_that_changes_nothing_is_the_device(project: Path) -> None:
    """Every section of the extended device is taken over."""
    mine, toy = read(project, HEAD), read_folder(project / "library" / "toy" / "specs")
    assert mine.device.id == "mine"
    for section in ("parameters", "limits", "variables", "events", "properties", "interlocks", "stimuli"):
        assert [*getattr(mine, section)] == [*getattr(toy, section)]
    assert mine.limits["charge"].limit.quantity == toy.limits["charge"].limit.quantity
    assert [t.title for t in mine.machines["ipg"].transitions] == [
        t.title for t in toy.machines["ipg"].transitions
    ]


def test_a_single_value_is_overridden_however_deep(project: Path) -> None:
    """Mappings are merged key by key: what is not mentioned stays."""
    mine = read(
        project,
        HEAD + "parameters: {amplitude: {tolerance: {value: 10 %}}}\nlimits: {charge: {limit: 2 uC}}\n",
    )
    assert mine.parameters["amplitude"].tolerance.quantity == quantity("10 %")
    assert mine.parameters["amplitude"].tolerance.citation.sources == ("manual",)
    assert mine.limits["charge"].limit.quantity == quantity("2 uC")
    assert mine.limits["charge"].law == "charge_per_phase"


def test_a_list_is_replaced_as_a_whole(project: Path) -> None:
    """A list of the extension stands instead of that of the extended device."""
    mine = read(project, HEAD + "machines: {ipg: {transitions: [{from: ON, to: OFF, event: stop}]}}\n")
    assert [t.event for t in mine.machines["ipg"].transitions] == ["stop"]
    assert [*mine.machines["ipg"].modes] == ["OFF", "ON"]


def test_each_value_keeps_the_place_where_it_was_written(project: Path) -> None:
    """A location is in the file, line and column of whoever wrote the value."""
    mine = read(project, HEAD + "limits:\n  charge: {limit: 2 uC}\n")
    own, base = str(project / "specs" / "a.yaml"), str(project / "library" / "toy" / "specs" / "toy.yaml")
    assert str(mine.limits["charge"].limit.location) == f"{own}:5:12"
    assert str(mine.limits["charge"].location) == f"{own}:5:3"
    assert str(mine.limits["ceiling"].location) == f"{base}:53:3"
    assert str(mine.parameters["amplitude"].tolerance.location) == f"{base}:22:5"


def test_the_origin_of_each_entry_is_known(project: Path) -> None:
    """An entry is inherited, overridden, or the specification's own."""
    text = "limits:\n  charge: {limit: 2 uC, doc: why}\n"
    text += '  more: {claim: "amplitude <= 5 mA", source: manual, confidence: seen}\n'
    mine = read(project, HEAD + text)
    origins = [mine.origin("limits", name) for name in ("charge", "ceiling", "more")]
    assert origins == ["overridden", "inherited", "own"]
    assert [(o.path, o.before, o.after) for o in mine.extension.overridden] == [
        ("limits.charge.limit", "3 uC", "2 uC"),
        ("limits.charge.doc", "not given", "why"),
    ]


def test_a_device_of_its_own_extends_nothing(project: Path) -> None:
    """Without an extension every entry is the specification's own."""
    alone = read(project, PLAIN + "events: {go: {}}\n")
    assert alone.extension is None
    assert alone.origin("events", "go") == "own"


def test_an_entry_is_removed_by_its_path(project: Path) -> None:
    """``remove`` takes entries out; what remains speaks of the rest."""
    mine = read(project, HEAD + "remove: [limits.ceiling, properties.P3, interlocks]\n")
    assert [*mine.limits] == ["charge", "timing"]
    assert "P3" not in mine.properties
    assert not mine.interlocks
    assert mine.extension.removed == ("limits.ceiling", "properties.P3", "interlocks")


def test_an_entry_that_is_removed_can_be_written_anew(project: Path) -> None:
    """Removing and writing an entry replaces it as a whole."""
    text = HEAD + "remove: [electrodes.contact.geometry]\nelectrodes:\n  contact:\n    geometry:\n"
    text += "      shape: disc\n      diameter: {value: 2 mm, source: manual, confidence: seen}\n"
    assert read(project, text).electrodes["contact"].shape == "disc"


def test_an_override_that_changes_nothing_is_a_finding(project: Path) -> None:
    """Writing the value that the extended device has already is remarked, where it was written."""
    mine = read(project, HEAD + "limits: {charge: {limit: 3 uC}}\n")
    (finding,) = [found for found in mine.findings if found.code is Code.NO_CHANGE]
    assert (finding.location.line, finding.location.path) == (4, "limits.charge.limit")


def test_the_hash_is_of_all_texts(project: Path) -> None:
    """A change of the extended device, or of an included file, is a change of the specification."""
    text = HEAD + "includes: [sub/*.yaml]\n"
    first = read(project, text, sub__more="events: {more: {}}\n").sha256
    assert read(project, text, sub__more="events: {most: {}}\n").sha256 != first
    toy = project / "library" / "toy" / "specs" / "toy.yaml"
    again = read(project, text, sub__more="events: {more: {}}\n").sha256
    assert again == first
    toy.write_text(toy.read_text("utf-8") + "# a remark\n", "utf-8")
    assert read(project, text).sha256 != first


def test_a_packed_project_reads_as_itself(project: Path, tmp_path: Path) -> None:
    """The texts that a project was read from, written out, are a project with the same hash."""
    read(project, HEAD + "includes: [sub/*.yaml]\n", sub__more="events: {more: {}}\n")
    loaded = load(project)
    copy = tmp_path / "copy"
    for name, text in loaded.sources.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, "utf-8")
    assert load(copy).specification.sha256 == loaded.specification.sha256


def test_every_reference_device_can_be_extended(tmp_path: Path) -> None:
    """A project that extends a reference device has all that the device has."""
    (tmp_path / "specs").mkdir()
    for device in library():
        text = f"stimproof: 1\nextends: {device.id}\ndevice: {{id: another}}\n"
        mine = read(tmp_path, text)
        assert [*mine.limits] == [*device.specification.limits]
        assert [*mine.properties] == [*device.specification.properties]


def test_every_reference_device_goes_to_other_processes() -> None:
    """A specification, extended or not, can be handed to a worker and is the same there."""
    for device in library():
        specification = device.specification
        assert pickle.loads(pickle.dumps(specification)) == specification, device.id


def test_a_device_may_extend_one_that_extends(project: Path) -> None:
    """Extensions stack; the last word counts."""
    middle = project / "library" / "middle" / "specs"
    middle.mkdir(parents=True)
    text = HEAD.replace("mine", "middle") + "limits: {charge: {limit: 2 uC}}\n"
    (middle / "m.yaml").write_text(text, "utf-8")
    mine = read(project, HEAD.replace("toy", "middle") + "limits: {ceiling: {claim: amplitude <= 5 mA}}\n")
    assert mine.limits["charge"].limit.quantity == quantity("2 uC")
    assert mine.limits["ceiling"].text == "amplitude <= 5 mA"
    assert len(mine.documents) == 3


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (HEAD.replace("toy", "tyo"), Code.EXTENDS, "did you mean toy"),
        (HEAD.replace("toy", "../toy"), Code.EXTENDS, "there is no reference device '../toy'"),
        (HEAD.replace("toy", "[toy]"), Code.EXTENDS, "names one reference device"),
        ("stimproof: 1\nextends: toy\n", Code.EXTENDS, "an id of its own"),
        (HEAD.replace("mine", "toy"), Code.EXTENDS, "an id of its own"),
        (HEAD + "remove: [limits.carge]\n", Code.EXTENDS, "did you mean charge"),
        (HEAD + "remove: [device.name]\n", Code.EXTENDS, "has no 'device.name'"),
        (
            HEAD + "remove: [machines.ipg.transitions.0]\n",
            Code.EXTENDS,
            "has no 'machines.ipg.transitions.0'",
        ),
        (PLAIN + "remove: [limits.charge]\n", Code.EXTENDS, "nothing is extended"),
        (HEAD + "limits: {chrge: {limit: 2 uC}}\n", Code.MISSING_KEY, "did you mean charge?"),
        (HEAD + "limits: {charge: {limt: 2 uC}}\n", Code.UNKNOWN_KEY, "did you mean limit"),
        (
            HEAD + "electrodes: {contact: {geometry: {shape: disc}}}\n",
            Code.UNKNOWN_KEY,
            "add 'electrodes.contact",
        ),
        (HEAD + "limits: {charge: null}\n", Code.WRONG_VALUE, "a mapping is needed"),
        (PLAIN + "includes: [nothing.yaml]\n", Code.INCLUDE, "there is no file 'nothing.yaml'"),
        (
            PLAIN + "includes: [../library/toy/specs/toy.yaml]\n",
            Code.INCLUDE,
            "is not the name of a file below",
        ),
        (PLAIN + "includes: [/etc/passwd]\n", Code.INCLUDE, "is not the name of a file below"),
        (PLAIN + "includes: [sub/../../x.yaml]\n", Code.INCLUDE, "is not the name of a file below"),
        (PLAIN + "includes: ['**/*.yaml']\n", Code.INCLUDE, "is not the name of a file below"),
        (PLAIN + "includes: ['~/x.yaml']\n", Code.INCLUDE, "is not the name of a file below"),
        (PLAIN + "includes: [a.yaml]\n", Code.INCLUDE, "'a.yaml' is read already"),
        (PLAIN + "includes: x.yaml\n", Code.WRONG_VALUE, "a list is needed"),
    ],
)
def test_what_cannot_be_extended_or_included_is_refused(
    project: Path, text: str, code: Code, said: str
) -> None:
    """One mistake gives one finding, in the project's own file wherever it can be mended there."""
    (finding,) = errors(project, text)
    assert finding.code is code
    assert said in f"{finding.message}\n{finding.advice}"
    assert finding.location.line > 0


def test_devices_that_extend_each_other_are_refused(project: Path) -> None:
    """A cycle of extensions is refused, with its way round."""
    other = project / "library" / "other" / "specs"
    other.mkdir(parents=True)
    (other / "o.yaml").write_text("stimproof: 1\nextends: toy\ndevice: {id: other, name: O}\n", "utf-8")
    toy = project / "library" / "toy" / "specs" / "toy.yaml"
    toy.write_text(toy.read_text("utf-8").replace("stimproof: 1", "stimproof: 1\nextends: other"), "utf-8")
    assert "toy → other → toy" in errors(project, HEAD)[0].message


def test_files_that_include_each_other_are_refused(project: Path) -> None:
    """A file that includes itself by way of another is refused where the circle closes."""
    (finding,) = errors(
        project,
        PLAIN + "includes: [sub/b.yaml]\n",
        sub__b="includes: [c.yaml]\n",
        sub__c="includes: [b.yaml]\n",
    )
    assert finding.location.file.endswith("c.yaml")
    assert "'b.yaml' is read already" in finding.message


def test_an_included_link_is_refused(project: Path) -> None:
    """A symbolic link may lead outside the project, so it is not followed: neither a file nor a folder."""
    outside = project / "outside.yaml"
    outside.write_text("events: {more: {}}\n", "utf-8")
    (project / "specs" / "sub").mkdir()
    (project / "specs" / "sub" / "x.yaml").symlink_to(outside)
    (project / "specs" / "way").symlink_to(project)
    for name in ("sub/x.yaml", "sub/*.yaml", "way/outside.yaml"):
        (finding,) = errors(project, PLAIN + f"includes: [{name}]\n")
        assert "symbolic link" in finding.message


def test_a_linked_device_is_not_extended(project: Path) -> None:
    """A device of the project's own library that is a link to somewhere else is not found."""
    (project / "library" / "linked").symlink_to(project / "library" / "toy")
    (finding,) = errors(project, HEAD.replace("toy", "linked"))
    assert finding.code is Code.EXTENDS


def test_what_is_no_file_is_not_included(project: Path) -> None:
    """A folder or a pipe with the name of a file ends in a message, at once."""
    (project / "specs" / "sub" / "folder.yaml").mkdir(parents=True)
    os.mkfifo(project / "specs" / "sub" / "pipe.yaml")
    found = errors(project, PLAIN + "includes: [sub/*.yaml]\n")
    assert [finding.location.file.rpartition("/")[2] for finding in found] == ["folder.yaml", "pipe.yaml"]
    assert all("is not a file" in finding.message for finding in found)

from collections import Counter
from pathlib import Path

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code
from stimproof.specs.reader import read_folder, read_string

PARTS = ("electrodes:", "parameters:", "variables:", "machines:")


def _split(toy: str, folder: Path) -> None:
    """Write the toy as several files, cut where some sections begin."""
    name, lines = "a", []
    for line in toy.splitlines(keepends=True):
        if line.strip() in PARTS:
            (folder / f"{name}.yaml").write_text("".join(lines), encoding="utf-8")
            name, lines = chr(ord(name) + 1), []
        lines.append(line)
    (folder / f"{name}.yaml").write_text("".join(lines), encoding="utf-8")


def test_several_files_are_one_specification(toy: str, tmp_path: Path) -> None:
    """Sections may stand in any files of the folder; together they mean what one file means."""
    _split(toy, tmp_path)
    split, whole = read_folder(tmp_path), read_string(toy)
    assert len(split.documents) == 1 + len(PARTS)
    assert split.machines["ipg"].transitions == tuple(item for item in split.machines["ipg"].transitions)
    assert [item.meaning for item in split.properties.values()] == [
        item.meaning for item in whole.properties.values()
    ]
    assert split.limits["charge"].stimulus is not None
    assert split.limits["charge"].location.file.endswith("c.yaml")


def test_one_section_may_stand_in_two_files(toy: str, tmp_path: Path) -> None:
    """A section's entries may be spread over files."""
    (tmp_path / "a.yaml").write_text(toy, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        "properties:\n  P9: {sentence: mode OFF is reachable}\n", encoding="utf-8"
    )
    found = read_folder(tmp_path).properties["P9"]
    assert (found.location.file, found.location.line) == (str(tmp_path / "b.yaml"), 2)


def test_one_entry_in_two_files_is_refused(toy: str, tmp_path: Path) -> None:
    """An entry that stands in two files is refused in the second, and the message names the first."""
    (tmp_path / "a.yaml").write_text(toy, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("events:\n  stop: {}\n", encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        read_folder(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.line) == (Code.DUPLICATE_NAME, 2)
    assert "a.yaml:63:3" in finding.advice


def test_findings_of_all_files_come_together(toy: str, tmp_path: Path) -> None:
    """A mistake in one file does not hide those of another."""
    (tmp_path / "a.yaml").write_text(toy.replace("count <= 3", "cuont <= 3"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text("parameters:\n  p: {range: [2 mA, 1 mA]}\n", encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        read_folder(tmp_path)
    assert {Path(f.location.file).name for f in caught.value.findings} == {"a.yaml", "b.yaml"}


def test_bad_yaml_in_two_files_is_reported_for_both(tmp_path: Path) -> None:
    """Files that are not YAML are all named."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        read_folder(tmp_path)
    assert [f.code for f in caught.value.findings] == [Code.YAML, Code.YAML]


def test_a_folder_without_yaml_says_so(tmp_path: Path) -> None:
    """An empty folder is a finding, not an empty specification."""
    with pytest.raises(SpecificationError, match=r"no \*\.yaml file in this folder"):
        read_folder(tmp_path)


@pytest.mark.parametrize("name", ["more.yml", "MORE.YAML"])
def test_a_file_that_would_be_overlooked_is_refused(toy: str, tmp_path: Path, name: str) -> None:
    """A limit in a file whose name is spelt otherwise is not silently left out of what is proved."""
    (tmp_path / "a.yaml").write_text(toy, encoding="utf-8")
    (tmp_path / name).write_text("limits: {}\n", encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        read_folder(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.code, Path(finding.location.file).name) == (Code.UNREAD_FILE, name)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n", "42\n"])
def test_a_file_that_is_no_mapping_says_what_is_needed(text: str) -> None:
    """A file that holds something else than sections is told how one begins."""
    with pytest.raises(SpecificationError) as caught:
        read_string(text)
    assert "a mapping of sections is needed here" in str(caught.value)


def test_the_hash_is_of_the_text(toy: str) -> None:
    """One changed character, even in a comment, is another specification; the reading is not."""
    assert read_string(toy).sha256 == read_string(toy).sha256
    assert read_string(toy).sha256 != read_string(toy + "# end\n").sha256


def test_the_hash_does_not_depend_on_where_the_folder_lies(toy: str, tmp_path: Path) -> None:
    """A copy of a project elsewhere has the same hash."""
    hashes = []
    for place in ("x", "y"):
        folder = tmp_path / place / "specs"
        folder.mkdir(parents=True)
        (folder / "a.yaml").write_text(toy, encoding="utf-8")
        hashes.append(read_folder(folder).sha256)
    assert hashes[0] == hashes[1]


def test_warnings_do_not_make_a_specification_unusable(toy: str) -> None:
    """Unused, unverified and unknown things are findings of a specification that is still read."""
    text = toy.replace("  hot: {}\n", "  hot: {}\n  spare: {}\n").replace(
        "step: 10 us\n    tolerance: {value: 2 %, source: manual, confidence: seen}",
        "step: 10 us\n    tolerance: {value: 2 %, source: manual, confidence: recalled}",
    )
    text = text.replace(
        "interphase_gap: {value: 50 us, source: manual, confidence: seen}", "interphase_gap: {value: unknown}"
    )
    fresh = Counter(finding.code.slug for finding in read_string(text).findings)
    fresh -= Counter(finding.code.slug for finding in read_string(toy).findings)
    assert sorted(fresh.elements()) == ["event-never-handled", "unknown-number", "unverified-number"]

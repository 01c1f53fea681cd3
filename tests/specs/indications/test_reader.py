"""Indications are read whole or not at all, and every mistake has its place and its advice."""

from importlib import resources
from pathlib import Path

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.expressions import references
from stimproof.specs.indications.reader import of_device, read_folder, read_string, shipped

SMALL = """\
stimproof: 1
indications: {id: small, title: Small}
sources:
  review: {title: A review}
  page: {title: A page}
attributes:
  adult: {type: boolean, source: review, confidence: seen}
  trial: {type: enum, values: [not_done, failed, succeeded], source: page, confidence: seen}
definitions:
  tried: {when: trial == succeeded, source: page, confidence: seen}
modalities:
  scs: {title: Stimulation, devices: [scs-tonic], source: review, confidence: seen}
rules:
  pain: {modality: scs, kind: indicated, when: adult, source: review, confidence: seen}
  trial_first: {modality: scs, kind: prerequisite, when: tried, source: page, confidence: seen}
disagreements:
  phase: {title: The trial phase, modality: scs, for: pain, against: trial_first}
"""


def findings(text: str) -> list[str]:
    """Return the codes with line and column of what is wrong with a text."""
    with pytest.raises(SpecificationError) as caught:
        read_string(text)
    return [f"{item.code.slug}@{item.location.line}:{item.location.column}" for item in caught.value.findings]


def test_definitions_are_written_out() -> None:
    """A rule's condition mentions attributes alone, whatever definitions it was written with."""
    rules = read_string(SMALL).rules
    assert references(rules["trial_first"].when) == {"trial"}
    assert rules["trial_first"].text == "tried"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("when: adult,", "when: adlut,", "unknown-name@14:48"),
        ("trial == succeeded", "trial == done", "unknown-name@10:26"),
        ("trial == succeeded", "trial", "type@10:17"),
        ("trial == succeeded", "trial ==", "syntax@10:25"),
        ("modality: scs, kind: indicated", "modality: drg, kind: indicated", "unknown-name@14:10"),
        ("kind: indicated", "kind: good", "wrong-value@14:31"),
        ("when: adult, source: review", "when: adult, source: book", "unknown-source@14:55"),
        ("when: adult, source: review, confidence: seen", "when: adult", "missing-source@14:9"),
        ("for: pain", "for: pian", "unknown-name@17:50"),
        ("for: pain, against: trial_first", "for: trial_first, against: pain", "wrong-value@17:3"),
        ("boolean,", "boolean, values: [a],", "wrong-value@7:10"),
        ("when: adult,", "when: adult, over: [trial_first],", "wrong-value@14:9"),
        ("when: adult,", "when: adult, over: [trail], why: so,", "unknown-name@14:55"),
        ("when: adult,", "when: adult, quotes: {page: words},", "unknown-name@14:64"),
        ("when: adult,", "where: adult, when: adult,", "unknown-key@14:42"),
    ],
)
def test_a_mistake_is_found_at_its_place(old: str, new: str, expected: str) -> None:
    """Each kind of mistake gives one finding, at the line and column where it stands."""
    assert SMALL.count(old) == 1
    assert [found.split("@")[0] for found in findings(SMALL.replace(old, new))] == [expected.split("@")[0]]
    assert findings(SMALL.replace(old, new)) == [expected]


def test_two_rules_cannot_each_go_before_the_other() -> None:
    """A stated precedence has a direction."""
    text = SMALL.replace("when: adult,", "when: adult, over: [trial_first], why: so,")
    text = text.replace("when: tried,", "when: tried, over: [pain], why: so,")
    assert [found.split("@")[0] for found in findings(text)] == ["wrong-value", "wrong-value"]


def test_a_definition_may_use_only_those_before_it() -> None:
    """Definitions cannot be circular, because each sees only those above it."""
    text = SMALL.replace("when: trial == succeeded", "when: tried and adult")
    assert findings(text)[0].startswith("unknown-name@10")


def test_what_decides_nothing_is_remarked() -> None:
    """An attribute that no rule mentions is a warning, not an error."""
    text = SMALL.replace(
        "attributes:\n", "attributes:\n  tall: {type: boolean, source: page, confidence: seen}\n"
    )
    assert [item.code.slug for item in read_string(text).findings] == ["unused"]


def test_the_shipped_indications_cite_everything() -> None:
    """Every rule that is shipped cites its documents; only the attribute without a rule is remarked."""
    book = shipped()
    assert [item.location.path for item in book.findings] == ["attributes.red_flags"]
    assert all(rule.citation.sources for rule in book.rules.values())
    quotes = [words for rule in book.rules.values() for words in rule.quotes.values()]
    assert len(quotes) >= 15
    assert all(len(words.split()) <= 12 for words in quotes)
    assert {topic.name for topic in book.topics.values()} >= {"timing_scs", "low_back_pain", "first_implant"}


def test_the_devices_named_are_reference_devices() -> None:
    """A device of the library finds its modality by its id, so every id that is listed exists."""
    named = {device for modality in shipped().modalities.values() for device in modality.devices}
    library = Path(str(resources.files("stimproof.specs") / "library"))
    assert named <= {path.parents[1].name for path in library.glob("*/specs/*.yaml")}
    assert len(named) >= 9


def test_a_device_has_its_own_indications_or_those_of_its_kind(tmp_path: Path) -> None:
    """A project's own folder goes before what is shipped; a device that nobody knows has none."""
    assert read_folder(tmp_path / "indications") is None
    shared = of_device(tmp_path, "drg-axium")
    assert shared is not None
    assert (shared.modalities, shared.own) == (("drg",), False)
    assert of_device(tmp_path, "nobody-knows-it") is None
    (tmp_path / "indications").mkdir()
    (tmp_path / "indications" / "all.yaml").write_text(SMALL, encoding="utf-8")
    own = of_device(tmp_path, "nobody-knows-it")
    assert own is not None
    assert (own.modalities, own.own) == (("scs",), True)

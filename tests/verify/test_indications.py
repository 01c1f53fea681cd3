"""Every answer about indications against trying every patient, one by one."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stimproof.specs.expressions import Value
from stimproof.specs.indications.reader import read_string, shipped
from stimproof.specs.indications.rulebook import Rule, Rulebook
from stimproof.verify import recheck, solver
from stimproof.verify.indications import Answer, check, opinions
from stimproof.verify.interpreter import evaluate
from stimproof.verify.results import Verdict

ATOMS = ("a", "b", "not c", "kind == x", "kind != y", "grade == low or grade == high", "true")
Patient = dict[str, Value]


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """A condition over a, b, c, kind and grade."""
    parts = draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3))
    joined = draw(st.sampled_from((" and ", " or "))).join(f"({part})" for part in parts)
    return f"not ({joined})" if draw(st.booleans()) else joined


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """Up to seven rules of two sources about two modalities."""
    lines = [
        "stimproof: 1",
        "indications: {id: random, title: Random}",
        "sources: {one: {title: One}, two: {title: Two}}",
        "attributes:",
        *(f"  {name}: {{type: boolean, source: one, confidence: seen}}" for name in "abc"),
        "  kind: {type: enum, values: [x, y, z], source: one, confidence: seen}",
        "  grade: {type: enum, values: [low, middle, high], source: one, confidence: seen}",
        f"facts: {{f: {{when: '{draw(conditions())}', source: one, confidence: seen}}}}",
        "modalities:",
        *(f"  {name}: {{title: {name}, source: one, confidence: seen}}" for name in "mn"),
        "rules:",
    ]
    for number in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(("indicated", "contraindicated", "prerequisite")))
        over = [f"r{k}" for k in range(number) if draw(st.integers(0, 5)) == 0]
        stated = f", over: [{', '.join(over)}], why: so" if over else ""
        modality = draw(st.sampled_from(("m", "n", "[m, n]")))
        source = draw(st.sampled_from(("one", "two", "[one, two]")))
        lines.append(
            f"  r{number}: {{modality: {modality}, kind: {kind}, when: '{draw(conditions())}', "
            f"source: {source}, confidence: seen{stated}}}"
        )
    return read_string("\n".join(lines))


def everybody(book: Rulebook) -> list[Patient]:
    """Every patient of whom all facts are true."""
    values = [item.values for item in book.attributes.values()]
    all_ = [dict(zip(book.attributes, chosen, strict=True)) for chosen in product(*values)]
    return [who for who in all_ if all(evaluate(fact.when, who) for fact in book.facts.values())]


def objects(rule: Rule, who: Patient) -> bool:
    """Whether a rule speaks against its modalities for one patient."""
    return bool(evaluate(rule.when, who)) == (rule.kind == "contraindicated")


def yes_rules(book: Rulebook, modality: str, source: str, who: Patient) -> list[Rule]:
    """The indications by which one source says yes: its own prerequisites hold, nothing goes before."""
    said = [r for r in book.rules.values() if modality in r.modalities and source in r.citation.sources]
    if any(objects(rule, who) for rule in said if rule.kind == "prerequisite"):
        return []
    first = {name for rule in no_rules(book, modality, who) for name in rule.over}
    return [r for r in said if r.kind == "indicated" and evaluate(r.when, who) and r.name not in first]


def no_rules(book: Rulebook, modality: str, who: Patient, source: str = "") -> list[Rule]:
    """The rules that speak against a modality, of one source or of all."""
    kinds = ("contraindicated", "prerequisite")
    said = [r for r in book.rules.values() if modality in r.modalities and r.kind in kinds]
    return [r for r in said if (not source or source in r.citation.sources) and objects(r, who)]


def undisputed(book: Rulebook, modality: str, who: Patient) -> bool:
    """Whether some yes stands against every no."""
    return any(
        all(no.name in yes.over for no in no_rules(book, modality, who))
        for source in book.sources
        for yes in yes_rules(book, modality, source, who)
    )


def opposed(book: Rulebook, modality: str, one: str, other: str, who: Patient) -> bool:
    """Whether one source says yes and the other no, and the first does not go before the second."""
    return any(
        no.name not in yes.over
        for yes in yes_rules(book, modality, one, who)
        for no in no_rules(book, modality, who, other)
    )


def is_shown_by(book: Rulebook, answer: Answer, who: Patient) -> bool:
    """Whether a patient is what a question asks for, read off its id and the rules."""
    parts = answer.id.split(".")
    if answer.kind == "population":
        return True
    if answer.kind == "rule":
        return bool(evaluate(book.rules[parts[1]].when, who))
    if answer.kind == "coverage":
        return not any(undisputed(book, name, who) for name in book.modalities)
    if answer.kind == "overlap":
        return undisputed(book, parts[1], who) and undisputed(book, parts[2], who)
    if answer.kind == "satisfiable":
        return undisputed(book, parts[0], who)
    return opposed(book, parts[0], parts[1], parts[1] if parts[2] == "consistent" else parts[2], who)


def fewest(people: list[Patient], shown: list[Patient]) -> int:
    """The size of the smallest set of attributes with values that only witnesses have, by trying all."""
    names = list(people[0])
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            others = {tuple(who[n] for n in chosen) for who in people if who not in shown}
            if any(tuple(who[n] for n in chosen) not in others for who in shown):
                return size
    raise AssertionError("a whole patient always decides")


def agrees(book: Rulebook, people: list[Patient], answer: Answer) -> None:
    """Assert that an answer is what trying every patient gives."""
    shown = [who for who in people if is_shown_by(book, answer, who)]
    wanted = answer.kind in ("population", "rule", "satisfiable", "topic")
    assert answer.verdict is (Verdict.PROVED if bool(shown) == wanted else Verdict.REFUTED), answer.id
    assert (answer.shown is not None) == bool(shown)
    assert recheck.run(answer.script).confirmed
    if answer.shown is None:
        return
    words = [{n: {True: "yes", False: "no"}.get(v, v) for n, v in who.items()} for who in shown]
    assert answer.shown.count == len(shown)
    assert dict(answer.shown.values) in words
    decided = {name: answer.shown.values[name] for name in answer.shown.decisive}
    all_words = [{n: {True: "yes", False: "no"}.get(v, v) for n, v in who.items()} for who in people]
    alike = [who for who in all_words if decided.items() <= who.items()]
    assert all(who in words for who in alike)
    assert len(decided) == fewest(people, shown)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(rulebooks())
def test_every_answer_is_what_trying_every_patient_gives(book: Rulebook) -> None:
    """Verdict, count, witness and the fewest decisive attributes agree with all patients tried one by one."""
    people = everybody(book)
    report = check(book)
    assert report.size == len(people)
    for answer in report.answers:
        agrees(book, people, answer)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rulebooks())
def test_many_more_answers_are_what_trying_every_patient_gives(book: Rulebook) -> None:
    """As above, on many more rule books."""
    people = everybody(book)
    for answer in check(book).answers:
        agrees(book, people, answer)


@pytest.mark.slow
def test_answers_about_the_shipped_documents_hold_for_patients_drawn_at_random() -> None:
    """No patient drawn at random contradicts an answer: nobody is nobody, the decisive values decide."""
    book, draw = shipped(), Random(20)
    report = check(book)
    asked = [answer for answer in report.answers if answer.kind != "topic"]
    for answer in asked:
        for _ in range(60):
            who = {name: draw.choice(item.values) for name, item in book.attributes.items()}
            for name in answer.shown.decisive if answer.shown and draw.random() < 0.8 else ():
                value = answer.shown.values[name] if answer.shown else ""
                boolean = book.attributes[name].values == (False, True)
                who[name] = value == "yes" if boolean else value
            if not all(evaluate(fact.when, who) for fact in book.facts.values()):
                continue
            shows = is_shown_by(book, answer, who)
            if answer.shown is None:
                assert not shows, (answer.id, who)
            words = {n: {True: "yes", False: "no"}.get(v, v) for n, v in who.items()}
            if answer.shown and all(words[n] == answer.shown.values[n] for n in answer.shown.decisive):
                assert shows, (answer.id, who)


@cache
def _answers(modality: str) -> dict[str, Answer]:
    return {item.id: item for item in check(shipped(), (modality,)).answers}


def _answer(name: str, modality: str) -> Answer:
    return _answers(modality)[name]


@pytest.mark.parametrize(
    ("modality", "topic", "yes", "no"),
    [
        ("drg", "timing_drg", ("doc002", "early_first_line"), ("doc003", "conservative_first")),
        ("scs", "low_back_pain", ("doc001", "scs_low_back_selected"), ("doc004", "low_back_outside_trial")),
        ("scs_with_drg", "first_implant", ("doc002", "hybrid_hard_to_reach"), ("doc003", "one_target")),
    ],
)
def test_the_known_disagreements_have_a_patient(
    modality: str, topic: str, yes: tuple[str, str], no: tuple[str, str]
) -> None:
    """Timing, low back pain and the first implant: one patient to whom one document says yes, one no."""
    shown = _answer(f"topics.{topic}", modality).shown
    assert shown is not None
    said = {opinion.source: opinion for opinion in shown.opinions}
    assert said[yes[0]].says == "says yes"
    assert yes[1] in said[yes[0]].rules
    assert (said[no[0]].says, said[no[0]].rules) == ("says no", (no[1],))


def test_nobody_is_an_undisputed_candidate_for_both_targets_at_once() -> None:
    """Where every patient of one document is refused by another, the answer is nobody, with a proof."""
    answer = _answer("scs_with_drg.satisfiable", "scs_with_drg")
    assert (answer.verdict, answer.shown) == (Verdict.REFUTED, None)
    assert recheck.run(answer.script).confirmed


@pytest.mark.parametrize(
    "missing",
    [
        {"adult": False},
        {"acute_or_inflammatory_only": True},
        {"neuropathic_certainty": "possible"},
        {"refractory": False},
        {"psychosocial_screening_passed": False},
        {"goals_defined": False},
        {"trial_stimulation": "failed"},
        {"conservative_therapy_optimised": False},
        {"follow_up_available": False},
    ],
    ids=lambda item: next(iter(item)),
)
def test_a_missing_prerequisite_or_an_exclusion_ends_candidacy(missing: Patient) -> None:
    """A candidate who loses one prerequisite, or is excluded, is no undisputed candidate any more."""
    book = shipped()
    good = _answer("scs.satisfiable", "scs").shown
    assert good is not None
    typed = {
        name: good.values[name] == "yes" if item.values == (False, True) else good.values[name]
        for name, item in book.attributes.items()
    }
    assert evaluate(book.undisputed("scs"), typed)
    assert not evaluate(book.undisputed("scs"), {**typed, **missing})
    assert "says no" in {item.says for item in opinions(book, "scs", {**typed, **missing})}


def test_a_second_solver_that_does_not_confirm_leaves_the_answer_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the second solver's word nothing about patients is proved or refuted."""
    monkeypatch.setattr(recheck, "run", lambda script: recheck.Recheck(("unknown",)))
    report = check(shipped(), ("mcs",))
    assert {answer.verdict for answer in report.answers} == {Verdict.UNKNOWN}
    assert report.worst is Verdict.UNKNOWN


def test_a_first_solver_that_contradicts_the_diagrams_leaves_the_answer_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the solver finds nobody and the diagram somebody, neither is believed."""
    monkeypatch.setattr(solver, "find", lambda question, variables, budget: None)
    report = check(shipped(), ("mcs",))
    open_ = [answer for answer in report.answers if answer.verdict is Verdict.UNKNOWN]
    assert open_
    assert all("do not agree" in answer.reason for answer in open_)

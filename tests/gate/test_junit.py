from xml.etree import ElementTree as ET

from stimproof.gate.judgement import judge
from stimproof.gate.junit import junit
from stimproof.verify.results import Verdict


def test_each_verdict_has_its_element(verification, traced, result, setting):
    """Refuted is a failure, unknown and error are errors, not applicable is skipped, proved is plain."""
    results = [result("proved", Verdict.PROVED), result("refuted", Verdict.REFUTED, counterexample=setting)]
    results += [result(verdict.value, verdict, reason="why") for verdict in list(Verdict)[2:]]
    root = ET.fromstring(junit(judge(verification(*results), traced())))
    found = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert found == {
        "proved": [],
        "refuted": ["failure"],
        "unknown": ["error"],
        "error": ["error"],
        "not_applicable": ["skipped"],
    }
    assert root.find(".//skipped").get("message") == "why"
    assert root.find(".//failure").get("message") == "the charge is above 1 uC"
    assert "amplitude = 5 mA" in root.find(".//failure").text


def test_counts_agree_with_the_cases(verification, traced, result, gap):
    """The counts of the suites and of the whole equal what stands in them."""
    results = (result("a", Verdict.PROVED), result("b", Verdict.UNKNOWN), result("c", Verdict.NOT_APPLICABLE))
    root = ET.fromstring(junit(judge(verification(*results), traced(gap))))
    for element in (root, *root.findall("testsuite")):
        cases = list(element.iter("testcase"))
        assert int(element.get("tests")) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(attribute)) == len(list(element.iter(tag)))
    assert root.get("tests") == "4"
    assert [suite.get("name") for suite in root] == ["toy obligations", "toy hazards"]


def test_a_case_names_its_place(verification, traced, result):
    """Each case says in which file and line its obligation was written."""
    root = ET.fromstring(junit(judge(verification(result("a", Verdict.PROVED)), traced())))
    case = root.find(".//testcase")
    assert (case.get("file"), case.get("line"), case.get("classname")) == (
        "specs/device.yaml",
        "20",
        "toy.invariant",
    )


def test_text_that_xml_cannot_hold_is_replaced(verification, traced, result):
    """Control characters and markup in a reason never break the report."""
    broken = result("a", Verdict.ERROR, reason="\x00\x1b<![CDATA[ & ]]> \ud800")
    root = ET.fromstring(junit(judge(verification(broken), traced())).encode())
    assert root.find(".//error").get("message") == "\ufffd\ufffd<![CDATA[ & ]]> \ufffd"

"""A test run as JUnit XML, which build servers read."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.cases import Failure, TestRun
from engine.say.tests import shown

# Characters that no XML document may hold: https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def run_junit(result: TestRun, name: str) -> bytes:
    """One suite named after the rule base; a testcase for each example, case and invariant, with its place."""
    whole = Element("testsuites")
    counts = {"tests": str(len(result.outcomes)), "failures": str(len(result.failures)), "errors": "0"}
    suite = SubElement(whole, "testsuite", {"name": _clean(name), **counts})
    for one in result.outcomes:
        place = {"file": _clean(one.mark.file), "line": str(one.mark.line)}
        case = SubElement(suite, "testcase", {"classname": one.kind, "name": _clean(one.name), **place})
        if one.failure is not None:
            text = _clean(_failure_text(one.failure))
            SubElement(case, "failure", {"message": text.splitlines()[0]}).text = text
    indent(whole)
    return bytes(tostring(whole, encoding="utf-8", xml_declaration=True)) + b"\n"


def _failure_text(failure: Failure) -> str:
    lines = [f"{failure.mark.file}:{failure.mark.line}: {failure.case}"]
    lines += [f"{key}: expected {shown(v)}, got {shown(failure.got[key])}" for key, v in failure.expected.items()]
    return "\n".join(lines)


def _clean(text: str) -> str:
    """The text with what XML cannot hold written out, as \\x07."""
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found.group()):02x}", text)

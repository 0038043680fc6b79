"""What a proof has found: faults with a firm that really shows each, and questions that stayed open."""

from __future__ import annotations

from collections.abc import Callable

from engine.decision import Decision
from engine.prove import words
from engine.prove.asking import Asking
from engine.prove.digests import Digests
from engine.prove.firms import Firm
from engine.prove.stretches import Calendar
from engine.solve import Unsolved
from kb.normal import TooManyAlternatives
from kb.problem import Mark, Problem, Problems
from kb.rules import Rule, rules_of


class Unshown(Exception):
    """An example does not show its fault when it is decided: solver and engine differ, so nothing is reported."""


def fires(*rules: str) -> Callable[[Decision], bool]:
    """Shown where all of the rules hold."""
    return lambda decision: all(decision.trace.get(name) is True for name in rules)


def silent(*rules: str) -> Callable[[Decision], bool]:
    """Shown where none of the rules holds."""
    return lambda decision: not any(decision.trace.get(name) is True for name in rules)


class Report:
    """Collects problems; every example is decided by the engine before it is believed."""

    def __init__(self, asking: Asking, tell: Callable[[str], None]) -> None:
        self.asking, self.tell = asking, tell
        self.knowledge = asking.knowledge
        self.calendar = Calendar(asking.knowledge)
        self.problems = Problems()
        self.digests = Digests(asking.knowledge)
        self.rules = tuple(rules_of(asking.knowledge))
        self.by_id = {rule.id: rule for rule in self.rules}
        self._by_owner: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_owner.setdefault(rule.owner, []).append(rule)
        self.questions = 0
        # Keys of what was found in order.
        self.clean: set[str] = set()

    def fault(
        self,
        code: str,
        severity: str,
        mark: Mark,
        message: str,
        remedy: str,
        firm: Firm,
        shows: Callable[[Decision], bool],
    ) -> None:
        """One fault. `message` may end in {firm}, which the facts of the example replace, with its day."""
        if not shows(self.asking.decision(firm)):
            raise Unshown(f"{mark}: {code}: the firm found does not show it when it is decided: {firm}")
        facts = firm.plain(self.knowledge)
        day = words.on_day(firm.day, self.calendar.usual)
        told = message.replace("{firm}", (words.firm(facts, firm.about) or "a firm of which nothing is known") + day)
        self.problems.add(Problem(code, mark, told, remedy, severity, facts, firm.day))

    def ask(self, asked: str, mark: Mark, key: str, work: Callable[[], bool | None]) -> None:
        """Ask something, unless it was found in order before: `key` covers all the answer depends on; '' asks anew.

        `work` records faults, and says True where there is no clean bill though it recorded none. Where the solver does
        not answer, that is recorded.
        """
        self.questions += 1
        if key and key in self.asking.memory.clean:
            self.clean.add(key)
            return
        before = len(self.problems.found)
        try:
            unclean = work()
        except (Unsolved, TooManyAlternatives) as fault:
            remedy = "Give it more time with --seconds, or make the rule simpler."
            self.problems.add(Problem("PR112", mark, f"not settled: {asked} ({fault}).", remedy, "open"))
            return
        if key and not unclean and len(self.problems.found) == before:
            self.clean.add(key)

    def rules_of(self, owner: str) -> list[Rule]:
        """Rules that serve a pattern, a factor, a term."""
        return self._by_owner.get(owner, [])

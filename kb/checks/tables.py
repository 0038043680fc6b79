"""Class tables that are not in use are sound all the same: the manifest may choose one at any time."""

from __future__ import annotations

from kb.model import Knowledge
from kb.problem import Problems

AT_LOAD = True


def check(knowledge: Knowledge, problems: Problems) -> None:
    if "class" in problems.unusable or not knowledge.table.classes:
        return
    names = {one.id for one in knowledge.table.classes}
    readings = {knowledge.table.reading}
    for table in knowledge.alternatives:
        if table.reading in readings:
            fault = f"another class table reads '{table.reading}' as well."
            problems.error("KB416", table.mark, fault, "Give each table a reading of its own.")
        readings.add(table.reading)
        seen: set[str] = set()
        for one in table.classes:
            if one.id in seen:
                problems.error(
                    "KB206", one.mark, f"'{one.id}' stands twice in this class table.", "Rename one of them."
                )
            elif one.id not in names:
                # Rules read classes by name, whichever table is in use.
                known = ", ".join(sorted(names))
                fault = f"'{one.id}' is not a class of the table in use."
                problems.error("KB416", one.mark, fault, f"Use the same names: {known}.")
            seen.add(one.id)

"""Changes of a rule base in words: one line an entry, one a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.diff.changes import Change, Changes, Entry, Field, decides
from kb.law import Period
from kb.text import Text

_KINDS = {
    "factor": Text("faktor", "factor"),
    "finding": Text("temuan", "finding"),
    "classes": Text("tabel kelas", "class table"),
    "class": Text("kelas", "class"),
    "pattern": Text("pola kemitraan", "pattern"),
    "eligibility": Text("istilah kelayakan", "eligibility term"),
    "fact": Text("fakta", "fact"),
    "parameter": Text("parameter", "parameter"),
    "dimension": Text("dimensi", "dimension"),
    "principle": Text("prinsip", "principle"),
    "action": Text("tindakan", "action"),
    "strategy": Text("strategi", "strategy"),
    "caution": Text("peringatan", "caution"),
    "source": Text("sumber", "source"),
    "invariant": Text("invarian", "invariant"),
    "table": Text("tabel kelas lain", "other class table"),
    "case": Text("kasus", "case"),
    "manifest": Text("manifes", "manifest"),
    "label": Text("label", "label"),
}
_FIELDS = {
    "rating": Text("nilai", "rating"),
    "weight": Text("bobot", "weight"),
    "side": Text("sisi", "side"),
    "axis": Text("sumbu", "axis"),
    "when": Text("syarat", "condition"),
    "says": Text("kalimat", "sentence"),
    "why": Text("alasan", "reason"),
    "label": Text("label", "label"),
    "title": Text("judul", "title"),
    "sources": Text("sumber", "sources"),
    "source": Text("sumber", "source"),
    "period": Text("masa berlaku", "time in force"),
    "domain": Text("nilai yang dapat dijawab", "values"),
    "suits": Text("peringkat untuk", "rank for"),
    "rank": Text("", ""),
    "bars": Text("larangan", "bar"),
    "eligible": Text("kelayakan", "eligibility"),
    "requires": Text("persyaratan", "requirement"),
    "entries": Text("butir", "entry"),
    "order": Text("urutan", "order"),
    "value": Text("nilai", "value"),
    "values": Text("nilai menurut tanggal", "value by date"),
    "tie_band": Text("batas seri", "tie band"),
    "tie_unit": Text("satuan batas seri", "unit of the tie band"),
    "x_positive": Text("x positif", "x positive"),
    "y_positive": Text("y positif", "y positive"),
    "derived": Text("cara menghitung", "how it is computed"),
    "default": Text("syarat umum", "general condition"),
    "tests": Text("syarat untuk", "condition for"),
    "examples": Text("contoh", "example"),
    "fallback": Text("pola cadangan", "fallback"),
    "partner_duties": Text("kewajiban mitra", "partner's duty"),
    "firm_duties": Text("kewajiban usaha", "firm's duty"),
    "clauses": Text("isi perjanjian", "agreement clause"),
    "cautions": Text("peringatan", "caution"),
    "prepare": Text("persiapan", "preparation"),
    "answered_by": Text("dijawab oleh", "answered by"),
    "facts": Text("fakta", "fact"),
    "expect": Text("harapan", "expectation"),
    "checked": Text("diketahui dari", "known from"),
    "mend": Text("cara memenuhi", "how to meet it"),
    "version": Text("versi", "version"),
}
_YES, _NO, _NOTHING = Text("ya", "yes"), Text("tidak", "no"), Text("tidak ada", "none")
_FROM, _UNTIL, _ALWAYS = Text("sejak", "from"), Text("sampai", "until"), Text("selalu", "always")
_LONGEST = 220


def kind(entry: Entry, lang: str) -> str:
    return _KINDS[entry.kind].say(lang)


def entry(one: Entry, lang: str) -> str:
    """`temuan W-mutu (Mutu produk rendah)`."""
    label = one.label.say(lang)
    named = f"{kind(one, lang)} {one.id}".strip()
    return f"{named} ({label})" if label and label != one.id and one.id else named


def lines(change: Change, lang: str) -> Iterator[str]:
    """One line for each field that differs."""
    for field in change.fields:
        yield f"{_path(field, lang)}: {_moved(field, lang)}".removeprefix(": ")


def _path(field: Field, lang: str) -> str:
    told = (_FIELDS[part].say(lang) if part in _FIELDS else part.replace("_", " ") for part in field.path)
    return " ".join(part for part in told if part)


def _moved(field: Field, lang: str) -> str:
    before, after = field.before, field.after
    if isinstance(before, tuple) and isinstance(after, tuple) and not isinstance(before, (Text, Period)):
        gone, come = ([one for one in side if one not in other] for side, other in ((before, after), (after, before)))
        told = ", ".join([*(f"− {one}" for one in gone), *(f"+ {one}" for one in come)])
        return told or f"{', '.join(before)} → {', '.join(after)}"
    if isinstance(before, Text) and isinstance(after, Text) and before.say(lang) == after.say(lang):
        lang = "en" if lang == "id" else "id"
    return f"{_shown(before, lang)} → {_shown(after, lang)}"


def _shown(value: Any, lang: str) -> str:
    if value is None:
        return f"({_NOTHING.say(lang)})"
    if isinstance(value, bool):
        return (_YES if value else _NO).say(lang)
    if isinstance(value, Text):
        return f"“{_short(value.say(lang))}”"
    if isinstance(value, Period):
        return _days(value, lang)
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or f"({_NOTHING.say(lang)})"
    return _short(str(value)) if value != "" else f"({_NOTHING.say(lang)})"


def _days(period: Period, lang: str) -> str:
    ends = ((_FROM, period.start), (_UNTIL, period.end))
    told = " ".join(f"{word.say(lang)} {day}" for word, day in ends if day is not None)
    return told or _ALWAYS.say(lang)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def changes_json(found: Changes) -> dict[str, Any]:
    """Language-free: sentences in both languages, conditions in the rules' own words."""
    return {
        "added": [_entry_json(one) | {"words_only": not decides(one)} for one in found.added],
        "removed": [_entry_json(one) | {"words_only": not decides(one)} for one in found.removed],
        "changed": [
            _entry_json(change.after)
            | {
                "words_only": not change.decides,
                "changes": [
                    {
                        "field": ".".join(field.path),
                        "before": _plain(field.before),
                        "after": _plain(field.after),
                        "words_only": not field.decides,
                    }
                    for field in change.fields
                ],
            }
            for change in found.changed
        ],
    }


def _entry_json(one: Entry) -> dict[str, Any]:
    place = {"file": one.mark.file, "line": one.mark.line}
    return {"kind": one.kind, "id": one.id, "label": _plain(one.label), **place}


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {"id": value.id, "en": value.en}
    if isinstance(value, Period):
        return {
            "from": None if value.start is None else str(value.start),
            "until": None if value.end is None else str(value.end),
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)

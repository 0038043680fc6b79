"""What schemas are made of: texts, names, days, values by type, tests and conditions.

An editor reads a scalar by YAML's own rules before a schema sees it (`2021` is a number, `1.200.000` a text), and
Mitra by the vocabulary. So a value is described by every form in which it may arrive. Ranges are left to `mitra
check`: an editor takes `1.000` for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.condition import KNOWLEDGE, ORDER, RESERVED, TESTS
from kb.model import Knowledge
from kb.text import TEXT, Keys, Text
from kb.values import FALSE_WORDS, TRUE_WORDS, WHOLE, Domain
from kb.vocabulary import GRADES

Schema = dict[str, Any]

SCALAR: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}
NOTHING: Schema = {"type": "null"}
BOOLEAN: Schema = {"enum": [True, False, "true", "false"]}
IDENTIFIER: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
LOOSE: Schema = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.-]*$"}
DAY: Schema = {"type": "string", "pattern": "^ *[0-9]{4}-[0-9]{2}-[0-9]{2} *$"}
_WHOLE = r"^ *([Rr][Pp]\.?|[Ii][Dd][Rr])? *[-+]?[0-9._, ]*[0-9](,-|,00)? *[A-Za-z]*\.? *$"
_DECIMAL = r"^ *[-+]?[0-9][0-9._, ]*%? *$"
_PARAMETER = "parameter"


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def mapping(keys: Keys, of: Mapping[str, Schema], **more: Any) -> Schema:
    """An entry with exactly the keys of its reader: a key that is not described here, or is one too many, is a bug."""
    known = (*keys.required, *keys.optional)
    if set(known) != set(of):
        raise KeyError(f"schema and reader differ in {sorted(set(known) ^ set(of))}")
    whole: Schema = {"type": "object", "properties": {key: of[key] for key in known}, "additionalProperties": False}
    if keys.required:
        whole["required"] = list(keys.required)
    return whole | more


def by_name(of: Mapping[str, Schema], **more: Any) -> Schema:
    """A mapping whose keys are names of the rule base."""
    return {"type": "object", "properties": dict(of), "additionalProperties": False, **more}


def one_of(names: Iterable[str]) -> Schema:
    """One of the names; nothing fits where there are none."""
    listed = list(dict.fromkeys(names))
    # YAML reads these words as something else, whatever they mean here.
    more = [word == "true" for word in listed if word in ("true", "false")]
    return {"enum": [*listed, *more]} if listed else {"not": {}}


def whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def many(item: Schema, empty: bool = False) -> Schema:
    return {"type": "array", "items": item} | ({} if empty else {"minItems": 1})


def one_or_many(item: Schema, empty: bool = False) -> Schema:
    """A list, or one entry alone."""
    return {"anyOf": [many(item, empty), item]}


def text() -> Schema:
    """Words in both languages; one alone is Indonesian."""
    return {"anyOf": [mapping(TEXT, {"id": SCALAR, "en": SCALAR}), SCALAR]}


def told(label: Text) -> Schema:
    """What an editor shows beside a name."""
    return {"description": f"{label.id} | {label.en}" if label.en else label.id}


def value(domain: Domain) -> Schema:
    """A value as written in a dossier or a test."""
    if domain.type == "boolean":
        words = sorted({*TRUE_WORDS, *FALSE_WORDS})
        anyhow = "|".join("".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in word) for word in words)
        return {"anyOf": [{"enum": [True, False, *words]}, {"type": "string", "pattern": f"^ *({anyhow}) *$"}]}
    if domain.type in ("choice", "level"):
        return one_of(domain.values)
    if domain.type == "date":
        return DAY
    if domain.type == "code":
        return {"type": ["string", "integer"], "pattern": "^ *[0-9A-Za-z][0-9A-Za-z./-]* *$"}
    if domain.type == "text":
        return SCALAR
    pattern = _WHOLE if domain.type in WHOLE else _DECIMAL
    return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": pattern}]}


def tests(domain: Domain, knowledge_of: bool) -> Schema:
    """What may stand behind a term: a value, or tests that fit its type."""
    one = value(domain)
    bound: Schema = {"anyOf": [one, ref(_PARAMETER)]}
    allowed: dict[str, Schema] = {}
    for word in TESTS:
        if word in ("one_of", "none_of"):
            allowed[word] = one_or_many(one)
        elif word not in ORDER or domain.ordered:
            allowed[word] = bound
    if knowledge_of:
        allowed |= dict(zip(KNOWLEDGE, (value(Domain("boolean")), one_of(GRADES))))
    return {"anyOf": [by_name(allowed, minProperties=1), bound]}


class Terms:
    """The conditions of a rule base as definitions: `early` for eligibility and findings, `late` and `wide` after."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.definitions: dict[str, Schema] = {_PARAMETER: one_of(f"${name}" for name in knowledge.parameters)}
        classes = Domain("choice", tuple(one.id for one in knowledge.table.classes))
        facts = {fact.id: (fact.domain, fact.label) for fact in knowledge.facts.values()}
        later = {term.id: (term.domain, term.label) for term in knowledge.eligibility.values()}
        later |= {finding.id: (Domain("boolean"), finding.says) for finding in knowledge.findings.values()}
        later |= {"class": (classes, Text("kelas", "class"))}
        for name, terms in (("early", facts), ("late", facts | later), ("wide", facts | later)):
            asked = facts if name == "wide" else {}
            self._condition(name, {t: (self._test(t, d, t in asked), label) for t, (d, label) in terms.items()})

    def _test(self, term: str, domain: Domain, asked: bool) -> Schema:
        """A reference to the test of a term: types without words of their own share one."""
        own = domain.type in ("choice", "level")
        name = f"test_{term if own else domain.type}{'_known' if asked else ''}"
        self.definitions.setdefault(name, tests(domain, asked))
        return ref(name)

    def _condition(self, name: str, terms: Mapping[str, tuple[Schema, Text]]) -> None:
        here = ref(name)
        every, some, none = RESERVED[:3]
        joined = {every: one_or_many(here), some: one_or_many(here), none: here}
        self.definitions[name] = by_name(joined | {t: s | told(x) for t, (s, x) in terms.items()}, minProperties=1)


def document(title: str, body: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """A whole schema with those of the definitions that it needs."""
    needed: dict[str, Schema] = {}
    ahead = _named(body)
    while ahead:
        name = ahead.pop()
        if name not in needed:
            needed[name] = definitions[name]
            ahead |= _named(definitions[name])
    head: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return head | body | ({"$defs": dict(sorted(needed.items()))} if needed else {})


def _named(part: object) -> set[str]:
    """The definitions that a schema refers to."""
    if isinstance(part, Mapping):
        own = {str(part["$ref"]).rsplit("/", 1)[1]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(_named(inner) for inner in part.values()))
    return set().union(*(_named(inner) for inner in part)) if isinstance(part, (list, tuple)) else set()


def when_type(types: Iterable[str], then: Schema) -> Schema:
    """A part that counts for facts of these types."""
    wanted = {"properties": {"type": {"enum": list(types)}}, "required": ["type"]}
    return {"if": wanted, "then": then}


def without(*keys: str) -> Schema:
    return {"properties": dict.fromkeys(keys, False)}


def chosen(alternatives: Mapping[str, Schema], otherwise: Schema) -> Schema:
    """The alternative whose key is there: an editor then names the fault in that one, not in all of them."""
    chain = otherwise
    for key, schema in reversed(list(alternatives.items())):
        chain = {"if": {"type": "object", "required": [key]}, "then": schema, "else": chain}
    return chain

"""What each answer to an item of QTI 2 or 3 scores and shows, by following its response processing.

IMS QTI 2.2 Information Model, sections 6 and 8: only the expressions that single choices need are known. An item
that needs another is left to its declared answer and to the names of its feedback.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from qbank.exchange.qti_draft import Answered
from qbank.exchange.qti_xml import Node

STEP_LIMIT = (
    2_000  # expressions followed for one answer [judged]; templates of learning systems need some forty
)
VALUE_LIMIT = 64  # different values in one container [judged]

Value = bool | float | tuple[str, ...] | None
"""A truth, a number, identifiers or texts in a container, or QTI's NULL."""


def answered(item: Node, response: Node, idents: Sequence[str]) -> dict[str, Answered]:
    """The score and feedback of each answer; a score of None where the item gives none or cannot be followed."""
    return {ident: _Run(item, response, ident).outcome() for ident in idents}


class _Unknown(Exception):
    """An expression or a rule that is not known here."""


@dataclass(slots=True)
class _Run:
    """One answer on its way through the rules."""

    item: Node
    response: Node
    ident: str
    outcomes: dict[str, Value] = field(default_factory=dict)
    steps: int = 0

    def outcome(self) -> Answered:
        for node in self.item.each("outcomeDeclaration"):
            default = node.first("value")
            number = 0.0 if node.get("baseType") in ("float", "integer") else None
            self.outcomes[node.get("identifier")] = (
                _typed(default.text(), node.get("baseType")) if default else number
            )
        processing = self.item.first("responseProcessing")
        try:
            if processing is None or (processing.get("template") and not any(processing.nodes())):
                return Answered(self._mapped(), frozenset())
            self._rules(processing)
        except _Unknown:
            return Answered(self._mapped(), frozenset())
        mapped = self._mapped()
        return Answered(self._score() if mapped is None else mapped, self._shown())

    def _score(self) -> float | None:
        """The outcome SCORE, or the only number where no outcome has that name."""
        numbers = {name: value for name, value in self.outcomes.items() if _is_number(value)}
        value = self.outcomes.get("SCORE", next(iter(numbers.values())) if len(numbers) == 1 else None)
        return float(value) if isinstance(value, float | int) else None

    def _shown(self) -> frozenset[str]:
        containers = {name: value for name, value in self.outcomes.items() if isinstance(value, tuple)}
        return frozenset(f"{name} {one}" for name, value in containers.items() for one in value)

    def _mapped(self) -> float | None:
        mapping = self.response.first("mapping")
        if mapping is None:
            return None
        values = {node.get("mapKey"): node.get("mappedValue") for node in mapping.each("mapEntry")}
        return _number(values.get(self.ident, mapping.get("defaultValue") or "0"))

    def _rules(self, parent: Node) -> None:
        for rule in parent.nodes():
            match rule.name:
                case "responseCondition":
                    self._condition(rule)
                case "setOutcomeValue":
                    self.outcomes[rule.get("identifier")] = self._value(_only(rule))
                case "responseProcessingFragment":
                    self._rules(rule)
                case _:
                    raise _Unknown

    def _condition(self, condition: Node) -> None:
        for branch in condition.nodes():
            if branch.name == "responseElse":
                return self._rules(branch)
            found = list(branch.nodes())
            if not found:
                raise _Unknown
            if self._value(found[0]) is True:
                return self._rules(Node(branch.name, branch.line, {}, [*found[1:]]))
        return None

    def _value(self, node: Node) -> Value:
        self.steps += 1
        if self.steps > STEP_LIMIT:
            raise _Unknown
        match node.name:
            case "baseValue":
                return _typed(node.text(), node.get("baseType"))
            case "variable":
                return self._variable(node.get("identifier"))
            case "correct":
                return self._correct(node.get("identifier"))
            case "mapResponse":
                return self._mapped()
            case "null":
                return None
        values = [self._value(child) for child in node.nodes()]
        match node.name:
            case "match" | "equal" | "stringMatch" if len(values) == 2:
                return None if None in values else values[0] == values[1]
            case "member" | "contains" if len(values) == 2:
                return _is_member(*(values if node.name == "member" else values[::-1]))
            case "isNull" if len(values) == 1:
                return values[0] is None
            case "not" if len(values) == 1:
                return None if values[0] is None else values[0] is not True
            case "and":
                return all(value is True for value in values)
            case "or":
                return any(value is True for value in values)
            case "multiple" | "ordered":
                found = dict.fromkeys(one for value in values if isinstance(value, tuple) for one in value)
                return tuple(found)[:VALUE_LIMIT] or None
            case "delete" if len(values) == 2:
                return _without(*values)
            case "lt" | "gt" | "lte" | "gte" if len(values) == 2 and all(map(_is_number, values)):
                return _compares(node.name, *values)
            case "sum" if all(map(_is_number, values)):
                return math.fsum(value for value in values if isinstance(value, float | int))
        raise _Unknown

    def _variable(self, name: str) -> Value:
        if name == self.response.get("identifier"):
            return (self.ident,)
        if name in self.outcomes:
            return self.outcomes[name]
        if name == "numAttempts":
            return 1.0
        if any(node.get("identifier") == name for node in self.item.each("responseDeclaration")):
            return None
        for node in self.item.each("templateDeclaration"):
            default = node.first("value")
            if node.get("identifier") == name and default:  # Inspera keeps there what an answer scores
                return _typed(default.text(), node.get("baseType"))
        raise _Unknown

    def _correct(self, name: str) -> Value:
        correct = self.response.first("correctResponse")
        if name != self.response.get("identifier") or correct is None:
            raise _Unknown
        return tuple(node.text().strip() for node in correct.each("value"))


def _only(rule: Node) -> Node:
    found = list(rule.nodes())
    if len(found) != 1:
        raise _Unknown
    return found[0]


def _typed(text: str, base: str) -> Value:
    text = text.strip()
    if base in ("float", "integer"):
        return _number(text)
    return text == "true" if base == "boolean" else (text,)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _is_number(value: Value) -> bool:
    return isinstance(value, float) and not isinstance(value, bool)


def _without(container: Value, one: Value) -> Value:
    if not (isinstance(container, tuple) and isinstance(one, tuple)):
        return None
    return tuple(value for value in container if value not in one) or None


def _compares(name: str, one: Value, other: Value) -> Value:
    if not (isinstance(one, float) and isinstance(other, float)):
        return None
    return {"lt": one < other, "gt": one > other, "lte": one <= other, "gte": one >= other}[name]


def _is_member(one: Value, container: Value) -> Value:
    if one is None or container is None:
        return None
    return isinstance(one, tuple) and isinstance(container, tuple) and set(one) <= set(container)
